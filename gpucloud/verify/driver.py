"""What GPU Feature Discovery says of the devices and their driver."""

from collections.abc import Iterator

from gpucloud.facts.device_labels import plain_product, product_labels
from gpucloud.facts.driver_branches import unknown_to
from gpucloud.verify.pool import PLAYED, PoolView
from gpucloud.verify.seen import SeenNode
from gpucloud.verify.verdict import Verdict

# NVIDIA/k8s-device-plugin 1b826ac, internal/lm/nvml.go, versionLabels.
_PRODUCT = "nvidia.com/gpu.product"
_DRIVER = "nvidia.com/cuda.driver-version.full"
_CUDA = "nvidia.com/cuda.runtime-version.full"
_CLIQUE = "nvidia.com/gpu.clique"
_RACKS = ("gb200-", "gb300-")
_GONE = "look at the pods gpu-feature-discovery and nvidia-driver-daemonset on the node"


def product_is_the_plans(view: PoolView) -> Iterator[Verdict]:
    """The driver calls the GPU what the planned accelerator is called."""
    if not view.nodes or not view.is_nvidias:
        return
    if view.is_played:
        yield view.says("product", "skipped", PLAYED)
        return
    name = view.plan.machine.accelerator
    known = {label.value for label in product_labels() if label.accelerator == name and label.label == _PRODUCT}
    wrong = []
    for node in view.nodes:
        found = node.labels.get(_PRODUCT)
        if found is None:
            wrong.append((node.name, f"no label {_PRODUCT}"))
        elif known and plain_product(found) not in known:
            wrong.append((node.name, f"{found}, planned {name}"))
    yield view.about_nodes("product", wrong, f"{name} on every node", _GONE)


def driver_serves_the_devices(view: PoolView) -> Iterator[Verdict]:
    """A driver with CUDA on every node, of the planned version where one was planned, that knows the accelerator."""
    if not view.nodes or not view.is_nvidias:
        return
    if view.is_played:
        yield view.says("driver", "skipped", PLAYED)
        return
    wrong = [(node.name, text) for node in view.nodes if (text := _wrong(view, node))]
    versions = sorted({f"{node.labels.get(_DRIVER)} with CUDA {node.labels.get(_CUDA)}" for node in view.nodes})
    yield view.about_nodes("driver", wrong, f"driver {', '.join(versions)}", _GONE)


def _wrong(view: PoolView, node: SeenNode) -> str:
    version, planned = node.labels.get(_DRIVER), view.plan.software.driver_version
    if version is None:
        return f"no label {_DRIVER}"
    if planned is not None and planned[0].isdigit() and version != planned:
        return f"driver {version}, planned {planned}"
    if unknown_to(view.plan.machine.accelerator, version):
        return f"driver {version} does not know {view.plan.machine.accelerator}"
    return "" if node.labels.get(_CUDA) else f"no label {_CUDA}: the driver has no CUDA"


def rack_is_joined(view: PoolView) -> Iterator[Verdict]:
    """On NVL72 racks the fabric is complete when every GPU of a node says the same clique (internal/lm/imex.go)."""
    if not view.nodes or not view.is_nvidias or not view.plan.machine.accelerator.startswith(_RACKS):
        return
    if view.is_played:
        yield view.says("fabric", "skipped", PLAYED)
        return
    wrong = [(node.name, f"no label {_CLIQUE}") for node in view.nodes if not node.labels.get(_CLIQUE)]
    fix = "the NVLink fabric is not complete: look at the fabric manager of the rack's switch trays"
    yield view.about_nodes("fabric", wrong, "every node belongs to an NVLink clique", fix)
