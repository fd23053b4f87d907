"""Who brings the driver, the container toolkit and the device plugin: one table for pool flags and Helm values."""

from dataclasses import replace
from typing import assert_never

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.model import Family, SoftwareOwner, SoftwarePlan
from gpucloud.plan.place import Allocation
from gpucloud.spec.node_pool import DriverOwner

FAMILIES: dict[Cloud, tuple[Family, ...]] = {
    "aws": ("al2023", "bottlerocket", "custom"),
    "azure": ("ubuntu", "azure-linux"),
    "gcp": ("cos", "ubuntu"),
}
"""Node images by cloud, the default first."""


def plan_software(cloud: Cloud, family: Family, owner: DriverOwner, version: str | None) -> SoftwarePlan:
    """Exactly one owner of each part; combinations that a platform does not have are refused by a rule.

    vendor: EKS's AL2023 image has driver and toolkit, Bottlerocket the device plugin too; AKS installs driver and
    toolkit (`gpuProfile.driver: Install`) and no device plugin; GKE installs all three, its driver by its own plugin's
    DaemonSet (NVIDIA/aicr#2047), so that they come or go together.
    """
    match owner:
        case "operator":
            return SoftwarePlan("operator", "operator", "operator", version)
        case "host":
            return SoftwarePlan("host", "operator", "operator", version)
        case "vendor":
            return SoftwarePlan("cloud", "cloud", _cloud_plugin(cloud, family), version)
        case _:
            assert_never(owner)


def by_claims(software: SoftwarePlan, resource_name: str, allocation: Allocation) -> SoftwarePlan:
    """The same with the DRA driver in the device plugin's place, where claims are how pods get NVIDIA GPUs."""
    if allocation != "dra" or resource_name != "nvidia.com/gpu":
        return software
    return replace(software, device_plugin="dra")


def _cloud_plugin(cloud: Cloud, family: Family) -> SoftwareOwner:
    match cloud:
        case "aws":
            return "cloud" if family == "bottlerocket" else "operator"
        case "azure":
            return "operator"
        case "gcp":
            return "cloud"
        case _:
            assert_never(cloud)
