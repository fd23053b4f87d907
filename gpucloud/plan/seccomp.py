"""The seccomp profile for pods on GPUs: what they need is allowed, everything else is not there.

In the form of the OCI runtime specification, which containerd reads for `seccompProfile.type: Localhost`.
"""

from typing import Any

from gpucloud.facts.seccomp import system_calls

# What is denied is "not implemented": libraries fall back to an older call, as they do on an older kernel. EPERM would
# end them, which is how container runtimes once broke faccessat2 and clone3.
_ENOSYS = 38
# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET: a namespace of one's own (clone(2)).
NEW_NAMESPACES = 0x7E020000
# AF_UNIX, AF_INET, AF_INET6, AF_NETLINK (socket(2)).
FAMILIES = (1, 2, 10, 16)


def seccomp_profile() -> dict[str, Any]:
    """The profile for x86_64 and aarch64, the same bytes for the same table; calls of 32-bit programs end them.

    clone3 is not allowed, since its flags are behind a pointer that no filter can follow: the C library then uses
    clone, whose flags are looked at.
    """
    plain = [call.name for call in system_calls() if call.needed_by and call.name not in {"clone", "socket"}]
    no_namespace = {"index": 0, "value": NEW_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}
    families = [{"index": 0, "value": family, "valueTwo": 0, "op": "SCMP_CMP_EQ"} for family in FAMILIES]
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": _ENOSYS,
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64"],
        "syscalls": [
            {"names": plain, "action": "SCMP_ACT_ALLOW"},
            {"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [no_namespace]},
            *({"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [family]} for family in families),
        ],
    }
