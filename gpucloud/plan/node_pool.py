"""A node pool's plan: every decision about nodes of one shape."""

from gpucloud.errors import InvalidInputError
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.allocation import Offering, place_nodes
from gpucloud.plan.fabric import plan_interfaces
from gpucloud.plan.image import plan_disk, plan_image
from gpucloud.plan.machine import choose_machine_type, plan_machine
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import plan_labels, plan_node_resources, plan_taints
from gpucloud.plan.rules import check_pool
from gpucloud.plan.rules.context import Place
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


def plan_single_pool(cloud: Cloud, region: str, name: str, pool: NodePoolSpec) -> NodePoolPlan:
    """The plan of a pool for a cluster that is somebody else's; raises InvalidInputError with all problems.

    `name` is what the names of its node groups begin with, so that their length can be judged.
    """
    chosen, problems = check_pool(Place(cloud, region, name), pool)
    if problems or chosen is None:
        raise InvalidInputError(problems)
    return plan_node_pool(cloud, pool, machine_type=chosen)
