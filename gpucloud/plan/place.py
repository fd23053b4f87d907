"""Where a pool stands."""

from dataclasses import dataclass

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec.cluster import ClusterSpec


@dataclass(frozen=True, slots=True)
class Place:
    """Cloud, region, what the names of the pool's resources begin with, and the cluster's version where it is known."""

    cloud: Cloud
    region: str
    name_prefix: str
    kubernetes_version: str | None = None


def pool_place(environment: str, cluster: ClusterSpec, pool: str) -> Place:
    """Where a pool stands, and the logical name that the environment's component gives it."""
    return Place(cluster.cloud, cluster.region, f"{environment}-{cluster.name}-{pool}", cluster.kubernetes_version)
