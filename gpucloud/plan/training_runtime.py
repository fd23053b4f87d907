"""Kubeflow Trainer, and runtimes for pools by which a job gets all that a node of them has."""

from collections.abc import Mapping, Sequence
from typing import Any

from gpucloud.facts.images import images
from gpucloud.plan.claims import has_bridge
from gpucloud.plan.dra import is_in_nvl72_rack
from gpucloud.plan.mirrors import mirrored
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.pod_resources import asked_devices, fabric_resources
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.plan.trainer_model import TrainerPlan
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec

_CHART = "kubeflow-trainer"
_NVIDIA = "nvidia.com/gpu"
_FABRICS = ("none", "efa", "infiniband")
# What libfabric and NCCL are told where the node has EFA (NVIDIA AICR, recipes for EKS).
_EFA_ENVIRONMENT = {"FI_EFA_FORK_SAFE": "1", "NCCL_SOCKET_IFNAME": "eth0"}


def trainer_releases(stack: GpuStackSpec) -> tuple[ReleasePlan, ...]:
    """The trainer's release with JobSet, of which its jobs are made; none where nobody asked for it.

    Its built-in runtimes stay out: they ask for no fabric, and jobs would run over TCP without a word
    (NVIDIA/aicr#2275).
    """
    if not stack.trainer:
        return ()
    values = {"jobset": {"install": True}, "runtimes": {"defaultEnabled": False}}
    return (pinned_release(_CHART, values),)


def training_runtimes(
    stack: GpuStackSpec, pools: Sequence[NodePoolPlan], mirrors: Sequence[MirrorSpec], version: str | None
) -> tuple[ManifestPlan, ...]:
    """A ClusterTrainingRuntime for each pool with whole NVIDIA GPUs that pods can count.

    It asks for every GPU that a node gives one pod and for its fabric, tolerates the pool's taints and may lock memory;
    what a TrainJob asks for beside that is added (kubeflow/trainer v2.3.0, resourcesPerNode). `version` is the
    cluster's minor, None where it is not known.
    """
    if not stack.trainer:
        return ()
    return tuple(_runtime(stack, pool, mirrors) for pool in pools if _why_none(pool, version) is None)


def plan_trainer(stack: GpuStackSpec | None, pools: Sequence[NodePoolPlan], version: str | None) -> TrainerPlan | None:
    """Which of the pools have a runtime, and why the others have none; None where nobody asked for the trainer."""
    if stack is None or not stack.trainer:
        return None
    why = {pool.name: _why_none(pool, version) for pool in sorted(pools, key=lambda pool: pool.name)}
    return TrainerPlan(
        runtimes=tuple((name, _runtime_name(name)) for name, reason in why.items() if reason is None),
        without=tuple((name, reason) for name, reason in why.items() if reason is not None),
    )


def _runtime_name(pool: str) -> str:
    return f"torch-{pool}"


def _why_none(pool: NodePoolPlan, version: str | None) -> str | None:
    """Why a pool has no runtime, None where it has one.

    The trainer starts a process for each device that a resource with `gpu` in its name counts, and one in all where
    devices are claimed (kubeflow/trainer v2.3.0, pkg/runtime/framework/plugins/torch/torch.go).
    """
    if pool.machine.resource_name != _NVIDIA:
        return f"the runtime's image is for NVIDIA GPUs, pods of the pool ask for {pool.machine.resource_name}"
    if pool.sharing is not None:
        return "its GPUs are shared, and a runtime is for whole ones"
    if pool.fabric not in _FABRICS:
        return f"pods over {pool.fabric} need annotations and sidecars of their own"
    if pool.software.device_plugin == "dra":
        if is_in_nvl72_rack(pool):
            return "jobs in an NVL72 rack claim a channel of a ComputeDomain of their own"
        if not has_bridge(version):
            return "its GPUs are claimed, and pods that count them need Kubernetes 1.36"
    return None


def _runtime(stack: GpuStackSpec, pool: NodePoolPlan, mirrors: Sequence[MirrorSpec]) -> ManifestPlan:
    pod = {
        "nodeSelector": {POOL_LABEL: pool.name},
        "tolerations": tolerations_of([pool]),
        "containers": [_container(pool, mirrors)],
        # NCCL's processes of a node meet there; containers have 64 MiB by themselves.
        "volumes": [{"name": "dshm", "emptyDir": {"medium": "Memory"}}],
        # The Secret has to be in the namespace of the job: the stack makes it for operators alone.
        **({"imagePullSecrets": [{"name": stack.pull_secret}]} if stack.pull_secret else {}),
    }
    job = {
        "name": "node",
        "template": {
            "metadata": {"labels": {"trainer.kubeflow.org/trainjob-ancestor-step": "trainer"}},
            "spec": {"template": {"spec": pod}},
        },
    }
    return ManifestPlan(
        name=_runtime_name(pool.name),
        namespace=None,
        api_version="trainer.kubeflow.org/v1alpha1",
        kind="ClusterTrainingRuntime",
        spec={"mlPolicy": {"numNodes": 1, "torch": {}}, "template": {"spec": {"replicatedJobs": [job]}}},
        after_releases=True,
        labels={"trainer.kubeflow.org/framework": "torch"},
    )


def _container(pool: NodePoolPlan, mirrors: Sequence[MirrorSpec]) -> dict[str, Any]:
    image = next(entry for entry in images(_CHART) if entry.component == "torch-runtime")
    resources = dict(sorted(_resources(pool).items()))
    found: dict[str, Any] = {
        "name": "node",
        "image": f"{mirrored(image.repository, mirrors)}:{image.tag}",
        "resources": {"limits": resources, "requests": resources},
        "volumeMounts": [{"name": "dshm", "mountPath": "/dev/shm"}],  # noqa: S108 - a mount of the container's own
    }
    if pool.fabric == "efa":
        found["env"] = [{"name": name, "value": value} for name, value in sorted(_EFA_ENVIRONMENT.items())]
    if pool.fabric != "none":
        # Adapters reach only memory that is locked, and containers may lock 64 KiB to 8 MiB by themselves.
        found["securityContext"] = {"capabilities": {"add": ["IPC_LOCK"]}}
    return found


def _resources(pool: NodePoolPlan) -> Mapping[str, str]:
    return {pool.machine.resource_name: str(asked_devices(pool)), **fabric_resources(pool)}
