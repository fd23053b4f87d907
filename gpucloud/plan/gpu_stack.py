"""The Helm releases of a cluster, with values that follow from its pools."""

from collections.abc import Sequence
from typing import Any

from gpucloud.facts.charts import chart
from gpucloud.plan.model import NodePoolPlan, ReleasePlan, TaintPlan
from gpucloud.spec.cluster import GpuStackSpec

OPERATOR_NAMESPACE = "gpu-operator"
_NVIDIA = "nvidia.com/gpu"


def plan_releases(stack: GpuStackSpec | None, pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The releases that these pools need, sorted by name; none without a stack."""
    if stack is None:
        return ()
    releases = []
    nvidia = [pool for pool in pools if pool.machine.resource_name == _NVIDIA]
    if nvidia:
        releases.append(_gpu_operator(stack, nvidia))
    fabric = [pool for pool in pools if pool.fabric == "efa"]
    if fabric:
        releases.append(_efa_plugin(fabric))
    return tuple(sorted(releases, key=lambda release: release.name))


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
            **driver_values(pools[0]),
            "cdi": {"enabled": True},
            "daemonsets": {"tolerations": tolerations},
            "node-feature-discovery": {"worker": {"tolerations": tolerations}},
        },
    )


def driver_values(pool: NodePoolPlan) -> dict[str, Any]:
    """Operator values by which exactly one owner installs the driver, the toolkit and the device plugin.

    vendor, al2023: the image has driver and toolkit; bottlerocket: the device plugin too;
    operator: all from containers; host: the own image has the driver, the operator adds toolkit and plugin.
    """
    match pool.driver_owner:
        case "vendor":
            return {
                "driver": {"enabled": False},
                "toolkit": {"enabled": False},
                "devicePlugin": {"enabled": pool.image.family != "bottlerocket"},
            }
        case "operator":
            return {"driver": {"enabled": True}, "toolkit": {"enabled": True}, "devicePlugin": {"enabled": True}}
        case "host":
            return {"driver": {"enabled": False}, "toolkit": {"enabled": True}, "devicePlugin": {"enabled": True}}


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
    taints = sorted({(taint.key, taint.value, taint.effect) for pool in pools for taint in pool.taints})
    return [_toleration(TaintPlan(*taint)) for taint in taints]


def _toleration(taint: TaintPlan) -> dict[str, str]:
    matched = {"operator": "Equal", "value": taint.value} if taint.value else {"operator": "Exists"}
    return {"key": taint.key, **matched, "effect": taint.effect}
