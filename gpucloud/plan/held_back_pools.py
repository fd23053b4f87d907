"""What held back accelerators make of a cluster: a tainted pool beside the pool, or objects of its own API."""

from collections.abc import Iterator, Mapping

from gpucloud.errors import InvalidInputError, UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.held_back import HeldBackPlan, plan_held_back
from gpucloud.plan.machine import choose_machine_type
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.spec.capacity import SizeSpec
from gpucloud.spec.cluster import ClusterSpec, EnvironmentSpec
from gpucloud.spec.held_back import HeldByTaint
from gpucloud.spec.node_pool import NodePoolSpec, Taint

HELD = "-held"


def held_back_of(
    pool: NodePoolSpec, machine: MachineType, path: str = "held_back", parts: int = 1
) -> HeldBackPlan | None:
    """The numbers of a pool at its largest size; None where it holds nothing back. Raises InvalidInputError.

    `parts` is what each accelerator counts as in Kubernetes.
    """
    if pool.held_back is None:
        return None
    resource = accelerator(machine.accelerator).resource_name
    return plan_held_back(pool.name, pool.held_back, pool.size.max, machine.advertised_devices, resource, path, parts)


def with_held_pools(spec: EnvironmentSpec) -> EnvironmentSpec:
    """The environment with a tainted pool, `NAME-held`, for every pool that holds back whole nodes.

    What the rules refuse is left as it is, for them to say so.
    """
    if all(pool.held_back is None for cluster in spec.clusters for pool in cluster.node_pools):
        return spec
    clusters = tuple(
        cluster.model_copy(
            update={
                "node_pools": tuple(
                    part for pool in cluster.node_pools for part in _parts(cluster.cloud, cluster.region, pool)
                )
            }
        )
        for cluster in spec.clusters
    )
    return spec.model_copy(update={"clusters": clusters})


def held_back_manifests(
    cluster: ClusterSpec, machines: Mapping[str, MachineType], parts: Mapping[str, int]
) -> Iterator[ManifestPlan]:
    """Quotas and queues of a cluster's pools; `machines`, and what an accelerator of each counts as, by pool."""
    for pool in cluster.node_pools:
        held = held_back_of(pool, machines[pool.name], parts=parts[pool.name])
        if held is not None:
            yield from held.manifests


def _parts(cloud: Cloud, region: str, pool: NodePoolSpec) -> tuple[NodePoolSpec, ...]:
    if not isinstance(pool.held_back, HeldByTaint):
        return (pool,)
    try:
        held = held_back_of(pool, choose_machine_type(cloud, pool, region))
    except (InvalidInputError, UnknownNameError):
        return (pool,)
    if held is None or held.nodes is None or any(getattr(entry, "count", None) for entry in pool.capacity):
        return (pool,)
    nodes, size = held.nodes, pool.size
    now, least = min(nodes, size.desired), min(nodes, size.min)
    rest = SizeSpec(min=size.min - least, desired=size.desired - now, max=size.max - nodes)
    taint = Taint(key=pool.held_back.key, value=pool.held_back.value)
    return (
        pool.model_copy(update={"held_back": None, "size": rest}),
        pool.model_copy(
            update={
                "name": f"{pool.name}{HELD}",
                "held_back": None,
                "size": SizeSpec(min=least, desired=now, max=nodes),
                "taints": (*pool.taints, taint),
            }
        ),
    )
