"""What the gate's container runs: a POSIX shell script that says in one line what is wrong and what to do.

It calls nothing but the shell's own commands and `nvidia-smi`, so that any image with a shell will do.
"""

import shlex
from collections.abc import Iterator, Mapping
from fractions import Fraction

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_labels import driver_names
from gpucloud.facts.driver_branches import driver_branches
from gpucloud.facts.pci_devices import pci_devices
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.sharing import SURE_OF_WHOLE

_NODE = "look at the device plugin's log and dmesg on the node (Xid, SXid), then replace it"
_TOOLKIT = "nothing brought the driver's files into the container: look at the container toolkit on the node"
_DRIVER = "look at who owns the driver (driver_owner) and at its pods or the node image"
_POOL = "the nodes are not what the plan says: look at the machine type of the node group"
_MIG = "look at the MIG manager's log and at the node's label nvidia.com/mig.config.state"
_FABRIC = "look at nvidia-fabricmanager on the node: its version must be the driver's"
_AMD_NODE = "look at AMD's device plugin and dmesg on the node, then replace it"

# All of these stand in double quotes of the shell.

# Google's own device plugin mounts the driver's files here, on no path of the image
# (GoogleCloudPlatform/container-engine-accelerators, cmd/nvidia_gpu: -container-path).
_GOOGLE_PATHS = """\
export PATH="$PATH:/usr/local/nvidia/bin"
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}/usr/local/nvidia/lib64"
"""
# Every number of a floor is compared as a number: 570.86.15 is older than 570.133.20.
_AT_LEAST = """\
at_least() {
  have=$1.0.0. want=$2.0.0.
  for part in 1 2 3; do
    [ "${have%%.*}" -gt "${want%%.*}" ] && return 0
    [ "${have%%.*}" -lt "${want%%.*}" ] && return 1
    have=${have#*.} want=${want#*.}
  done
  return 0
}
"""


def nvidia_script(pool: NodePoolPlan, devices: int, instances: Mapping[str, int] | None = None) -> str:
    """Whether `devices` GPUs of the plan's product, memory and driver are there, and these MIG `instances` of them.

    The names of products are those that the facts know; where they know none, no name is judged. The driver is the
    planned one where a version is planned, else one that knows the accelerator.
    """
    cut = _of_instances(instances or {})
    return "".join((_head(pool), _GOOGLE_PATHS, *_of_devices(pool, devices), *cut, _end(pool)))


def _head(pool: NodePoolPlan) -> str:
    return (
        "set -u\n"
        "line='\n'\n"
        "fail() {\n"
        f'  printf \'gate: pool %s: %s; %s\\n\' {shlex.quote(pool.name)} "${{1%%"$line"*}}" "$2"\n'
        "  exit 1\n"
        "}\n"
    )


def _end(pool: NodePoolPlan) -> str:
    return f"printf 'gate: pool %s passes\\n' {shlex.quote(pool.name)}\n"


def _of_devices(pool: NodePoolPlan, devices: int) -> Iterator[str]:
    branches = driver_branches(pool.machine.accelerator)
    if any(branch.floor for branch in branches):
        yield _AT_LEAST
    query = "nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits"
    yield f'command -v nvidia-smi >/dev/null || fail "no nvidia-smi in the container" "{_TOOLKIT}"\n'
    yield f'rows=$({query} 2>&1) || fail "nvidia-smi fails: $rows" "{_DRIVER}"\n'
    yield "count=0\nIFS=$line\nset -f\nfor row in $rows; do\n"
    yield "  name=${row%%, *} rest=${row#*, }\n  memory=${rest%%, *} driver=${rest#*, }\n  count=$((count + 1))\n"
    yield from _of_product(pool)
    if pool.sharing is None or pool.sharing.way != "mig":
        yield from _of_memory(pool)
    yield from _of_driver(pool)
    yield "done\n"
    yield _counted("count", devices, "devices", _NODE)
    if pool.machine.accelerator_fraction == "1":
        yield from _of_fabric()


def _of_product(pool: NodePoolPlan) -> Iterator[str]:
    name = pool.machine.accelerator
    known = driver_names(accelerator(name), pool.cloud, _part(pool))
    if known:
        names = " | ".join(shlex.quote(entry) for entry in sorted(known))
        yield f'  case $name in\n  {names}) ;;\n  *) fail "a device is $name, planned {name}" "{_POOL}" ;;\n'
        yield "  esac\n"


def _of_memory(pool: NodePoolPlan) -> Iterator[str]:
    """At least the memory that is sure of the product: drivers report a little less than it has."""
    least = least_memory_mib(pool)
    said = f'fail "a device has $memory MiB of memory, planned {least} at least" "{_POOL}"'
    yield f"  case $memory in\n  '' | *[!0-9]*) {said} ;;\n  esac\n"
    yield f'  [ "$memory" -ge {least} ] || {said}\n'


def least_memory_mib(pool: NodePoolPlan) -> int:
    """Memory of one device of the pool's machines that a driver reports at least, in MiB."""
    return int(accelerator(pool.machine.accelerator).memory_mib * SURE_OF_WHOLE * _part(pool))


def _part(pool: NodePoolPlan) -> Fraction:
    """How much of an accelerator one device of a node is."""
    return min(Fraction(pool.machine.accelerator_fraction), Fraction(1))


def _of_driver(pool: NodePoolPlan) -> Iterator[str]:
    planned, name = pool.software.driver_version, pool.machine.accelerator
    if planned is not None and planned[0].isdigit():
        said = f'fail "driver $driver, planned {planned}" "{_DRIVER}"'
        yield f'  [ "$driver" = {shlex.quote(planned)} ] || {said}\n'
        return
    branches = driver_branches(name)
    if not branches:
        return
    said = f'fail "driver $driver does not know {name}" "{_DRIVER}"'
    yield "  case ${driver%%.*} in\n"
    for branch in branches:
        floor = f'at_least "$driver" {branch.floor} || {said} ' if branch.floor else ""
        yield f"  {branch.branch}) {floor};;\n"
    yield f"  '' | *[!0-9]*) {said} ;;\n"
    yield f'  *) [ "${{driver%%.*}}" -gt {branches[-1].branch} ] || {said} ;;\n  esac\n'


def _of_fabric() -> Iterator[str]:
    """On boards and racks with NVSwitches CUDA fails with error 802 until each GPU has joined the fabric.

    `nvidia-smi -q` has NVML's state of it (nvmlGpuFabricState_t) below `Fabric`; a GPU without one is not judged.
    """
    said = f'fail "a GPU\'s NVSwitch fabric is ${{row#*: }}" "{_FABRIC}"'
    yield "section=\nfor row in $(nvidia-smi -q 2>&1); do\n  case $row in\n"
    yield "  *' : '*) ;;\n  *) section=$row ;;\n  esac\n"
    yield f"  case $section$row in\n  *Fabric*State*': In Progress' | *Fabric*State*': Not Started') {said} ;;\n"
    yield "  esac\ndone\n"


def _of_instances(instances: Mapping[str, int]) -> Iterator[str]:
    """`nvidia-smi -L` names each instance below its GPU (NVIDIA/cloud-native-docs 52dcb7b, openshift/mig-ocp.rst)."""
    if not instances:
        return
    profiles = sorted(instances)
    yield f'listed=$(nvidia-smi -L 2>&1) || fail "nvidia-smi fails: $listed" "{_DRIVER}"\n'
    yield f"{' '.join(f'parts{index}=0' for index in range(len(profiles)))}\nfor row in $listed; do\n  case $row in\n"
    for index, profile in enumerate(profiles):
        yield f"  *'MIG {profile} '*) parts{index}=$((parts{index} + 1)) ;;\n"
    said = f'fail "an instance of another profile than {", ".join(profiles)}: ${{row%%(*}}" "{_MIG}"'
    yield f"  *'MIG '*Device*) {said} ;;\n  esac\ndone\n"
    for index, profile in enumerate(profiles):
        yield _counted(f"parts{index}", instances[profile], f"MIG instances {profile}", _MIG)


def _counted(variable: str, planned: int, what: str, fix: str) -> str:
    return f'[ "${variable}" -eq {planned} ] || fail "${variable} {what}, planned {planned}" "{fix}"\n'


def amd_script(pool: NodePoolPlan, devices: int, root: str = "") -> str:
    """Whether `devices` GPUs of the plan's product and memory are there, by their device files and the kernel's word.

    AMD's device plugin gives a container `/dev/kfd` and a render node for each device; `/sys/class/drm` has the PCI ID
    and the memory of each (ROCm/k8s-device-plugin, internal/pkg/plugin/plugin.go, cmd/k8s-node-labeller/main.go). The
    driver's version is not judged: what AMD's operator is told is no version that the kernel module says. `root` is
    another root than the container's.
    """
    return "".join((_head(pool), *_of_render_nodes(pool, devices, root), _end(pool)))


def _of_render_nodes(pool: NodePoolPlan, devices: int, root: str) -> Iterator[str]:
    name, base = pool.machine.accelerator, shlex.quote(root) if root else ""
    ids = sorted({f"0x{entry.device}" for entry in pci_devices() if entry.accelerator == name})
    yield f'[ -e {base}/sys/module/amdgpu ] || fail "the node runs no amdgpu driver" "{_DRIVER}"\n'
    yield f"[ -r {base}/dev/kfd ] && [ -w {base}/dev/kfd ] || "
    yield f'fail "no /dev/kfd that may be read and written" "{_AMD_NODE}"\n'
    yield f'count=0\nfor node in {base}/dev/dri/renderD*; do\n  [ -e "$node" ] || continue\n'
    yield f"  count=$((count + 1)) sys={base}/sys/class/drm/${{node##*/}}/device id= bytes=\n"
    yield '  read -r id 2>/dev/null <"$sys/device"\n'
    yield f"  case $id in\n  {' | '.join(ids)}) ;;\n"
    yield f'  *) fail "a device is PCI device $id, planned {name}" "{_POOL}" ;;\n  esac\n'
    yield '  read -r bytes 2>/dev/null <"$sys/mem_info_vram_total"\n'
    yield "  case $bytes in\n  '' | *[!0-9]*) bytes=0 ;;\n  esac\n  memory=$((bytes / 1048576))\n"
    yield from _of_memory(pool)
    yield "done\n"
    yield _counted("count", devices, "devices", _AMD_NODE)
