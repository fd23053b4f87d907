"""Whether nodes have the devices that they are paid for."""

from collections.abc import Iterator

from gpucloud.plan.mig_layout import layout_resources
from gpucloud.plan.model import NodePoolPlan
from gpucloud.verify.pool import PoolView
from gpucloud.verify.seen import SeenNode, Unseen
from gpucloud.verify.verdict import Verdict

_FIX = "look at the device plugin's log on the node, and its dmesg for Xid errors; replace the node"


def devices_are_allocatable(view: PoolView) -> Iterator[Verdict]:
    """Allocatable devices of each node equal the catalogue's count times their sharing.

    Fewer than the capacity are unhealthy ones: a GPU that fell off the bus leaves the node Ready
    (NVIDIA/k8s-device-plugin#1014, #2038).
    """
    if not view.nodes:
        return
    plan = view.plan
    if plan.software.device_plugin == "dra":
        yield _claimable(view)
        return
    planned = _counted(plan)
    # A plugin that counts instances under the whole GPU's name would leave those of a layout out.
    wrong = [
        (node.name, text)
        for node in view.nodes
        for resource in sorted({*planned, plan.machine.resource_name})
        if (text := _wrong(node, resource, planned.get(resource, 0)))
    ]
    right = f"{', '.join(f'{count} {resource}' for resource, count in planned.items())} allocatable on every node"
    yield view.about_nodes("devices", wrong, right, _FIX)


def _counted(plan: NodePoolPlan) -> dict[str, int]:
    """Devices of one node by resource: the accelerator's own, or one for each MIG profile of a layout."""
    own = plan.machine.resource_name
    if plan.sharing is None or not plan.sharing.layout:
        return {own: plan.machine.devices_per_node}
    return dict(layout_resources(plan.machine.accelerator, plan.sharing.layout))


def _wrong(node: SeenNode, resource: str, planned: int) -> str:
    capacity, allocatable = (int(found.get(resource, "0")) for found in (node.capacity, node.allocatable))
    if allocatable == planned:
        return ""
    if allocatable < capacity:
        return f"{allocatable} of {capacity} {resource} allocatable, the others are unhealthy"
    return f"{allocatable} {resource} allocatable, planned {planned}"


def _claimable(view: PoolView) -> Verdict:
    found = view.cluster.claimable
    if isinstance(found, Unseen):
        return view.says("devices", "skipped", found.reason, "allow listing of resourceslices.resource.k8s.io")
    planned = view.plan.machine.devices_per_node
    wrong = [
        (node.name, f"{found.get(node.name, 0)} devices published, planned {planned}")
        for node in view.nodes
        if found.get(node.name, 0) != planned
    ]
    return view.about_nodes("devices", wrong, f"{planned} devices to claim on every node", _FIX)


def fabric_resources_are_there(view: PoolView) -> Iterator[Verdict]:
    """Interfaces of the fabric as the plan counts them, such as `vpc.amazonaws.com/efa`."""
    if not view.nodes:
        return
    known = {view.plan.machine.resource_name, "ephemeral-storage", *_counted(view.plan)}
    for resource, amount in view.plan.node_resources:
        if resource in known:
            continue
        wrong = [
            (node.name, f"{node.allocatable.get(resource, '0')} {resource}, planned {amount}")
            for node in view.nodes
            if node.allocatable.get(resource, "0") != amount
        ]
        fix = "look at the fabric's device plugin on the node, and whether the launch template has all interfaces"
        yield view.about_nodes("fabric", wrong, f"{amount} {resource} on every node", fix)
