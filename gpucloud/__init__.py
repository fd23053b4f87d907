"""GPU node pools on several clouds from one typed description, as Pulumi components.

    from gpucloud import AwsGpuNodePool, AwsClusterRef, NodePoolSpec

Importing the package loads nothing else: a name loads its module when it is first used, so that a program on one cloud
never imports another cloud's SDK, and a program that only plans never imports Pulumi.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpucloud.aws.cluster_ref import AwsClusterRef
    from gpucloud.azure.cluster_ref import AzureClusterRef
    from gpucloud.components.aws_cluster import AwsCluster
    from gpucloud.components.aws_gpu_node_pool import AwsGpuNodePool
    from gpucloud.components.aws_network import AwsNetwork
    from gpucloud.components.azure_cluster import AzureCluster
    from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
    from gpucloud.components.azure_network import AzureNetwork
    from gpucloud.components.gcp_cluster import GcpCluster
    from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
    from gpucloud.components.gcp_network import GcpNetwork
    from gpucloud.components.gpu_environment import GpuEnvironment
    from gpucloud.components.gpu_stack import GpuStack
    from gpucloud.components.stack_gate import StackGate
    from gpucloud.errors import (
        GpuCloudError,
        InvalidInputError,
        LocalCloudError,
        Problem,
        TargetMismatchError,
        ToolchainError,
        UnknownNameError,
    )
    from gpucloud.gcp.cluster_ref import GcpClusterRef
    from gpucloud.plan import Offering, Place, plan_document, plan_environment, plan_node_pool, plan_to_json
    from gpucloud.spec import (
        AccessSpec,
        CapacityBlock,
        ClaimsSpec,
        ClusterPlacement,
        ClusterSpec,
        Efa,
        EnvironmentSpec,
        ExistingPlacement,
        FlexStart,
        GateSpec,
        GpuStackSpec,
        HeldByKueue,
        HeldByQuota,
        HeldByTaint,
        Infiniband,
        KubeletSpec,
        LinuxSpec,
        Mig,
        MigGroup,
        MirrorSpec,
        Mps,
        Native,
        NetworkSpec,
        NodeImageSpec,
        NodePoolSpec,
        NoFabric,
        NoPlacement,
        NumaSpec,
        OnDemand,
        Queued,
        RegistryCredentialsSpec,
        Reserved,
        Roce,
        RootDiskSpec,
        SizeSpec,
        Spot,
        SystemPoolSpec,
        Taint,
        Tcpx,
        Tcpxo,
        TimeSlicing,
        Vgpu,
        Whole,
    )
    from gpucloud.spec.loading import read_document

_MODULES = {
    "gpucloud.aws.cluster_ref": ("AwsClusterRef",),
    "gpucloud.azure.cluster_ref": ("AzureClusterRef",),
    "gpucloud.components.aws_cluster": ("AwsCluster",),
    "gpucloud.components.aws_gpu_node_pool": ("AwsGpuNodePool",),
    "gpucloud.components.aws_network": ("AwsNetwork",),
    "gpucloud.components.azure_cluster": ("AzureCluster",),
    "gpucloud.components.azure_gpu_node_pool": ("AzureGpuNodePool",),
    "gpucloud.components.azure_network": ("AzureNetwork",),
    "gpucloud.components.gcp_cluster": ("GcpCluster",),
    "gpucloud.components.gcp_gpu_node_pool": ("GcpGpuNodePool",),
    "gpucloud.components.gcp_network": ("GcpNetwork",),
    "gpucloud.components.gpu_environment": ("GpuEnvironment",),
    "gpucloud.components.gpu_stack": ("GpuStack",),
    "gpucloud.components.stack_gate": ("StackGate",),
    "gpucloud.errors": (
        "GpuCloudError",
        "InvalidInputError",
        "LocalCloudError",
        "Problem",
        "TargetMismatchError",
        "ToolchainError",
        "UnknownNameError",
    ),
    "gpucloud.gcp.cluster_ref": ("GcpClusterRef",),
    "gpucloud.plan": ("Offering", "Place", "plan_document", "plan_environment", "plan_node_pool", "plan_to_json"),
    "gpucloud.spec": (
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
    ),
    "gpucloud.spec.loading": ("read_document",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [  # sorted as str.sort does, which the test compares
    "AccessSpec",
    "AwsCluster",
    "AwsClusterRef",
    "AwsGpuNodePool",
    "AwsNetwork",
    "AzureCluster",
    "AzureClusterRef",
    "AzureGpuNodePool",
    "AzureNetwork",
    "CapacityBlock",
    "ClaimsSpec",
    "ClusterPlacement",
    "ClusterSpec",
    "Efa",
    "EnvironmentSpec",
    "ExistingPlacement",
    "FlexStart",
    "GateSpec",
    "GcpCluster",
    "GcpClusterRef",
    "GcpGpuNodePool",
    "GcpNetwork",
    "GpuCloudError",
    "GpuEnvironment",
    "GpuStack",
    "GpuStackSpec",
    "HeldByKueue",
    "HeldByQuota",
    "HeldByTaint",
    "Infiniband",
    "InvalidInputError",
    "KubeletSpec",
    "LinuxSpec",
    "LocalCloudError",
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
    "Offering",
    "OnDemand",
    "Place",
    "Problem",
    "Queued",
    "RegistryCredentialsSpec",
    "Reserved",
    "Roce",
    "RootDiskSpec",
    "SizeSpec",
    "Spot",
    "StackGate",
    "SystemPoolSpec",
    "Taint",
    "TargetMismatchError",
    "Tcpx",
    "Tcpxo",
    "TimeSlicing",
    "ToolchainError",
    "UnknownNameError",
    "Vgpu",
    "Whole",
    "plan_document",
    "plan_environment",
    "plan_node_pool",
    "plan_to_json",
    "read_document",
]


def __getattr__(name: str) -> object:
    try:
        module = _HOME[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
