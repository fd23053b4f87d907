"""Rules that hold a pool against what its machine type has."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.machine_types import machine_types
from gpucloud.plan.image import image_variant
from gpucloud.plan.rules.context import PoolContext


def fabric_exists_on_the_machine_type(context: PoolContext) -> Iterator[Problem]:
    """EFA on a machine type without it is refused by EC2."""
    machine = context.machine
    if machine is None or context.pool.fabric.type != "efa" or machine.fabric == "efa":
        return
    alike = [
        other.name
        for other in machine_types(context.place.cloud)
        if other.accelerator == machine.accelerator and other.fabric == "efa"
    ]
    others = f"use one that has it ({', '.join(alike[:4])}), or " if alike else ""
    yield context.problem(
        "fabric", f"{machine.name} has no EFA, EC2 would refuse the launch template", f"{others}set fabric to `none`"
    )


def local_drives_exist(context: PoolContext) -> Iterator[Problem]:
    """A strategy for drives that the machine type does not have does nothing; said only where a person wrote it."""
    pool, machine = context.pool, context.machine
    if machine is None or "local_nvme" not in pool.model_fields_set or pool.local_nvme == "none":
        return
    needed = 4 if pool.local_nvme == "raid10" else 1
    if machine.local_nvme_disks < needed:
        yield context.problem(
            "local_nvme",
            f"{machine.name} has {machine.local_nvme_disks} local drives and {pool.local_nvme} needs {needed}",
            "leave it out, or choose a machine type with drives",
        )


def bottlerocket_cannot_make_raid10(context: PoolContext) -> Iterator[Problem]:
    """Bottlerocket's only array is RAID-0 (`apiclient ephemeral-storage init`); it mounts no drive by itself."""
    pool = context.pool
    if pool.image.family == "bottlerocket" and pool.local_nvme in {"raid10", "mount"}:
        yield context.problem("local_nvme", f"Bottlerocket has no {pool.local_nvme}", "use `raid0` or `none`")


def driver_has_exactly_one_owner(context: PoolContext) -> Iterator[Problem]:
    """A driver in the image and one from the operator exclude each other; without either there is none.

    NVIDIA/gpu-operator#686, NVIDIA/aicr#2743: the EKS images ship driver and toolkit.
    """
    pool = context.pool
    match pool.driver_owner, pool.image.family:
        case "operator" | "host", "al2023" | "bottlerocket" as family:
            yield context.problem(
                "driver_owner",
                f"the {family} image brings its own driver, a second owner ({pool.driver_owner}) would fight it",
                "set driver_owner to `vendor`, or give an own image without one (image: {family: custom, id: ami-…})",
            )
        case "vendor", "custom":
            yield context.problem(
                "driver_owner",
                "an own image has no driver of the vendor's, so the nodes would have none",
                "set driver_owner to `host` (the image has it) or `operator` (containers bring it)",
            )


def image_knows_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """EKS builds accelerated images for NVIDIA and Neuron only; others need an own image."""
    machine, pool = context.machine, context.pool
    if machine is None or pool.image.family == "custom":
        return
    variant = image_variant(machine)
    if variant == "standard" or (variant == "neuron" and pool.image.family == "bottlerocket"):
        yield context.problem(
            "image",
            f"there is no {pool.image.family} image with the software of {machine.accelerator}",
            "give an own image (image: {family: custom, id: ami-…} with driver_owner: host)",
        )


def operator_knows_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """The operator of the GPU stack installs NVIDIA drivers only."""
    machine, pool = context.machine, context.pool
    if machine is not None and pool.driver_owner == "operator" and image_variant(machine) != "nvidia":
        yield context.problem(
            "driver_owner",
            f"the operator installs NVIDIA drivers, not those of {machine.accelerator}",
            "set driver_owner to `host` and give an image that has the driver",
        )


def legacy_driver_is_not_forced_open(context: PoolContext) -> Iterator[Problem]:
    """The operator's default is the open kernel module, which Volta does not have (those begin with Turing)."""
    machine = context.machine
    if machine is not None and context.pool.driver_owner == "operator" and machine.accelerator.startswith("v100-"):
        yield context.problem(
            "driver_owner",
            f"{machine.accelerator} has no open kernel module, which is what the operator installs",
            "set driver_owner to `vendor`",
        )
