"""What a person asks for: plain values, validated, dumped to JSON; no Pulumi and no network."""

from gpucloud.spec.capacity import CapacityBlock, FlexStart, OnDemand, Queued, Reserved, SizeSpec, Spot
from gpucloud.spec.cluster import (
    AccessSpec,
    ClaimsSpec,
    ClusterSpec,
    EnvironmentSpec,
    GpuStackSpec,
    NetworkSpec,
    SystemPoolSpec,
)
from gpucloud.spec.disks import RootDiskSpec
from gpucloud.spec.fabric import Efa, Infiniband, Native, NoFabric, Roce, Tcpx, Tcpxo
from gpucloud.spec.gate import GateSpec
from gpucloud.spec.held_back import HeldByKueue, HeldByQuota, HeldByTaint
from gpucloud.spec.kubelet import KubeletSpec, NumaSpec
from gpucloud.spec.linux import LinuxSpec
from gpucloud.spec.mirrors import MirrorSpec, RegistryCredentialsSpec
from gpucloud.spec.node_pool import NodeImageSpec, NodePoolSpec, Taint
from gpucloud.spec.placement import ClusterPlacement, ExistingPlacement, NoPlacement
from gpucloud.spec.sharing import Mig, MigGroup, Mps, TimeSlicing, Vgpu, Whole

__all__ = [
    "AccessSpec",
    "CapacityBlock",
    "ClaimsSpec",
    "ClusterPlacement",
    "ClusterSpec",
    "Efa",
    "EnvironmentSpec",
    "ExistingPlacement",
    "FlexStart",
    "GateSpec",
    "GpuStackSpec",
    "HeldByKueue",
    "HeldByQuota",
    "HeldByTaint",
    "Infiniband",
    "KubeletSpec",
    "LinuxSpec",
    "Mig",
    "MigGroup",
    "MirrorSpec",
    "Mps",
    "Native",
    "NetworkSpec",
    "NoFabric",
    "NoPlacement",
    "NodeImageSpec",
    "NodePoolSpec",
    "NumaSpec",
    "OnDemand",
    "Queued",
    "RegistryCredentialsSpec",
    "Reserved",
    "Roce",
    "RootDiskSpec",
    "SizeSpec",
    "Spot",
    "SystemPoolSpec",
    "Taint",
    "Tcpx",
    "Tcpxo",
    "TimeSlicing",
    "Vgpu",
    "Whole",
]
