"""Which node image a pool boots, and what happens to its disks."""

from typing import Literal

from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.model import DiskPlan, Family, ImagePlan
from gpucloud.plan.nodes import accelerator_vendor
from gpucloud.plan.software import FAMILIES
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


def image_family(cloud: Cloud, pool: NodePoolSpec) -> Family:
    """The node image's family: the one named, or the cloud's default."""
    return pool.image.family or FAMILIES[cloud][0]


def plan_image(cloud: Cloud, pool: NodePoolSpec, machine: MachineType) -> ImagePlan:
    """The image; who owns the driver is checked against it by a rule. Only EKS has images for one vendor alone."""
    family = image_family(cloud, pool)
    variant = image_variant(machine) if family in {"al2023", "bottlerocket"} else "standard"
    return ImagePlan(family, variant, pool.image.id)


def plan_disk(cloud: Cloud, pool: NodePoolSpec, machine: MachineType) -> DiskPlan:
    """The disks; without local drives there is nothing to make an array of, and AKS leaves them to pods."""
    disk = pool.root_disk
    return DiskPlan(
        root_device=pool.image.root_device,
        root_gib=disk.size_gib,
        root_throughput_mib_s=disk.throughput_mib_s if cloud == "aws" else None,
        root_iops=disk.iops if cloud == "aws" else None,
        local_nvme=pool.local_nvme if machine.local_nvme_disks and cloud != "azure" else "none",
    )
