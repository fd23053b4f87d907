"""What a person asks for: plain values, validated, dumped to JSON; no Pulumi and no network."""

from gpucloud.spec.capacity import CapacityBlock, OnDemand, Reserved, SizeSpec, Spot
from gpucloud.spec.cluster import (
    AccessSpec,
    ClusterSpec,
    EnvironmentSpec,
    GpuStackSpec,
    NetworkSpec,
    SystemPoolSpec,
)
from gpucloud.spec.disks import RootDiskSpec
from gpucloud.spec.kubelet import KubeletSpec
from gpucloud.spec.node_pool import Efa, NodeImageSpec, NodePoolSpec, NoFabric, Taint

__all__ = [
    "AccessSpec",
    "CapacityBlock",
    "ClusterSpec",
    "Efa",
    "EnvironmentSpec",
    "GpuStackSpec",
    "KubeletSpec",
    "NetworkSpec",
    "NoFabric",
    "NodeImageSpec",
    "NodePoolSpec",
    "OnDemand",
    "Reserved",
    "RootDiskSpec",
    "SizeSpec",
    "Spot",
    "SystemPoolSpec",
    "Taint",
]
