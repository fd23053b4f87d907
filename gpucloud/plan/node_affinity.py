"""Where pods of the stack's own run: on the nodes of some pools, and on no other."""

from collections.abc import Sequence
from typing import Any

from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL


def nodes_of(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """A node affinity, as pods and custom resources have it, that requires a node of one of these pools."""
    match = {"key": POOL_LABEL, "operator": "In", "values": sorted({pool.name for pool in pools})}
    return {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [match]}]}}
