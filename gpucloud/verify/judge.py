"""All checks, and when the gate lets a cluster through."""

from collections.abc import Callable, Iterator, Sequence

from gpucloud.plan.model import ClusterPlan
from gpucloud.verify.devices import devices_are_allocatable, fabric_resources_are_there
from gpucloud.verify.driver import driver_serves_the_devices, product_is_the_plans, rack_is_joined
from gpucloud.verify.metrics import fabric_is_complete, metrics_are_there
from gpucloud.verify.nodes import labels_are_the_plans, nodes_are_ready, taints_are_the_plans
from gpucloud.verify.operands import operands_are_ready
from gpucloud.verify.pool import PoolView, pool_views
from gpucloud.verify.seen import SeenCluster
from gpucloud.verify.verdict import Verdict

CHECKS = ("devices", "driver", "fabric", "labels", "metrics", "nodes", "operands", "product", "taints")
"""Names of the checks, as verdicts have them."""

_OF_POOLS: tuple[Callable[[PoolView], Iterator[Verdict]], ...] = (
    nodes_are_ready,
    labels_are_the_plans,
    taints_are_the_plans,
    devices_are_allocatable,
    fabric_resources_are_there,
    product_is_the_plans,
    driver_serves_the_devices,
    rack_is_joined,
    fabric_is_complete,
    metrics_are_there,
)


def judge(plan: ClusterPlan, seen: SeenCluster, only: str | None = None) -> tuple[Verdict, ...]:
    """What every check finds, pools first; `only` is the one pool to look at."""
    of_pools = [verdict for view in pool_views(plan, seen, only) for check in _OF_POOLS for verdict in check(view)]
    return (*of_pools, *operands_are_ready(plan, seen))


def passes(verdicts: Sequence[Verdict], allowed: frozenset[str] = frozenset()) -> bool:
    """Whether the gate opens: something passed, nothing failed, and what was skipped was allowed to be."""
    return any(verdict.outcome == "pass" for verdict in verdicts) and not any(
        verdict.outcome == "fail" or (verdict.outcome == "skipped" and verdict.check not in allowed)
        for verdict in verdicts
    )
