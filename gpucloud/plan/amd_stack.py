"""What a cluster with AMD Instinct pools needs: AMD's operator, what builds its driver, and its configuration."""

from collections.abc import Sequence
from typing import Any

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.charts import chart
from gpucloud.facts.device_identity import device_identity
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.monitoring import has_monitoring, monitor_labels
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.cluster import GpuStackSpec

# While AMD's device configuration manager or a node's own health check holds it.
_CHARTS_TOLERATIONS = (
    {"effect": "NoExecute", "key": "amd-dcm", "operator": "Equal", "value": "up"},
    {"effect": "NoSchedule", "key": "amd-gpu-unhealthy", "operator": "Exists"},
)


def amd_releases(pools: Sequence[NodePoolPlan], *, other_discovery: bool) -> tuple[ReleasePlan, ...]:
    """The operator's release, with cert-manager where it builds drivers; none without AMD pools.

    `other_discovery`: whether another operator brings Node Feature Discovery already, of which a cluster has one. Its
    own DeviceConfig is left out, since the chart updates it at the first installation alone; the plan has one instead.
    """
    amd = _served(pools)
    if not amd:
        return ()
    builds = any(pool.software.driver == "operator" for pool in amd)
    values = {
        "crds": {"defaultCR": {"install": False}},
        # Kernel modules are built by KMM, whose webhook needs cert-manager.
        "kmm": {"enabled": builds, "watch": builds},
        "node-feature-discovery": {"enabled": False} if other_discovery else _discovery(pools),
        # An Argo controller that repairs nodes by itself; the clouds do that already.
        "remediation": {"enabled": False, "installCRDs": False},
    }
    operator = pinned_release("gpu-operator-charts", values, release="amd-gpu-operator")
    return (operator, pinned_release("cert-manager", {"crds": {"enabled": True}})) if builds else (operator,)


def _discovery(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """Discovery that reaches the nodes: the chart's own tolerations are for AMD's taints alone (v1.5.1, values)."""
    return {"enabled": True, "worker": {"tolerations": [*_CHARTS_TOLERATIONS, *tolerations_of(pools)]}}


def _served(pools: Sequence[NodePoolPlan]) -> list[NodePoolPlan]:
    return [pool for pool in pools if accelerator(pool.machine.accelerator).is_instinct]


def amd_manifests(stack: GpuStackSpec, pools: Sequence[NodePoolPlan]) -> tuple[ManifestPlan, ...]:
    """A DeviceConfig for every accelerator of AMD pools, which says who brings the driver and where operands run.

    AMD's documentation asks for three things where the operator installs the driver: the module of the distribution on
    its blacklist, a registry to keep built images in, and a reboot of each node (ROCm/gpu-operator v1.5.1,
    docs/drivers/installation).
    """
    amd = _served(pools)
    return tuple(
        _device_config(stack, name, [pool for pool in amd if pool.machine.accelerator == name])
        for name in sorted({pool.machine.accelerator for pool in amd})
    )


def _device_config(stack: GpuStackSpec, name: str, pools: Sequence[NodePoolPlan]) -> ManifestPlan:
    tolerations = tolerations_of(pools)
    software = pools[0].software
    driver: dict[str, object] = {"enable": software.driver == "operator"}
    if software.driver == "operator":
        driver |= {"blacklist": True, "image": stack.amd_driver_image, "tolerations": tolerations}
        if software.driver_version:
            driver["version"] = software.driver_version
    return ManifestPlan(
        name=name,
        namespace=chart("gpu-operator-charts").namespace,
        api_version="amd.com/v1alpha1",
        kind="DeviceConfig",
        spec={
            "selector": _selector(pools[0]),
            "driver": driver,
            "devicePlugin": {
                "enableDevicePlugin": True,
                "devicePluginTolerations": tolerations,
                "enableNodeLabeller": True,
                "nodeLabellerTolerations": tolerations,
            },
            "metricsExporter": {"enable": True, "tolerations": tolerations, **_monitored(stack)},
        },
        after_releases=True,
    )


def _monitored(stack: GpuStackSpec) -> dict[str, object]:
    """How AMD's operator tells Prometheus of its exporter (v1.5.1, api/v1alpha1/deviceconfig_types.go)."""
    if not has_monitoring(stack):
        return {}
    labels = monitor_labels(stack)
    monitor = {"enable": True, "honorLabels": True, **({"labels": labels} if labels else {})}
    return {"prometheus": {"serviceMonitor": monitor}}


def _selector(pool: NodePoolPlan) -> dict[str, str]:
    """The label that the operator's discovery rule gives this device as a guest sees it: virtual functions differ."""
    labels = device_identity(pool.machine.accelerator, pool.cloud).discovery_labels
    found = next(label for label in labels if label.key.startswith("feature.node.kubernetes.io/amd-"))
    return {found.key: found.value, "gpucloud.io/accelerator": pool.machine.accelerator}
