"""What GKE is told of a pool's accelerators, where the machine type does not say it all."""

from collections.abc import Mapping

import pulumi_gcp as gcp

from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.plan.model import NodePoolPlan, SoftwarePlan
from gpucloud.plan.sharing_model import SharingWay

# GKE API, GPUSharingConfig.GPUSharingStrategy; MIG is cut by `gpuPartitionSize`.
_STRATEGY: Mapping[SharingWay, str] = {"mps": "MPS", "time-slicing": "TIME_SHARING"}
_DEFAULT, _LATEST, _DISABLED = "DEFAULT", "LATEST", "INSTALLATION_DISABLED"


def gke_driver(software: SoftwarePlan) -> str:
    """GKE's word for who installs the driver: its own default or latest one, or somebody else."""
    if software.driver != "cloud":
        return _DISABLED
    return _LATEST if software.driver_version == "latest" else _DEFAULT


def guest_accelerators(
    pool: NodePoolPlan, machine: MachineType, vendor: GcpMachine
) -> list[gcp.container.NodePoolNodeConfigGuestAcceleratorArgs] | None:
    """The accelerators of a node; None where all of it follows from the machine type.

    A machine type with accelerators of its own implies type and count, and GKE then installs its default driver
    (terraform-provider-google-beta 93c65b2, container_cluster docs: gpu_driver_version, since 1.30.1-gke.1156000). Any
    other driver and partitions have no field elsewhere, so that type and count are repeated beside them
    (cluster-toolkit, modules/compute/gke-node-pool/README.md). A slice of a GPU counts as one.
    """
    driver = gke_driver(pool.software)
    shared = pool.sharing is not None and pool.software.device_plugin == "cloud"
    if not vendor.attached and driver == _DEFAULT and not shared:
        return None
    return [
        gcp.container.NodePoolNodeConfigGuestAcceleratorArgs(
            type=vendor.gke_accelerator,
            count=max(machine.accelerator_count, 1),
            gpu_driver_installation_config=gcp.container.NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgs(
                gpu_driver_version=driver
            ),
            gpu_partition_size=pool.sharing.profile if pool.sharing else None,
            gpu_sharing_config=_clients(pool),
        )
    ]


def _clients(pool: NodePoolPlan) -> gcp.container.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs | None:
    """How many containers share a GPU, where GKE's own plugin serves it; the operator's is told by a label."""
    sharing = pool.sharing
    if sharing is None or sharing.replicas is None or pool.software.device_plugin != "cloud":
        return None
    return gcp.container.NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgs(
        gpu_sharing_strategy=_STRATEGY[sharing.way], max_shared_clients_per_gpu=sharing.replicas
    )
