"""Where a pool stands."""

from dataclasses import dataclass
from typing import Literal

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.mirrors import MirrorSpec

Allocation = Literal["device-plugin", "dra"]


@dataclass(frozen=True, slots=True)
class Place:
    """Cloud, region, what the names of the pool's resources begin with, and the cluster's version where it is known.

    `allocation` is how the cluster's pods get NVIDIA GPUs; `mirrors` are those of the cluster.
    """

    cloud: Cloud
    region: str
    name_prefix: str
    kubernetes_version: str | None = None
    allocation: Allocation = "device-plugin"
    mirrors: tuple[MirrorSpec, ...] = ()


def pool_place(environment: str, cluster: ClusterSpec, pool: str) -> Place:
    """Where a pool stands, and the logical name that the environment's component gives it."""
    allocation = cluster.gpu_stack.allocation if cluster.gpu_stack is not None else "device-plugin"
    name = f"{environment}-{cluster.name}-{pool}"
    return Place(cluster.cloud, cluster.region, name, cluster.kubernetes_version, allocation, cluster.mirrors)
