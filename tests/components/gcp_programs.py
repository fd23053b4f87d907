"""Pools and clusters on Google Cloud that the tests of the components declare."""

from typing import Any

import pulumi

from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.spec import ClusterSpec, NodePoolSpec
from tests.components.gcp_outputs import PROJECT
from tests.components.recorder import Answer, Record, record

REGION, ZONE = "us-central1", "us-central1-a"
H100_TCPXO, H100_TCPX, H200, B200, GB200, L4 = (
    "a3-megagpu-8g", "a3-highgpu-8g", "a3-ultragpu-8g", "a4-highgpu-8g", "a4x-highgpu-4g", "g2-standard-8",
)  # fmt: skip
T4 = "n1-standard-8+2xnvidia-tesla-t4"
RESERVED = {"type": "reserved", "reservation_id": "capacity"}


def cluster_ref(**changes: Any) -> GcpClusterRef:
    """Return a cluster of somebody else's in us-central1."""
    given: dict[str, Any] = {
        "cluster_name": "train",
        "region": REGION,
        "node_service_account": f"nodes@{PROJECT}.iam.gserviceaccount.com",
        "labels": {"team": "ml"},
    }
    return GcpClusterRef(**(given | changes))


def pool_spec(**changes: Any) -> NodePoolSpec:
    """Return a pool of L4 nodes in one zone, two at most."""
    given: dict[str, Any] = {
        "name": "gpu",
        "machine_type": L4,
        "zones": [ZONE],
        "size": {"min": 0, "desired": 1, "max": 2},
    }
    return NodePoolSpec.model_validate(given | changes)


def record_pool(
    *,
    ref: GcpClusterRef | None = None,
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
    answers: dict[str, Answer] | None = None,
    **changes: Any,
) -> Record:
    """Return what one pool called `pool` declares."""
    return record(
        lambda: GcpGpuNodePool("pool", pool_spec(**changes), ref or cluster_ref(), opts) and None,
        preview=preview,
        answers=answers,
    )


def cluster_spec(**changes: Any) -> ClusterSpec:
    """Return a cluster with the pool of `pool_spec`."""
    given: dict[str, Any] = {
        "name": "train",
        "cloud": "gcp",
        "region": REGION,
        "tags": {"team": "ml"},
        "node_pools": [pool_spec().model_dump(exclude_unset=True)],
    }
    return ClusterSpec.model_validate(given | changes)
