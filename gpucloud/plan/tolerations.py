"""Tolerations that let an operand reach the nodes that it is for."""

from collections.abc import Sequence

from gpucloud.plan.model import NodePoolPlan, TaintPlan


def tolerations_of(pools: Sequence[NodePoolPlan]) -> list[dict[str, str]]:
    """A toleration for every taint of these pools and of their offerings, sorted; one that is missed loses nodes."""
    found = {taint for pool in pools for taint in pool.taints}
    found |= {taint for pool in pools for offering in pool.offerings for taint in offering.taints}
    keys = sorted({(taint.key, taint.value, taint.effect) for taint in found})
    return [_toleration(TaintPlan(*key)) for key in keys]


def _toleration(taint: TaintPlan) -> dict[str, str]:
    matched = {"operator": "Equal", "value": taint.value} if taint.value else {"operator": "Exists"}
    return {"key": taint.key, **matched, "effect": taint.effect}
