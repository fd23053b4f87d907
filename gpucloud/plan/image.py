"""Which node image a pool boots, and what happens to its disks."""

from typing import Literal, assert_never

from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.model import DiskPlan, ImagePlan
from gpucloud.plan.nodes import accelerator_vendor
from gpucloud.spec.node_pool import NodePoolSpec

Variant = Literal["nvidia", "neuron", "standard"]


def image_variant(machine: MachineType) -> Variant:
    """Whose accelerator software the cloud's image must bring; `standard` where the cloud builds no such image.

    EKS has accelerated images for NVIDIA and Neuron only (the AMI types of botocore 1.44.5's EKS model).
    """
    match accelerator_vendor(machine):
        case "nvidia":
            return "nvidia"
        case "aws":
            return "neuron"
        case _:
            return "standard"


def plan_image(pool: NodePoolSpec, machine: MachineType) -> ImagePlan:
    """The image; who owns the driver is checked against it by a rule."""
    match pool.image.family:
        case "al2023" | "bottlerocket" as family:
            return ImagePlan(family, image_variant(machine), None)
        case "custom":
            return ImagePlan("custom", "standard", pool.image.id)
        case _:
            assert_never(pool.image.family)


def plan_disk(pool: NodePoolSpec, machine: MachineType) -> DiskPlan:
    """The disks; without local drives there is nothing to make an array of."""
    return DiskPlan(
        root_device=pool.image.root_device,
        root_gib=pool.root_disk.size_gib,
        root_throughput_mib_s=pool.root_disk.throughput_mib_s,
        root_iops=pool.root_disk.iops,
        local_nvme=pool.local_nvme if machine.local_nvme_disks else "none",
    )
