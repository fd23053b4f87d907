"""What the DCGM exporter says: that it says anything, and the state of the NVSwitch fabric."""

from collections.abc import Iterator, Mapping

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.dcgm_metrics import dcgm_metrics
from gpucloud.verify.pool import PLAYED, PoolView
from gpucloud.verify.seen import Unseen
from gpucloud.verify.verdict import Verdict

REQUIRED = tuple(metric.field for metric in dcgm_metrics() if metric.required)
FABRIC_STATUS = "DCGM_FI_DEV_FABRIC_MANAGER_STATUS"
# dcgmFabricManagerStatus_t of DCGM: the state of a GPU in the fabric as NVML has it.
_SUCCESS = 3
_STATES = {0: "not supported", 1: "not started", 2: "in progress", 4: "failed", 5: "unrecognized", 6: "NVML too old"}
_READ = "allow `get` of pods/proxy in the operator's namespace"
_EXPORTER = "look at the pod nvidia-dcgm-exporter on the node: below 1 GiB of memory it is killed on nodes of 8 GPUs"


def metrics_are_there(view: PoolView) -> Iterator[Verdict]:
    """Every node's exporter has the metrics without which nobody sees an idle or a broken GPU."""
    if not view.nodes or not view.is_nvidias:
        return
    found = _metrics(view)
    if isinstance(found, Verdict):
        yield found
        return
    wrong = []
    for node in view.nodes:
        missing = [name for name in REQUIRED if name not in found.get(node.name, {})]
        if missing:
            wrong.append((node.name, f"no {', '.join(missing)}"))
    yield view.about_nodes("metrics", wrong, f"{len(REQUIRED)} metrics of every node", _EXPORTER)


def fabric_is_complete(view: PoolView) -> Iterator[Verdict]:
    """On boards with NVSwitches every GPU has joined the fabric: before that CUDA fails with error 802.

    A Ready driver pod does not say so (NVIDIA/gpu-operator#2781).
    """
    if not view.nodes or not view.is_nvidias or not accelerator(view.plan.machine.accelerator).fabric_manager:
        return
    if view.plan.machine.accelerator_fraction != "1":
        return
    found = _metrics(view, "fabric")
    if isinstance(found, Verdict):
        yield found
        return
    unknown = [node.name for node in view.nodes if FABRIC_STATUS not in found.get(node.name, {})]
    if unknown:
        fix = f"add {FABRIC_STATUS} to the exporter's metrics, or look at `nvidia-smi -q`: Fabric State"
        yield view.says("fabric", "skipped", f"{', '.join(unknown)}: the exporter has no {FABRIC_STATUS}", fix)
        return
    wrong = []
    for node in view.nodes:
        states = sorted({int(value) for value in found[node.name][FABRIC_STATUS]} - {_SUCCESS})
        wrong += [(node.name, f"fabric {_STATES.get(state, state)}") for state in states]
    fix = "look at nvidia-fabricmanager on the node: its version must be the driver's; B200 needs mlx5_ib and ib_umad"
    yield view.about_nodes("fabric", wrong, "every GPU has joined the NVSwitch fabric", fix)


def _metrics(view: PoolView, check: str = "metrics") -> Mapping[str, Mapping[str, tuple[float, ...]]] | Verdict:
    if view.is_played:
        return view.says(check, "skipped", PLAYED)
    found = view.cluster.metrics
    return view.says(check, "skipped", found.reason, _READ) if isinstance(found, Unseen) else found
