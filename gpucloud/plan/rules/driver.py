"""Rules about who installs the driver."""

from collections.abc import Iterator
from typing import assert_never

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.plan.image import image_family, image_variant
from gpucloud.plan.nodes import accelerator_vendor
from gpucloud.plan.rules.context import PoolContext


def driver_has_exactly_one_owner(context: PoolContext) -> Iterator[Problem]:
    """A driver in the image and one from the operator exclude each other; without either there is none.

    NVIDIA/gpu-operator#686, NVIDIA/aicr#2743: the EKS images ship driver and toolkit. AKS and GKE can be told to leave
    the driver out, and take no own image that could have one.
    """
    pool, cloud = context.pool, context.place.cloud
    match cloud:
        case "aws":
            yield from _on_eks(context)
        case "azure" | "gcp":
            if pool.driver_owner == "host":
                yield context.problem(
                    "driver_owner",
                    f"{'AKS' if cloud == 'azure' else 'GKE'} takes no own image, so no driver could be in it",
                    "set driver_owner to `vendor` or `operator`",
                )
        case _:
            assert_never(cloud)


def _on_eks(context: PoolContext) -> Iterator[Problem]:
    owner, family = context.pool.driver_owner, image_family("aws", context.pool)
    if owner != "vendor" and family in {"al2023", "bottlerocket"}:
        yield context.problem(
            "driver_owner",
            f"the {family} image brings its own driver, a second owner ({owner}) would fight it",
            "set driver_owner to `vendor`, or give an own image without one (image: {family: custom, id: ami-…})",
        )
    if owner == "vendor" and family == "custom":
        yield context.problem(
            "driver_owner",
            "an own image has no driver of the vendor's, so the nodes would have none",
            "set driver_owner to `host` (the image has it) or `operator` (containers bring it)",
        )


def image_knows_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """EKS builds accelerated images for NVIDIA and Neuron only; others need an own image."""
    machine, family = context.machine, image_family("aws", context.pool)
    if machine is None or family == "custom":
        return
    variant = image_variant(machine)
    if variant == "standard" or (variant == "neuron" and family == "bottlerocket"):
        yield context.problem(
            "image",
            f"there is no {family} image with the software of {machine.accelerator}",
            "give an own image (image: {family: custom, id: ami-…} with driver_owner: host)",
        )


def operator_knows_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """The operators of the GPU stack install the drivers of NVIDIA and of AMD Instinct GPUs (ROCm/gpu-operator)."""
    machine, pool = context.machine, context.pool
    if machine is None or pool.driver_owner != "operator":
        return
    if accelerator_vendor(machine) != "nvidia" and not accelerator(machine.accelerator).is_instinct:
        yield context.problem(
            "driver_owner",
            f"no operator installs drivers of {machine.accelerator}",
            "set driver_owner to `host` and give an image that has the driver",
        )


def legacy_driver_is_not_forced_open(context: PoolContext) -> Iterator[Problem]:
    """The operator's default is the open kernel module, which Pascal and Volta do not have (it begins with Turing)."""
    machine = context.machine
    if machine is None or context.pool.driver_owner != "operator":
        return
    if accelerator(machine.accelerator).open_kernel_module == "unsupported":
        yield context.problem(
            "driver_owner",
            f"{machine.accelerator} has no open kernel module, which is what the operator installs",
            "set driver_owner to `vendor`",
        )
