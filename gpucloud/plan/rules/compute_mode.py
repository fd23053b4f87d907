"""Rules about the compute mode of GPUs."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.plan.image import image_family
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.sharing import Mig, Mps, TimeSlicing


def compute_mode_has_one_owner(context: PoolContext) -> Iterator[Problem]:
    """The MPS daemon sets EXCLUSIVE_PROCESS when it starts and DEFAULT when it ends; turns need several processes.

    NVIDIA/k8s-device-plugin 1b826ac, cmd/mps-control-daemon/mps/daemon.go.
    """
    mode, sharing = context.pool.compute_mode, context.pool.sharing
    if mode is None:
        return
    if isinstance(sharing, Mps):
        yield context.problem(
            "compute_mode",
            f"MPS sets the mode of its GPUs itself, {mode} set by hand fights its daemon, and clients stay outside",
            "leave compute_mode out",
        )
    elif isinstance(sharing, TimeSlicing) and mode == "exclusive-process":
        yield context.problem(
            "compute_mode",
            "only one process has a GPU, every other pod that takes turns on it fails with an error of CUDA",
            "leave compute_mode out, or use MPS",
        )
    elif isinstance(sharing, Mig):
        yield context.problem(
            "compute_mode",
            "is set when a node starts, and the MIG manager resets GPUs when it cuts them later",
            "leave compute_mode out: an instance has its own memory and compute already",
        )


def compute_mode_can_be_set(context: PoolContext) -> Iterator[Problem]:
    """A unit of systemd sets it, where user data reaches a node whose image has NVIDIA's driver."""
    pool, cloud = context.pool, context.place.cloud
    if pool.compute_mode is None or context.machine is None:
        return
    found = accelerator(context.machine.accelerator)
    if found.vendor != "nvidia":
        yield context.problem("compute_mode", f"{found.name} has no such mode, it is NVIDIA's", "leave it out")
        return
    family = image_family(cloud, pool)
    if cloud != "aws" or family == "bottlerocket" or pool.driver_owner == "operator":
        where = (
            "where containers bring the driver" if pool.driver_owner == "operator" else f"on {cloud}'s {family} nodes"
        )
        yield context.problem(
            "compute_mode",
            f"nothing sets it {where}",
            "leave it out, or use an image of EKS's or of your own that has the driver",
        )
