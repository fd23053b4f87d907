"""The Helm releases of a cluster, with values that follow from its pools."""

from collections.abc import Sequence
from typing import Any

from gpucloud.facts.charts import chart
from gpucloud.plan.amd_stack import amd_releases
from gpucloud.plan.device_plugin import device_plugin_configurations
from gpucloud.plan.dra import dra_releases
from gpucloud.plan.exporter import exporter_values
from gpucloud.plan.mig_manager import mig_values
from gpucloud.plan.mirrors import release_from_mirrors
from gpucloud.plan.model import NodePoolPlan, ReleasePlan, SoftwarePlan
from gpucloud.plan.release_values import with_values
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec

OPERATOR_NAMESPACE = "gpu-operator"
_NVIDIA = "nvidia.com/gpu"
# Images with NVIDIA_VISIBLE_DEVICES=all, as CUDA's have it, would get every GPU of the node without asking for one
# (NVIDIA/gpu-operator#421 and #700). Devices come by CDI, which does not look at it.
_NO_DEVICES_BY_VARIABLE = [{"name": "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED", "value": "false"}]


def plan_releases(
    stack: GpuStackSpec | None,
    pools: Sequence[NodePoolPlan],
    path: str = "gpu_stack",
    mirrors: Sequence[MirrorSpec] = (),
) -> tuple[ReleasePlan, ...]:
    """The releases that these pools need, sorted by name; none without a stack. `path` begins the paths of problems.

    Their images come from the mirrors of their registries, whoever names them.
    Raises InvalidInputError for values of a chart that none of them installs.
    """
    if stack is None:
        return ()
    releases = []
    nvidia = [pool for pool in pools if needs_operator(pool)]
    if nvidia:
        releases.append(_gpu_operator(stack, nvidia, pools))
    fabric = [pool for pool in pools if pool.fabric == "efa"]
    if fabric:
        releases.append(_efa_plugin(fabric))
    releases += dra_releases(pools)
    releases += amd_releases(pools, other_discovery=bool(nvidia))
    found = (
        release_from_mirrors(release, mirrors, stack.pull_secret)
        for release in with_values(releases, stack.values, path)
    )
    return tuple(sorted(found, key=lambda release: release.name))


def needs_operator(pool: NodePoolPlan) -> bool:
    """Whether the NVIDIA operator has anything to do on a pool: GKE brings all of it with its own driver, DCGM too."""
    return pool.machine.resource_name == _NVIDIA and not (pool.cloud == "gcp" and pool.software.driver == "cloud")


def _gpu_operator(stack: GpuStackSpec, pools: Sequence[NodePoolPlan], all_pools: Sequence[NodePoolPlan]) -> ReleasePlan:
    pinned = chart("gpu-operator")
    tolerations = tolerations_of(pools)
    return ReleasePlan(
        name=pinned.name,
        namespace=OPERATOR_NAMESPACE,
        chart=pinned.name,
        repository=pinned.repository,
        version=f"v{stack.operator_version.removeprefix('v')}" if stack.operator_version else pinned.version,
        values={
            **driver_values(pools[0].software, pools),
            **_runtime_values(pools[0]),
            **mig_values(pools),
            "cdi": {"enabled": True},
            "dcgmExporter": exporter_values(),
            "daemonsets": {"tolerations": tolerations},
            # The one discovery of the cluster also finds what other operators are for.
            "node-feature-discovery": {"worker": {"tolerations": tolerations_of(all_pools)}},
        },
    )


def driver_values(software: SoftwarePlan, pools: Sequence[NodePoolPlan] = ()) -> dict[str, Any]:
    """Operator values by which it brings exactly those parts that are its own."""
    version = software.driver_version if software.driver == "operator" else None
    return {
        "driver": {"enabled": software.driver == "operator", **({"version": version} if version else {})},
        "toolkit": _toolkit_values(software),
        "devicePlugin": {"enabled": software.device_plugin == "operator", **device_plugin_configurations(pools)},
    }


def _toolkit_values(software: SoftwarePlan) -> dict[str, Any]:
    if software.toolkit != "operator":
        return {"enabled": False}
    return {"enabled": True, "env": _NO_DEVICES_BY_VARIABLE}


def _runtime_values(pool: NodePoolPlan) -> dict[str, Any]:
    """AKS's own container runtime class, where AKS has set up the runtime (azure-aks-docs, nvidia-gpu-operator)."""
    if pool.cloud == "azure" and pool.software.toolkit == "cloud":
        return {"operator": {"runtimeClass": "nvidia-container-runtime"}}
    return {}


def _efa_plugin(pools: Sequence[NodePoolPlan]) -> ReleasePlan:
    pinned = chart("aws-efa-k8s-device-plugin")
    return ReleasePlan(
        name=pinned.name,
        namespace="kube-system",
        chart=pinned.name,
        repository=pinned.repository,
        version=pinned.version,
        values={
            "supportedInstanceLabels": {
                "keys": ["node.kubernetes.io/instance-type"],
                "values": sorted({pool.machine.machine_type for pool in pools}),
            },
            "tolerations": tolerations_of(pools),
        },
    )
