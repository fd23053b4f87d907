"""Pools and clusters for tests of the planner, with as little written as a test needs."""

from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import Offering, plan_environment
from gpucloud.plan.model import EnvironmentPlan, NodePoolPlan
from gpucloud.spec import ClusterSpec, EnvironmentSpec, NodePoolSpec

HOMES: dict[Cloud, dict[str, Any]] = {
    "aws": {"region": "us-east-1", "zones": ("us-east-1a", "us-east-1b"), "machine_type": "p5.48xlarge"},
    "azure": {"region": "southcentralus", "zones": ("1", "3"), "machine_type": "Standard_NC24ads_A100_v4"},
    "gcp": {"region": "us-central1", "zones": ("us-central1-a", "us-central1-b"), "machine_type": "a3-megagpu-8g"},
}
"""By cloud a region, two of its zones, and a machine type that both sell."""

EAST = ("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f")


def pool(**fields: Any) -> NodePoolSpec:
    if "accelerator" not in fields:
        fields.setdefault("machine_type", "p5.48xlarge")
    return NodePoolSpec(**{"name": "gpu", "zones": EAST[:2], **fields})


def cluster(*pools: NodePoolSpec, **fields: Any) -> ClusterSpec:
    return ClusterSpec(
        **{"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": pools or (pool(),), **fields}
    )


def pool_on(cloud: Cloud, **fields: Any) -> NodePoolSpec:
    home = HOMES[cloud]
    if "accelerator" not in fields:
        fields.setdefault("machine_type", home["machine_type"])
    return NodePoolSpec(**{"name": "gpu", "zones": home["zones"], **fields})


def cluster_on(cloud: Cloud, *pools: NodePoolSpec, **fields: Any) -> ClusterSpec:
    home = {"cloud": cloud, "region": HOMES[cloud]["region"]}
    return ClusterSpec(**{"name": "train", **home, "node_pools": pools or (pool_on(cloud),), **fields})


def environment(*clusters: ClusterSpec, name: str = "prod") -> EnvironmentSpec:
    return EnvironmentSpec(name=name, clusters=clusters or (cluster(),))


def plan_of(*pools: NodePoolSpec, unavailable: frozenset[Offering] = frozenset(), **fields: Any) -> EnvironmentPlan:
    return plan_environment(environment(cluster(*pools, **fields)), unavailable)


def pool_plan(unavailable: frozenset[Offering] = frozenset(), **fields: Any) -> NodePoolPlan:
    return plan_of(pool(**fields), unavailable=unavailable).clusters[0].node_pools[0]


def problems_of(spec: EnvironmentSpec, unavailable: frozenset[Offering] = frozenset()) -> tuple[Problem, ...]:
    """All problems of an environment; none where it plans."""
    try:
        plan_environment(spec, unavailable)
    except InvalidInputError as error:
        return error.problems
    return ()
