"""Rules about GPUs by ResourceClaims: what they need of the cluster, and of each pool with NVIDIA GPUs."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.plan.image import image_family
from gpucloud.plan.rules.context import PoolContext
from gpucloud.plan.software import plan_software
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.sharing import Mps, TimeSlicing

# NVIDIA/cloud-native-docs 52dcb7b, GPU Operator 26.7, DRA: Kubernetes 1.34.2 and driver 580. The driver's own pages
# (v0.4.1, docs/prerequisites.md) ask for 565 only: the stricter one holds.
_KUBERNETES, _DRIVER = (1, 34), 580
_RESOURCE = "nvidia.com/gpu"


def claims_need_a_newer_kubernetes(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Claims are a stable part of Kubernetes from 1.34 on (resource.k8s.io/v1)."""
    if cluster.gpu_stack is None or cluster.gpu_stack.allocation != "dra":
        return
    major, minor = cluster.kubernetes_version.split(".")[:2]
    if (int(major), int(minor)) < _KUBERNETES:
        yield Problem(
            f"{path}.kubernetes_version",
            f"{cluster.kubernetes_version} has no stable ResourceClaims, allocation `dra` needs 1.34.2",
            "set kubernetes_version to 1.34 or later, or allocation to `device-plugin`",
        )


def claimed_devices_have_no_plugin(context: PoolContext) -> Iterator[Problem]:
    """A device plugin that comes with the image or the cloud would give the same GPU to a second pod.

    NVIDIA/aicr#1327. Sharing by replicas is the plugin's; the DRA driver shares as a claim asks.
    """
    pool, cloud = context.pool, context.place.cloud
    if not _claims(context):
        return
    family = image_family(cloud, pool)
    if plan_software(cloud, family, pool.driver_owner, None).device_plugin == "cloud":
        other = "Bottlerocket's" if cloud == "aws" else "GKE's"
        fix = "use al2023" if cloud == "aws" else "set driver_owner to `operator`, and image.family to `ubuntu`"
        yield context.problem(
            "driver_owner", f"{other} own device plugin would give claimed GPUs to other pods", f"{fix}"
        )
    if isinstance(pool.sharing, TimeSlicing | Mps):
        yield context.problem(
            "sharing",
            f"{pool.sharing.type} is the device plugin's, with allocation `dra` nobody would divide the GPUs",
            "use `whole`, and ask for sharing in the ResourceClaim; or set allocation to `device-plugin`",
        )


def claimed_pools_keep_a_node(context: PoolContext) -> Iterator[Problem]:
    """Without a node there is no ResourceSlice, and the autoscalers of EKS and AKS have nothing to reckon with.

    kubernetes/autoscaler#7799 and #10199: only GKE's knows what a node that is not there would offer.
    """
    if _claims(context) and context.place.cloud != "gcp" and context.pool.size.min < 1:
        yield context.problem(
            "size.min",
            "0 nodes publish no devices, so no claim ever makes the autoscaler start one",
            "set min to 1 or more, or allocation to `device-plugin`",
        )


def claimed_devices_have_a_new_driver(context: PoolContext) -> Iterator[Problem]:
    """The DRA driver asks for a driver that an old version is not."""
    version = context.pool.driver_version
    if _claims(context) and version is not None and version[:3].isdigit() and int(version[:3]) < _DRIVER:
        yield context.problem(
            "driver_version",
            f"driver {version} is too old for allocation `dra`",
            f"take {_DRIVER} or later, or leave it out",
        )


def claimed_devices_are_held_back_by_a_taint(context: PoolContext) -> Iterator[Problem]:
    """Quotas and queues count `requests.nvidia.com/gpu`, which a pod with a claim does not ask for.

    Quotas count claimed devices by their class, and a pod may choose another (k8s.io/api v0.36.3, core/v1/types.go,
    ResourceClaimsPerClass).
    """
    held = context.pool.held_back
    if _claims(context) and held is not None and held.by != "taint":
        yield context.problem(
            "held_back",
            f"a {held.by} counts {_RESOURCE}, with allocation `dra` pods get GPUs past it",
            "use by: taint, or set allocation to `device-plugin`",
        )


def _claims(context: PoolContext) -> bool:
    machine = context.machine
    return (
        context.place.allocation == "dra"
        and machine is not None
        and accelerator(machine.accelerator).resource_name == _RESOURCE
    )
