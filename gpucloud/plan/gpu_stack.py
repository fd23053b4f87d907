"""The Helm releases of a cluster, with values that follow from its pools."""

from collections.abc import Sequence
from typing import Any

from gpucloud.facts.charts import chart
from gpucloud.plan.amd_stack import amd_releases
from gpucloud.plan.batch_scheduling import batch_releases
from gpucloud.plan.dra import dra_releases
from gpucloud.plan.exporter import exporter_values
from gpucloud.plan.mig_manager import mig_values
from gpucloud.plan.mirrors import release_from_mirrors
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.monitoring import monitoring_releases, service_monitor
from gpucloud.plan.network_operator import network_operator_releases
from gpucloud.plan.neuron_stack import neuron_releases
from gpucloud.plan.nvidia_driver import driver_values
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.problem_detection import problem_detection_releases
from gpucloud.plan.release_values import with_values
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.plan.training_runtime import trainer_releases
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec

_NVIDIA = "nvidia.com/gpu"


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
    releases += neuron_releases(pools)
    releases += network_operator_releases(pools)
    releases += monitoring_releases(stack, pools)
    releases += problem_detection_releases(stack, pools)
    releases += batch_releases(stack)
    releases += trainer_releases(stack)
    found = (
        release_from_mirrors(release, mirrors, stack.pull_secret)
        for release in with_values(releases, stack.values, path)
    )
    return tuple(sorted(found, key=lambda release: release.name))


def operator_namespace() -> str:
    """Where NVIDIA's operator and its operands are."""
    return chart("gpu-operator").namespace


def needs_operator(pool: NodePoolPlan) -> bool:
    """Whether the NVIDIA operator has anything to do on a pool: GKE brings all of it with its own driver, DCGM too."""
    return pool.machine.resource_name == _NVIDIA and not (pool.cloud == "gcp" and pool.software.driver == "cloud")


def _gpu_operator(stack: GpuStackSpec, pools: Sequence[NodePoolPlan], all_pools: Sequence[NodePoolPlan]) -> ReleasePlan:
    tolerations = tolerations_of(pools)
    values = {
        **driver_values(pools),
        **_runtime_values(pools),
        **mig_values(pools),
        "cdi": {"enabled": True},
        "dcgmExporter": {**exporter_values(), **service_monitor(stack)},
        "daemonsets": {"tolerations": tolerations},
        # The one discovery of the cluster also finds what other operators are for.
        "node-feature-discovery": {"worker": {"tolerations": tolerations_of(all_pools)}},
    }
    version = f"v{stack.operator_version.removeprefix('v')}" if stack.operator_version else None
    return pinned_release("gpu-operator", values, version=version)


def _runtime_values(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """AKS's own container runtime class, where AKS has set up the runtime (azure-aks-docs, nvidia-gpu-operator).

    A toolkit of the operator's in the same cluster sets up a runtime of that name, too (NVIDIA/gpu-operator v26.7.0,
    controllers/object_controls.go: CONTAINERD_RUNTIME_CLASS).
    """
    if any(pool.cloud == "azure" and pool.software.toolkit == "cloud" for pool in pools):
        return {"operator": {"runtimeClass": "nvidia-container-runtime"}}
    return {}


def _efa_plugin(pools: Sequence[NodePoolPlan]) -> ReleasePlan:
    return pinned_release(
        "aws-efa-k8s-device-plugin",
        {
            "supportedInstanceLabels": {
                "keys": ["node.kubernetes.io/instance-type"],
                "values": sorted({pool.machine.machine_type for pool in pools}),
            },
            "tolerations": tolerations_of(pools),
        },
    )
