"""Kernel settings of a node whose platform has no field for them: a shell script that its user data runs.

Files of systemd keep them over a restart: sysctl.d, tmpfiles.d (what stands in /sys), modules-load.d, and containerd's
unit for the memory that containers may lock. The paths in /sys are the kernel's: Documentation/admin-guide/mm of Linux.
"""

from collections.abc import Mapping
from typing import Any

from gpucloud.kubelet.delivery.delivered import Linux, UndeliverableError

LINUX_SCRIPT = "linux.sh"
_END = "GPUCLOUD_FILE"
_SYSCTLS = "/etc/sysctl.d/90-gpucloud.conf"
_TMPFILES = "/etc/tmpfiles.d/90-gpucloud.conf"
_MODULES = "/etc/modules-load.d/90-gpucloud.conf"
_CONTAINERD = "/etc/systemd/system/containerd.service.d/90-gpucloud.conf"
_SYS: Mapping[str, str] = {
    "hugepages_1gi": "/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages",
    "hugepages_2mi": "/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
    "transparent_hugepage_defrag": "/sys/kernel/mm/transparent_hugepage/defrag",
    "transparent_hugepages": "/sys/kernel/mm/transparent_hugepage/enabled",
}
_APPLY: Mapping[str, str] = {
    _MODULES: f'grep -v "^#" "$root{_MODULES}" | while read -r module; do modprobe "$module"; done',
    _SYSCTLS: f'sysctl -p "$root{_SYSCTLS}"',
    _TMPFILES: f'systemd-tmpfiles --create "$root{_TMPFILES}"',
    _CONTAINERD: "systemctl daemon-reload\nsystemctl try-restart containerd",
}
_HEAD = "#!/bin/sh\nset -eu\nroot=${GPUCLOUD_ROOT:-}\n"
# The kubelet counts huge pages when it starts.
_TAIL = "systemctl try-restart kubelet\n"


def linux_documents(linux: Linux) -> dict[str, str]:
    """The script under its name, nothing without settings."""
    return {LINUX_SCRIPT: linux_script(linux)} if linux else {}


def linux_script(linux: Linux) -> str:
    """A POSIX script that writes the files and applies them, the same bytes for equal settings.

    `memlock` is a number of bytes or `unlimited`, `modules` a list of names. Raises UndeliverableError for a name that
    is none of the kernel's, ValueError for a value of more than one line.
    """
    parts = [_HEAD]
    for path, lines in linux_files(linux).items():
        text = "".join(f"{line}\n" for line in lines)
        parts.append(f'mkdir -p "$root{path.rpartition("/")[0]}"\ncat > "$root{path}" <<\'{_END}\'\n{text}{_END}\n')
        parts.append(f"{_APPLY[path]}\n")
    return "".join([*parts, _TAIL])


def linux_files(linux: Linux) -> dict[str, tuple[str, ...]]:
    """The lines of each file by its path: modules first, whose sysctls exist only once they are loaded."""
    sysctls: list[str] = []
    sys: list[str] = []
    modules: tuple[str, ...] = ()
    containerd: tuple[str, ...] = ()
    for name, value in sorted(linux.items()):
        if "\n" in str(value):
            raise ValueError(f"{name}: a value of more than one line")
        if "." in name or "/" in name:
            sysctls.append(f"{name} = {value}")
        elif name in _SYS:
            sys.append(f"w {_SYS[name]} - - - - {value}")
        elif name == "modules":
            modules = tuple(sorted(value))
        elif name == "memlock":
            containerd = ("[Service]", f"LimitMEMLOCK={'infinity' if value == 'unlimited' else value}")
        else:
            raise UndeliverableError(f"{name} is no kernel setting that a script can bring to a node")
    found = {_MODULES: modules, _SYSCTLS: tuple(sysctls), _TMPFILES: tuple(sys), _CONTAINERD: containerd}
    return {path: lines for path, lines in found.items() if lines}


def read_linux_script(script: str) -> dict[str, Any]:
    """The settings of a script of ours; sysctls as text, as the kernel reads them."""
    found: dict[str, Any] = {}
    names = {path: name for name, path in _SYS.items()}
    for path, lines in _files_of(script).items():
        if path == _SYSCTLS:
            found |= {name: value for name, _, value in (line.partition(" = ") for line in lines)}
        elif path == _TMPFILES:
            for line in lines:
                _, target, *_, value = line.split(" ", 6)
                found[names[target]] = int(value) if names[target].startswith("hugepages") else value
        elif path == _MODULES:
            found["modules"] = lines
        elif path == _CONTAINERD:
            limit = lines[1].removeprefix("LimitMEMLOCK=")
            found["memlock"] = "unlimited" if limit == "infinity" else int(limit)
    return found


def _files_of(script: str) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {}
    path = None
    for line in script.splitlines():
        if line.startswith('cat > "$root') and line.endswith(f"<<'{_END}'"):
            path = line.removeprefix('cat > "$root').partition('"')[0]
            files[path] = []
        elif line == _END:
            path = None
        elif path is not None:
            files[path].append(line)
    return files
