"""A node pool's plan: every decision about nodes of one shape."""

from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.allocation import Offering, place_nodes
from gpucloud.plan.fabric import plan_interfaces
from gpucloud.plan.image import plan_disk, plan_image
from gpucloud.plan.machine import choose_machine_type, plan_machine
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import plan_labels, plan_node_resources, plan_taints
from gpucloud.spec.cluster import Cloud
from gpucloud.spec.node_pool import NodePoolSpec


def plan_node_pool(
    cloud: Cloud,
    pool: NodePoolSpec,
    unavailable: frozenset[Offering] = frozenset(),
    machine_type: MachineType | None = None,
) -> NodePoolPlan:
    """The plan of a pool that the rules accept; `machine_type` saves choosing it a second time."""
    chosen = machine_type or choose_machine_type(cloud, pool)
    machine = plan_machine(chosen)
    return NodePoolPlan(
        name=pool.name,
        cloud=cloud,
        machine=machine,
        image=plan_image(pool, chosen),
        driver_owner=pool.driver_owner,
        disk=plan_disk(pool, chosen),
        fabric=pool.fabric.type,
        interfaces=plan_interfaces(chosen) if pool.fabric.type == "efa" else (),
        kubelet=pool.kubelet.root,
        labels=plan_labels(cloud, pool, machine),
        taints=plan_taints(pool, machine),
        node_resources=plan_node_resources(pool, chosen, machine),
        shards=place_nodes(pool, unavailable, chosen.name),
    )
