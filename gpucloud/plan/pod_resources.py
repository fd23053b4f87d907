"""What one pod of a pool can ask for: accelerators, and the fabric of its node."""

from gpucloud.facts.machine_types import machine_type
from gpucloud.facts.numa_layouts import numa_layout
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.network_operator import RDMA_RESOURCE
from gpucloud.plan.nodes import FABRIC_RESOURCE
from gpucloud.plan.sharing_model import MigGroupPlan

# What EKS's EFA driver leaves of its 5128 pages of 2 MiB in the EKS user guide's own example (node-efa); Kubernetes
# takes huge pages only beside memory (k8s.io/kubernetes, apis/core/validation).
_HUGE_PAGES = {"hugepages-2Mi": "5120Mi", "memory": "32000Mi"}


def asked_devices(pool: NodePoolPlan) -> int:
    """Devices that one pod asks for, of those that a node advertises: all of them, where the node gives all to one pod.

    Time slicing and MPS give a pod one share (NVIDIA/k8s-device-plugin, failRequestsGreaterThanOne), and with
    `single-numa-node` the kubelet refuses a pod whose devices lie on two NUMA nodes.
    """
    if pool.sharing is not None and pool.sharing.replicas is not None:
        return 1
    gpus = _gpus_of_one_numa_node(pool)
    if gpus is not None and not (pool.sharing and pool.sharing.layout):
        parts = pool.sharing.parts_per_gpu or 1 if pool.sharing else 1
        return min(gpus * parts, pool.machine.devices_per_node)
    return pool.machine.devices_per_node


def asked_layout(pool: NodePoolPlan) -> tuple[MigGroupPlan, ...]:
    """GPUs of a layout whose instances one pod can have together; none where no pod can have some of every group.

    All of a node, but of one NUMA node with `single-numa-node`, whose GPUs are known where all are cut alike.
    """
    layout = pool.sharing.layout if pool.sharing is not None else ()
    gpus = _gpus_of_one_numa_node(pool)
    if gpus is None or gpus >= sum(len(group.gpus) for group in layout):
        return layout
    return tuple(MigGroupPlan(group.gpus[:gpus], group.instances) for group in layout) if len(layout) == 1 else ()


def _gpus_of_one_numa_node(pool: NodePoolPlan) -> int | None:
    """The most that a NUMA node of the pool's machines has, where pods have to do with those of one."""
    if pool.kubelet.get("topologyManagerPolicy") != "single-numa-node":
        return None
    return max(numa_layout(machine_type(pool.cloud, pool.machine.machine_type)).gpus_per_numa)


def fabric_resources(pool: NodePoolPlan) -> dict[str, str]:
    """What a pod asks for to have its node's fabric to itself; empty without one, or where no resource is counted.

    EFA: every interface, and the huge pages that its buffers are in. InfiniBand on AKS: the adapters, which are shared.
    """
    if pool.fabric == "efa":
        resource = FABRIC_RESOURCE[pool.fabric]
        return {resource: dict(pool.node_resources)[resource], **_HUGE_PAGES}
    if pool.fabric == "infiniband":
        return {RDMA_RESOURCE: "1"}
    return {}
