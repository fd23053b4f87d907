"""GPU node pools on several clouds from one typed description, as Pulumi components.

    from gpucloud import AwsGpuNodePool, AwsClusterRef, NodePoolSpec

Importing the package loads nothing else: a name loads its module when it is first used, so that a program on one cloud
never imports another cloud's SDK, and a program that only plans never imports Pulumi.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpucloud.aws.cluster_ref import AwsClusterRef
    from gpucloud.components.aws_cluster import AwsCluster
    from gpucloud.components.aws_gpu_node_pool import AwsGpuNodePool
    from gpucloud.components.aws_network import AwsNetwork
    from gpucloud.components.gpu_environment import GpuEnvironment
    from gpucloud.components.gpu_stack import GpuStack
    from gpucloud.errors import (
        GpuCloudError,
        InvalidInputError,
        LocalCloudError,
        Problem,
        TargetMismatchError,
        ToolchainError,
        UnknownNameError,
    )
    from gpucloud.plan import Offering, plan_document, plan_environment, plan_node_pool, plan_to_json
    from gpucloud.spec import (
        AccessSpec,
        CapacityBlock,
        ClusterSpec,
        Efa,
        EnvironmentSpec,
        GpuStackSpec,
        KubeletSpec,
        NetworkSpec,
        NodeImageSpec,
        NodePoolSpec,
        NoFabric,
        OnDemand,
        Reserved,
        RootDiskSpec,
        SizeSpec,
        Spot,
        SystemPoolSpec,
        Taint,
    )
    from gpucloud.spec.loading import read_document

_MODULES = {
    "gpucloud.aws.cluster_ref": ("AwsClusterRef",),
    "gpucloud.components.aws_cluster": ("AwsCluster",),
    "gpucloud.components.aws_gpu_node_pool": ("AwsGpuNodePool",),
    "gpucloud.components.aws_network": ("AwsNetwork",),
    "gpucloud.components.gpu_environment": ("GpuEnvironment",),
    "gpucloud.components.gpu_stack": ("GpuStack",),
    "gpucloud.errors": (
        "GpuCloudError",
        "InvalidInputError",
        "LocalCloudError",
        "Problem",
        "TargetMismatchError",
        "ToolchainError",
        "UnknownNameError",
    ),
    "gpucloud.plan": ("Offering", "plan_document", "plan_environment", "plan_node_pool", "plan_to_json"),
    "gpucloud.spec": (
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
    "CapacityBlock",
    "ClusterSpec",
    "Efa",
    "EnvironmentSpec",
    "GpuCloudError",
    "GpuEnvironment",
    "GpuStack",
    "GpuStackSpec",
    "InvalidInputError",
    "KubeletSpec",
    "LocalCloudError",
    "NetworkSpec",
    "NoFabric",
    "NodeImageSpec",
    "NodePoolSpec",
    "Offering",
    "OnDemand",
    "Problem",
    "Reserved",
    "RootDiskSpec",
    "SizeSpec",
    "Spot",
    "SystemPoolSpec",
    "Taint",
    "TargetMismatchError",
    "ToolchainError",
    "UnknownNameError",
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
