"""Rules about versions that a person chooses for the GPU stack."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.advisories import advisories_against, floor_version
from gpucloud.facts.charts import chart
from gpucloud.facts.driver_branches import driver_branches, unknown_to
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.cluster import ClusterSpec

_OPERATOR = "gpu-operator"
_BRANCH_DIGITS = 3


def operator_has_no_known_hole(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A version of NVIDIA's operator with a published advisory against it or the toolkit that it brings."""
    written = cluster.gpu_stack.operator_version if cluster.gpu_stack is not None else None
    against = advisories_against(_OPERATOR, written) if written is not None else ()
    if against:
        identifiers = ", ".join(name for entry in against for name in entry.identifiers)
        pinned = chart(_OPERATOR).version.removeprefix("v")
        yield Problem(
            f"{path}.gpu_stack.operator_version",
            f"GPU Operator {written} has {identifiers}: {against[-1].consequence}",
            f"take {floor_version(_OPERATOR)} or later, or leave it out: {pinned}",
        )


def driver_version_is_the_vendors(context: PoolContext) -> Iterator[Problem]:
    """NVIDIA's versions begin with a branch of three digits, AMD's with ROCm's release or the driver's own (30.10).

    ROCm/gpu-operator v1.5.1, docs/drivers/installation; a version of the other vendor names no image.
    """
    machine, version = context.machine, context.pool.driver_version
    if machine is None or version is None or not version[0].isdigit() or context.pool.driver_owner != "operator":
        return
    nvidia = accelerator(machine.accelerator).vendor == "nvidia"
    if nvidia != (len(version.partition(".")[0]) == _BRANCH_DIGITS):
        yield context.problem(
            "driver_version",
            f"{version} is no version of a driver for {machine.accelerator}",
            f"write one such as {'580.126.09' if nvidia else '7.0.2'}, or leave it out",
        )


def driver_knows_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """A driver from before the accelerator does not bind to it: the nodes come without a single device."""
    machine, version = context.machine, context.pool.driver_version
    if machine is None or version is None or context.pool.driver_owner != "operator":
        return
    if accelerator(machine.accelerator).vendor == "nvidia" and unknown_to(machine.accelerator, version):
        branches = driver_branches(machine.accelerator)
        yield context.problem(
            "driver_version",
            f"driver {version} does not know {machine.accelerator}, the nodes would have no devices",
            f"take {branches[0].floor or branches[0].first_version} or later, or leave it out",
        )
