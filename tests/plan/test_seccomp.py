"""The seccomp profile for pods on GPUs, and a program that runs under it."""

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from gpucloud.facts.seccomp import system_calls
from gpucloud.plan.seccomp import FAMILIES, NEW_NAMESPACES, seccomp_profile

HERE = Path(__file__).parent
ENOSYS = 38
# What issue trackers of CUDA, NCCL and UCX name (and what each program needs to start at all).
NEEDED = (
    "ioctl mmap munmap mprotect futex openat sched_setaffinity mlock get_mempolicy mbind process_vm_readv execve clone"
)


def _allowed() -> set[str]:
    return {name for rule in seccomp_profile()["syscalls"] for name in rule["names"]}


def test_what_gpus_need_is_allowed_and_over_two_hundred_calls_are_not() -> None:
    allowed = _allowed()
    assert set(NEEDED.split()) <= allowed
    there = {call.name for call in system_calls() if call.x86_64 is not None}
    assert allowed <= {call.name for call in system_calls()}
    assert len(there - allowed) > 200


def test_no_call_that_changes_the_node_is_allowed() -> None:
    others = (
        "mount umount2 pivot_root init_module finit_module delete_module bpf kexec_load reboot swapon setns unshare"
    )
    assert not _allowed() & {
        *others.split(),
        "ptrace",
        "keyctl",
        "io_uring_setup",
        "perf_event_open",
        "clone3",
        "setuid",
    }


def test_every_allowed_call_says_what_for_and_where_from() -> None:
    for call in system_calls():
        assert bool(call.needed_by) == bool(call.why)
        assert call.source


def test_it_is_the_runtimes_form() -> None:
    """Fields of the OCI runtime specification; containerd refuses others (`archMap` is Docker's own)."""
    profile = seccomp_profile()
    assert set(profile) == {"defaultAction", "defaultErrnoRet", "architectures", "syscalls"}
    assert (profile["defaultAction"], profile["defaultErrnoRet"]) == ("SCMP_ACT_ERRNO", ENOSYS)
    for rule in profile["syscalls"]:
        assert set(rule) <= {"names", "action", "args"}
        for argument in rule.get("args", ()):
            assert set(argument) == {"index", "value", "valueTwo", "op"}
    assert NEW_NAMESPACES == 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
    assert FAMILIES == (1, 2, 10, 16)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="the profile is for these kernels",
)
def test_a_program_runs_under_it_and_reaches_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(seccomp_profile()), "utf-8")
    numbers = {call.name: getattr(call, platform.machine()) for call in system_calls()}
    known = json.dumps({name: number for name, number in numbers.items() if number is not None})
    program = [sys.executable, str(HERE / "confined_program.py"), known]
    loader = [sys.executable, "-m", "tests.plan.under_seccomp", str(path)]
    run = subprocess.run([*loader, *program], capture_output=True, text=True, check=False, cwd=HERE.parents[1])
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["works"] == {
        "threads": True,
        "mprotect": "",
        "mlock": "",
        "get_mempolicy": "",
        "epoll": 1,
        "received": "nccl",
        "fallocate": 4096,
        "subprocess": "ran\n",
        "fork": 3,
        "processors": True,
    }
    assert set(said["denied"].values()) == {"ENOSYS"}, said["denied"]
