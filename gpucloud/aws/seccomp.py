"""The seccomp profile for pods on GPUs, in the user data of a pool's nodes."""

import json

from gpucloud.plan.seccomp import seccomp_profile

PROFILE = "/var/lib/kubelet/seccomp/gpucloud.json"
"""Where the kubelet looks for `localhostProfile: gpucloud.json` (Kubernetes, "Restrict a Container's Syscalls")."""
_END = "GPUCLOUD_FILE"


def seccomp_script() -> str:
    """A POSIX script that writes the profile; a runtime reads it when it starts a container."""
    text = json.dumps(seccomp_profile(), separators=(",", ":"))
    folder = PROFILE.rpartition("/")[0]
    return (
        "#!/bin/sh\nset -eu\nroot=${GPUCLOUD_ROOT:-}\n"
        f'mkdir -p "$root{folder}"\ncat > "$root{PROFILE}" <<\'{_END}\'\n{text}\n{_END}\n'
    )
