"""Kubeflow Trainer, and a runtime for each pool by which a job gets all that a node of it has."""

from collections.abc import Mapping, Sequence
from typing import Any

from gpucloud.facts.images import images
from gpucloud.plan.mirrors import mirrored
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.pod_resources import asked_devices, fabric_resources
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec

_CHART = "kubeflow-trainer"
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
    stack: GpuStackSpec, pools: Sequence[NodePoolPlan], mirrors: Sequence[MirrorSpec]
) -> tuple[ManifestPlan, ...]:
    """A ClusterTrainingRuntime `torch-POOL` for each pool with whole, counted NVIDIA GPUs.

    It asks for every GPU that a node gives one pod and for its fabric, tolerates the pool's taints and may lock memory;
    what a TrainJob asks for beside that is added (kubeflow/trainer v2.3.0, resourcesPerNode). Pools that are shared or
    claimed have none, and neither have fabrics of Google Cloud, which need more of a pod than a runtime says for all.
    """
    if not stack.trainer:
        return ()
    return tuple(_runtime(stack, pool, mirrors) for pool in pools if _is_whole(pool))


def _is_whole(pool: NodePoolPlan) -> bool:
    counted = pool.machine.resource_name == "nvidia.com/gpu" and pool.software.device_plugin != "dra"
    return counted and pool.sharing is None and pool.fabric in _FABRICS


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
        name=f"torch-{pool.name}",
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
