"""One description of a pool, built on three clouds: only the zones differ, since each cloud has its own.

In the local cloud: gpucloud sim run -- pulumi up --continue-on-error --stack dev
With --continue-on-error a cloud without capacity does not stop the others.
"""

import pulumi

from gpucloud import ClusterSpec, EnvironmentSpec, GpuEnvironment, Native, NodePoolSpec, OnDemand, SizeSpec, Spot

PLACES = {
    "aws": ("us-east-1", ("us-east-1a", "us-east-1b")),
    "azure": ("eastus", ("1", "regional")),
    "gcp": ("us-central1", ("us-central1-a", "us-central1-c")),
}


def h100(zones: tuple[str, ...]) -> NodePoolSpec:
    """Nodes with eight H100s and whatever joins them on that cloud: EFA, InfiniBand or GPUDirect."""
    return NodePoolSpec(
        name="h100",
        accelerator="h100-sxm-80gb",
        accelerators_per_node=8,
        zones=zones,
        size=SizeSpec(min=0, desired=1, max=4),
        capacity=(OnDemand(), Spot()),
        fabric=Native(),
        labels={"team": "research"},
    )


environment = GpuEnvironment(
    "three",
    EnvironmentSpec(
        name="three",
        clusters=tuple(
            ClusterSpec.model_validate({"name": cloud, "cloud": cloud, "region": region, "node_pools": (h100(zones),)})
            for cloud, (region, zones) in PLACES.items()
        ),
    ),
)

pulumi.export("pools", environment.pools)
