"""Pools and clusters that the tests of the components declare."""

from typing import Any

import pulumi

from gpucloud import AwsClusterRef, AwsGpuNodePool, NodePoolSpec
from tests.components.recorder import Record, record

ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")


def cluster_ref(**changes: Any) -> AwsClusterRef:
    """Return a cluster of somebody else's in us-east-1."""
    given: dict[str, Any] = {
        "cluster_name": "theirs",
        "region": "us-east-1",
        "vpc_id": "vpc-1",
        "subnet_ids": {zone: f"subnet-{zone[-1]}" for zone in ZONES},
        "node_role_arn": "arn:aws:iam::123456789012:role/node",
        "cluster_security_group_id": "sg-cluster",
        "tags": {"team": "ml"},
    }
    return AwsClusterRef(**(given | changes))


def pool_spec(**changes: Any) -> NodePoolSpec:
    """Return a pool of two p5 nodes at most in one zone."""
    given: dict[str, Any] = {
        "name": "h100",
        "machine_type": "p5.48xlarge",
        "zones": ["us-east-1a"],
        "size": {"min": 0, "desired": 1, "max": 2},
    }
    return NodePoolSpec.model_validate(given | changes)


def record_pool(
    *,
    ref: AwsClusterRef | None = None,
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
    **changes: Any,
) -> Record:
    """Return what one pool called `pool` declares."""
    return record(
        lambda: AwsGpuNodePool("pool", pool_spec(**changes), ref or cluster_ref(), opts) and None, preview=preview
    )
