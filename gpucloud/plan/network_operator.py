"""InfiniBand on AKS: drivers of its adapters in containers, and the resource by which pods reach them."""

import json
from collections.abc import Sequence

from gpucloud.plan.image_names import split_image
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.node_affinity import nodes_of
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.tolerations import tolerations_of

_CHART = "network-operator"
RDMA_RESOURCE = "rdma/hca_shared_devices_a"
"""What a pod asks for once, however many adapters the node has: they are shared (NVIDIA/aicr, recipes for AKS)."""
_PODS_PER_NODE = 1_000
_POLICY = "nic-cluster-policy"
"""The operator looks at the policy of this name alone (Mellanox/network-operator v26.4.1, README.md)."""
# The module that comes with the kernel is loaded first on AKS, and the driver's does not start (doca-driver-build#52).
_BLACKLIST = {"name": "OFED_BLACKLIST_MODULES_FILE", "value": "/host/etc/modprobe.d/blacklist-ofed-modules.conf"}


def infiniband_pools(pools: Sequence[NodePoolPlan]) -> list[NodePoolPlan]:
    """The pools whose nodes have InfiniBand without a driver for it: those of AKS."""
    return [pool for pool in pools if pool.cloud == "azure" and pool.fabric == "infiniband"]


def network_operator_releases(pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The release of NVIDIA's network operator; none without InfiniBand on AKS.

    Discovery comes with the operator of the accelerators, of which each such pool has one; this one adds its rule.
    """
    if not infiniband_pools(pools):
        return ()
    values = {
        "nfd": {"enabled": False, "deployNodeFeatureRules": True},
        "sriovNetworkOperator": {"enabled": False},
        "maintenanceOperator": {"enabled": False},
    }
    return (pinned_release(_CHART, values),)


def network_operator_manifests(pools: Sequence[NodePoolPlan]) -> tuple[ManifestPlan, ...]:
    """The NicClusterPolicy: the DOCA driver and the RDMA device plugin on the nodes of these pools, and on no other.

    Other nodes of AKS have adapters of the same maker for accelerated networking, which the rule of discovery finds as
    well; a driver in their place would cut them off.
    """
    served = infiniband_pools(pools)
    if not served:
        return ()
    return (
        ManifestPlan(
            name=_POLICY,
            namespace=None,
            api_version="mellanox.com/v1alpha1",
            kind="NicClusterPolicy",
            spec={
                "nodeAffinity": nodes_of(served),
                "tolerations": tolerations_of(served),
                "ofedDriver": {
                    **split_image(_CHART, "doca-driver"),
                    "env": [_BLACKLIST],
                    "forcePrecompiled": False,
                    "upgradePolicy": {
                        "autoUpgrade": True,
                        "maxParallelUpgrades": 1,
                        "drain": {"enable": True, "force": True, "deleteEmptyDir": True, "timeoutSeconds": 300},
                    },
                },
                "rdmaSharedDevicePlugin": {
                    **split_image(_CHART, "rdma-shared-device-plugin"),
                    "config": _shared_devices(),
                },
            },
            after_releases=True,
        ),
    )


def _shared_devices() -> str:
    """A file of the RDMA shared device plugin: every adapter of NVIDIA's in one resource."""
    selectors = {"vendors": ["15b3"], "drivers": ["mlx5_core"]}
    resource = {
        "resourceName": RDMA_RESOURCE.partition("/")[2],
        "rdmaHcaMax": _PODS_PER_NODE,
        "selectors": selectors,
    }
    return json.dumps({"periodicUpdateInterval": 300, "configList": [resource]}, sort_keys=True)
