"""Runs a program under a seccomp profile, as a container runtime would: python under_seccomp.py PROFILE PROGRAM …

The profile is compiled to a filter of the kernel here, so that the test needs no container runtime (seccomp(2)).
"""

import ctypes
import json
import os
import platform
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpucloud.facts.seccomp import system_calls

# linux/bpf_common.h, linux/seccomp.h, linux/audit.h, linux/prctl.h
_LOAD, _AND, _EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2

Instruction = tuple[int, int, int, int]


def compiled(profile: Mapping[str, Any], machine: str) -> list[Instruction]:
    """The filter: one comparison a call, and of a call with arguments one for each of them (the lower half)."""
    numbers = {call.name: getattr(call, machine) for call in system_calls()}
    denied = (_RETURN, 0, 0, _ERRNO | profile["defaultErrnoRet"])
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]
    for rule in profile["syscalls"]:
        for name in rule["names"]:
            if numbers[name] is None:
                continue
            body: list[Instruction] = []
            for argument in rule.get("args", ()):
                body.append((_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument["index"]))
                wanted = argument["value"]
                if argument["op"] == "SCMP_CMP_MASKED_EQ":
                    body.append((_AND, 0, 0, argument["value"]))
                    wanted = argument["valueTwo"]
                body.append((_EQUAL, 0, 1, wanted))
            body.append((_RETURN, 0, 0, _ALLOW))
            if rule.get("args"):
                # The next rule of this call looks at the number again.
                body.append((_LOAD, 0, 0, _NUMBER_AT))
            code += [(_EQUAL, 0, len(body), numbers[name]), *body]
    return [*code, denied]


def confine(profile: Mapping[str, Any]) -> None:
    """Put this process, and all that come of it, under the profile; OSError where the kernel has no seccomp."""
    packed = b"".join(struct.pack("=HBBI", *instruction) for instruction in compiled(profile, platform.machine()))
    buffer = ctypes.create_string_buffer(packed)
    program = struct.pack("HxxxxxxP", len(packed) // 8, ctypes.addressof(buffer))
    c = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_NO_NEW_PRIVILEGES, 1, 0, 0, 0), (_SET_SECCOMP, _FILTER, program, 0, 0)):
        if c.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    confine(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # what it is for
