"""Rules about accelerators that are held back."""

from collections.abc import Iterator, Sequence

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.held_back_pools import held_back_of
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.held_back import HeldByKueue, HeldByQuota, HeldByTaint
from gpucloud.spec.node_pool import NodePoolSpec
from gpucloud.spec.sharing import Mig


def held_back_is_a_whole_number(context: PoolContext) -> Iterator[Problem]:
    """Neither nothing nor everything, and whole nodes for a taint."""
    if context.machine is None:
        return
    try:
        held_back_of(context.pool, context.machine)
    except InvalidInputError as error:
        for problem in error.problems:
            yield context.problem(problem.path, problem.problem, problem.fix)


def held_back_nodes_are_not_counted_twice(context: PoolContext) -> Iterator[Problem]:
    """A reservation's count is of nodes of one pool; a taint makes two of it."""
    if not isinstance(context.pool.held_back, HeldByTaint):
        return
    for index, entry in enumerate(context.pool.capacity):
        if getattr(entry, "count", None):
            yield context.problem(
                f"capacity[{index}].count",
                "cannot be split over the pool and the one that is held back",
                "leave it out, or write two pools",
            )


def held_back_is_of_one_resource(context: PoolContext) -> Iterator[Problem]:
    """Quotas and queues count one resource; nodes with unlike MIG instances have one for each profile."""
    held, sharing = context.pool.held_back, context.pool.sharing
    if isinstance(sharing, Mig) and sharing.layout is not None and isinstance(held, HeldByQuota | HeldByKueue):
        yield context.problem(
            "held_back",
            "counts nvidia.com/gpu, of which nodes with a MIG layout have none: nothing would be held back",
            "use by: taint, which holds back whole nodes",
        )


def quota_counts_one_pool(
    cluster: ClusterSpec, path: str, known: Sequence[tuple[NodePoolSpec, MachineType]]
) -> Iterator[Problem]:
    """A ResourceQuota counts what a namespace asks for in the whole cluster, whichever pool gives it."""
    resources = [
        # Unlike MIG instances have names of their own.
        "" if isinstance(pool.sharing, Mig) and pool.sharing.layout else accelerator(machine.accelerator).resource_name
        for pool, machine in known
    ]
    for (pool, _), resource in zip(known, resources, strict=True):
        if isinstance(pool.held_back, HeldByQuota) and resources.count(resource) > 1:
            yield Problem(
                f"{path}.node_pools[{pool.name}].held_back",
                f"a quota counts {resource} of all pools of {cluster.name}, and others have it, too",
                "use by: kueue, which knows pools apart, or by: taint",
            )
