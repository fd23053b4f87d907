"""Whose NVIDIA driver, container toolkit and device plugin are on which nodes, in the operator's own words.

The operator has one configuration for a cluster. Where a node has a part already, a label keeps the operator's off it
(NVIDIA/gpu-operator v26.7.0, controllers/state_manager.go: a label that is there is honoured); where its drivers differ
from pool to pool, each pool has an object of its own instead.
"""

from collections.abc import Sequence
from typing import Any

from gpucloud.plan.device_plugin import device_plugin_configurations
from gpucloud.plan.image_names import split_image
from gpucloud.plan.model import NodePoolPlan, SoftwarePlan
from gpucloud.plan.network_operator import infiniband_pools
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.plan.tolerations import tolerations_of

_CHART = "gpu-operator"
# Images with NVIDIA_VISIBLE_DEVICES=all, as CUDA's have it, would get every GPU of the node without asking for one
# (NVIDIA/gpu-operator#421 and #700). Devices come by CDI, which does not look at it.
_NO_DEVICES_BY_VARIABLE = [{"name": "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED", "value": "false"}]


def driver_values(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """Values of the operator by which it brings exactly those parts that are its own on these pools."""
    own = [pool for pool in pools if pool.software.driver == "operator"]
    toolkit = any(pool.software.toolkit == "operator" for pool in pools)
    plugin = any(pool.software.device_plugin == "operator" for pool in pools)
    return {
        "driver": {"enabled": bool(own), **_driver(own)},
        "toolkit": {"enabled": True, "env": _NO_DEVICES_BY_VARIABLE} if toolkit else {"enabled": False},
        "devicePlugin": {"enabled": plugin, **device_plugin_configurations(pools)},
    }


def drivers_differ(software: Sequence[tuple[SoftwarePlan, str]]) -> bool:
    """Whether the operator has to install several drivers: other versions, or on other distributions.

    Its own configuration is for one version and one distribution (NVIDIA/cloud-native-docs 52dcb7b,
    gpu-operator/gpu-driver-configuration.rst); `software` are those of the pools, each with the family of its image.
    """
    own = {(entry.driver_version, family) for entry, family in software if entry.driver == "operator"}
    return len(own) > 1


def driver_manifests(pools: Sequence[NodePoolPlan]) -> tuple[ManifestPlan, ...]:
    """An NVIDIADriver for each pool whose driver the operator installs, where these differ; none where they do not."""
    own = [pool for pool in pools if pool.software.driver == "operator"]
    if not _differ(own):
        return ()
    return tuple(_of_pool(pool) for pool in sorted(own, key=lambda pool: pool.name))


def default_driver_version() -> str:
    """The version that the pinned operator installs where nobody names one."""
    return split_image(_CHART, "driver")["version"]


def _differ(pools: Sequence[NodePoolPlan]) -> bool:
    return drivers_differ([(pool.software, pool.image.family) for pool in pools])


def _driver(own: Sequence[NodePoolPlan]) -> dict[str, Any]:
    if not own:
        return {}
    if _differ(own):
        return {"nvidiaDriverCRD": {"enabled": True, "deployDefaultCR": False}}
    version = own[0].software.driver_version
    return {**({"version": version} if version else {}), **_peer_memory(own)}


def _peer_memory(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """The module by which InfiniBand adapters reach GPU memory, built on the network operator's driver.

    NVIDIA AICR, recipes for AKS (driver.rdma): the network operator's containers have that driver, not the host.
    """
    return {"rdma": {"enabled": True, "useHostMofed": False}} if infiniband_pools(pools) else {}


def _of_pool(pool: NodePoolPlan) -> ManifestPlan:
    return ManifestPlan(
        name=pool.name,
        namespace=None,
        api_version="nvidia.com/v1alpha1",
        kind="NVIDIADriver",
        spec={
            "driverType": "gpu",
            "kernelModuleType": "auto",
            "nodeSelector": {POOL_LABEL: pool.name},
            "tolerations": tolerations_of([pool]),
            **split_image(_CHART, "driver"),
            "version": pool.software.driver_version or default_driver_version(),
            "manager": split_image(_CHART, "driver-manager"),
            **_peer_memory([pool]),
        },
        after_releases=True,
    )
