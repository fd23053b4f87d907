"""A plan and a cluster that fits it, to break one thing at a time."""

from dataclasses import replace
from typing import Any

from gpucloud.plan.model import ClusterPlan, NodePoolPlan
from gpucloud.verify import SeenCluster, SeenDaemonSet, SeenNode
from tests.plan.pools import plan_of, pool

MADE = {
    "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3",
    "nvidia.com/cuda.driver-version.full": "580.126.20",
    "nvidia.com/cuda.runtime-version.full": "13.0",
}
METRICS = {
    "DCGM_FI_DEV_FB_USED": (0.0,) * 8,
    "DCGM_FI_DEV_GPU_UTIL": (0.0,) * 8,
    "DCGM_FI_DEV_XID_ERRORS": (0.0,) * 8,
    "DCGM_FI_DEV_FABRIC_MANAGER_STATUS": (3.0,) * 8,
}


def h100(**fields: Any) -> ClusterPlan:
    """Two nodes of 8 H100 with EFA on AWS."""
    size = {"min": 2, "desired": 2, "max": 4}
    return plan_of(pool(**{"fabric": "efa", "size": size, **fields}), kubernetes_version="1.35").clusters[0]


def fitting(plan: ClusterPlan, **changes: Any) -> SeenCluster:
    """The cluster as it should be; `changes` are of every node."""
    (planned,) = plan.node_pools
    nodes = tuple(replace(_node(planned, f"node-{index}"), **changes) for index in range(2))
    return SeenCluster(
        nodes=nodes,
        daemon_sets=tuple(SeenDaemonSet(release.namespace, release.name, 2, 2) for release in plan.releases),
        policy_state="ready",
        claimable={},
        metrics={node.name: METRICS for node in nodes},
    )


def _node(planned: NodePoolPlan, name: str) -> SeenNode:
    resources = {"cpu": "192", **dict(planned.node_resources)}
    taints = frozenset((taint.key, taint.value, taint.effect) for taint in planned.taints)
    return SeenNode(
        name, {**dict(planned.labels), **MADE}, taints, ready=True, capacity=resources, allocatable=resources
    )
