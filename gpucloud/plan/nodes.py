"""What nodes of a pool look like to Kubernetes: labels, taints, and the resources that they bring."""

from collections.abc import Mapping

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.model import MachinePlan, TaintPlan
from gpucloud.spec.node_pool import NodePoolSpec

LABEL_PREFIX = "gpucloud.io/"
POOL_LABEL = f"{LABEL_PREFIX}pool"
ACCELERATOR_LABEL = f"{LABEL_PREFIX}accelerator"
FABRIC_LABEL = f"{LABEL_PREFIX}fabric"

# By this label the cluster autoscaler knows that a node will have accelerators before its device plugin has started
# (kubernetes/autoscaler@55c37cd, cloudprovider/aws).
AUTOSCALER_LABEL: Mapping[str, str] = {"aws": "k8s.amazonaws.com/accelerator"}
FABRIC_RESOURCE: Mapping[str, str] = {"efa": "vpc.amazonaws.com/efa"}


def plan_labels(cloud: str, pool: NodePoolSpec, machine: MachinePlan) -> tuple[tuple[str, str], ...]:
    """Labels sorted by key: the person's, and those by which the library and the autoscaler find the pool's nodes."""
    own = {
        POOL_LABEL: pool.name,
        ACCELERATOR_LABEL: machine.accelerator,
        FABRIC_LABEL: pool.fabric.type,
        AUTOSCALER_LABEL[cloud]: machine.accelerator,
    }
    return tuple(sorted((pool.labels | own).items()))


def plan_taints(pool: NodePoolSpec, machine: MachinePlan) -> tuple[TaintPlan, ...]:
    """Taints sorted by key and effect; the accelerator's own taint is named after its resource."""
    taints = {(taint.key, taint.effect): TaintPlan(taint.key, taint.value, taint.effect) for taint in pool.taints}
    if pool.gpu_taint:
        taints.setdefault(
            (machine.resource_name, "NoSchedule"), TaintPlan(machine.resource_name, "present", "NoSchedule")
        )
    return tuple(taints[key] for key in sorted(taints))


def plan_node_resources(pool: NodePoolSpec, machine: MachineType, plan: MachinePlan) -> tuple[tuple[str, str], ...]:
    """Extended resources of one node, sorted: what an autoscaler must be told while the pool has no node to look at."""
    resources = {
        plan.resource_name: str(plan.devices_per_node),
        "ephemeral-storage": f"{_ephemeral_gib(pool, machine)}Gi",
    }
    if pool.fabric.type == "efa":
        resources[FABRIC_RESOURCE["efa"]] = str(machine.fabric_nics)
    return tuple(sorted(resources.items()))


def _ephemeral_gib(pool: NodePoolSpec, machine: MachineType) -> int:
    """GiB that pods can fill: the NVMe array where it holds the kubelet's files, else the root volume."""
    array = machine.local_nvme_gb * 10**9 // 2**30
    match pool.local_nvme:
        case "raid0" if array:
            return array
        case "raid10" if array:
            return array // 2
        case _:
            return pool.root_disk.size_gib


def accelerator_vendor(machine: MachineType) -> str:
    """Vendor of a machine type's accelerator: `nvidia`, `amd`, `habana` or `aws`."""
    return accelerator(machine.accelerator).vendor
