"""The Helm releases of a cluster, with values that follow from its pools."""

from collections.abc import Sequence
from typing import Any

from gpucloud.facts.charts import chart
from gpucloud.plan.model import NodePoolPlan, ReleasePlan, SoftwarePlan, TaintPlan
from gpucloud.spec.cluster import GpuStackSpec

OPERATOR_NAMESPACE = "gpu-operator"
_NVIDIA = "nvidia.com/gpu"


def plan_releases(stack: GpuStackSpec | None, pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The releases that these pools need, sorted by name; none without a stack."""
    if stack is None:
        return ()
    releases = []
    nvidia = [pool for pool in pools if needs_operator(pool)]
    if nvidia:
        releases.append(_gpu_operator(stack, nvidia))
    fabric = [pool for pool in pools if pool.fabric == "efa"]
    if fabric:
        releases.append(_efa_plugin(fabric))
    return tuple(sorted(releases, key=lambda release: release.name))


def needs_operator(pool: NodePoolPlan) -> bool:
    """Whether the NVIDIA operator has anything to do on a pool: GKE brings all of it with its own driver, DCGM too."""
    return pool.machine.resource_name == _NVIDIA and not (pool.cloud == "gcp" and pool.software.driver == "cloud")


def _gpu_operator(stack: GpuStackSpec, pools: Sequence[NodePoolPlan]) -> ReleasePlan:
    pinned = chart("gpu-operator")
    tolerations = _tolerations(pools)
    return ReleasePlan(
        name=pinned.name,
        namespace=OPERATOR_NAMESPACE,
        chart=pinned.name,
        repository=pinned.repository,
        version=f"v{stack.operator_version.removeprefix('v')}" if stack.operator_version else pinned.version,
        values={
            **driver_values(pools[0].software),
            **_runtime_values(pools[0]),
            **_mig_values(pools),
            "cdi": {"enabled": True},
            "daemonsets": {"tolerations": tolerations},
            "node-feature-discovery": {"worker": {"tolerations": tolerations}},
        },
    )


def driver_values(software: SoftwarePlan) -> dict[str, Any]:
    """Operator values by which it brings exactly those parts that are its own."""
    version = software.driver_version if software.driver == "operator" else None
    return {
        "driver": {"enabled": software.driver == "operator", **({"version": version} if version else {})},
        "toolkit": {"enabled": software.toolkit == "operator"},
        "devicePlugin": {"enabled": software.device_plugin == "operator"},
    }


def _runtime_values(pool: NodePoolPlan) -> dict[str, Any]:
    """AKS's own container runtime class, where AKS has set up the runtime (azure-aks-docs, nvidia-gpu-operator)."""
    if pool.cloud == "azure" and pool.software.toolkit == "cloud":
        return {"operator": {"runtimeClass": "nvidia-container-runtime"}}
    return {}


def _mig_values(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """Instances under the whole GPU's resource name: all of a node are alike (NVIDIA/gpu-operator, mig.strategy)."""
    return {"mig": {"strategy": "single"}} if any(pool.sharing for pool in pools) else {}


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
            "tolerations": _tolerations(pools),
        },
    )


def _tolerations(pools: Sequence[NodePoolPlan]) -> list[dict[str, str]]:
    """A toleration for every taint of these pools: an operand that misses one never reaches the nodes it is for."""
    found = [taint for pool in pools for taint in (*pool.taints, *_of_capacity(pool))]
    taints = sorted({(taint.key, taint.value, taint.effect) for taint in found})
    return [_toleration(TaintPlan(*taint)) for taint in taints]


def _of_capacity(pool: NodePoolPlan) -> set[TaintPlan]:
    return {taint for offering in pool.offerings for taint in offering.taints}


def _toleration(taint: TaintPlan) -> dict[str, str]:
    matched = {"operator": "Equal", "value": taint.value} if taint.value else {"operator": "Exists"}
    return {"key": taint.key, **matched, "effect": taint.effect}
