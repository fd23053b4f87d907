"""An agent pool for one offering of a pool, and the proximity placement group of a shard."""

from typing import assert_never

import pulumi
from pulumi_azure_native import compute, containerservice

from gpucloud.azure.cluster_ref import AzureClusterRef
from gpucloud.azure.node_settings import kubelet_config_args, linux_config_args, pool_settings
from gpucloud.azure.tags import resource_tags, scale_from_zero_tags, taint_text
from gpucloud.facts.zones import REGIONAL
from gpucloud.plan.model import Family, NodePoolPlan, OfferingPlan, SoftwareOwner
from gpucloud.plan.sharing_model import SharingPlan

# What AKS takes at the creation of a pool alone: another value means another pool, and AKS answers an update with
# PropertyChangeNotAllowed. azure-native replaces by itself only for a name, vmSize and gpuInstanceProfile
# (pulumi-azure-native, provider/pkg/gen/replacement.go). Sources by field: azure-aks-docs custom-node-configuration,
# use-nvidia-gpu, spot-node-pool, reduce-latency-ppg, create-node-pools; terraform-provider-azurerm,
# kubernetes_cluster_node_pool ("forces a new resource"); AKS#5595 (zones).
CREATION_ONLY = (
    "availabilityZones",
    "capacityReservationGroupID",
    "gpuProfile",
    "kubeletConfig",
    "linuxOSConfig",
    "maxPods",
    "osDiskSizeGB",
    "osType",
    "proximityPlacementGroupID",
    "scaleSetEvictionPolicy",
    "scaleSetPriority",
    "spotMaxPrice",
    "type",
    "vnetSubnetID",
)

# AKS puts it on spot nodes by itself, and reports it as the pool's own: left out, every update would differ
# (terraform-provider-azurerm, kubernetes_cluster_node_pool, priority).
SPOT_LABEL = {"kubernetes.azure.com/scalesetpriority": "spot"}


def agent_pool_args(
    pool: NodePoolPlan, offering: OfferingPlan, cluster: AzureClusterRef, placement: pulumi.Input[str] | None
) -> containerservice.AgentPoolArgs:
    """The agent pool, under the name that the plan gave it.

    `regional` is no zone at all: Azure then places the nodes anywhere in the region. The operating system's disk is
    ephemeral where the machine can hold it, which is AKS's own choice as long as no type is named.
    """
    spot = offering.capacity_type == "spot"
    return containerservice.AgentPoolArgs(
        resource_group_name=cluster.resource_group_name,
        resource_name=cluster.cluster_name,
        agent_pool_name=offering.physical_name,
        mode="User",
        type="VirtualMachineScaleSets",
        vm_size=pool.machine.machine_type,
        availability_zones=zones_of(offering.zone),
        count=offering.size.desired,
        enable_auto_scaling=True,
        min_count=offering.size.min,
        max_count=offering.size.max,
        scale_set_priority="Spot" if spot else "Regular",
        scale_set_eviction_policy="Delete" if spot else None,
        # Up to the on-demand price: no node is taken back for its price alone (azure-aks-docs, spot-node-pool).
        spot_max_price=-1 if spot else None,
        capacity_reservation_group_id=offering.reservation_id,
        proximity_placement_group_id=placement,
        gpu_profile=containerservice.GPUProfileArgs(driver=gpu_driver(pool.software.driver)),
        gpu_instance_profile=gpu_instance_profile(pool.sharing),
        kubelet_config=kubelet_config_args(pool.kubelet),
        linux_os_config=linux_config_args(pool.linux),
        os_type="Linux",
        os_sku=os_sku(pool.image.family),
        os_disk_size_gb=pool.disk.root_gib,
        orchestrator_version=cluster.kubernetes_version,
        upgrade_settings=None if spot else _upgrade_settings(),
        vnet_subnet_id=cluster.node_subnet_id,
        node_labels={**dict(pool.labels), **(SPOT_LABEL if spot else {})},
        node_taints=[taint_text(taint) for taint in (*pool.taints, *offering.taints) if not taint.set_by_cloud],
        tags=resource_tags({**cluster.tags, **scale_from_zero_tags(pool, offering)}),
        **pool_settings(pool.kubelet),
    )


def placement_group_args(
    pool: NodePoolPlan, zone: str, cluster: AzureClusterRef
) -> compute.ProximityPlacementGroupArgs:
    """A proximity placement group for one shard; in a zone it must say which sizes it is for (`intent`)."""
    zones = zones_of(zone)
    return compute.ProximityPlacementGroupArgs(
        resource_group_name=cluster.resource_group_name,
        location=cluster.region,
        proximity_placement_group_type="Standard",
        zones=zones,
        intent=(
            compute.ProximityPlacementGroupPropertiesIntentArgs(vm_sizes=[pool.machine.machine_type]) if zones else None
        ),
        tags=resource_tags(cluster.tags),
    )


def zones_of(zone: str) -> list[pulumi.Input[str]] | None:
    """The zones of an agent pool of one shard."""
    return None if zone == REGIONAL else [zone]


def gpu_driver(owner: SoftwareOwner) -> str:
    """Whether AKS installs the driver. The tag SkipGPUDriverInstall did this once and does nothing now (AKS#4925)."""
    match owner:
        case "cloud":
            return "Install"
        case "operator":
            return "None"
        case "host":
            raise ValueError("AKS takes no own image that could have a driver")  # the plan refuses it first
        case _:
            assert_never(owner)


def gpu_instance_profile(sharing: SharingPlan | None) -> str | None:
    """AKS's name of a MIG profile: `MIG1g` for `1g.10gb`, since the size tells the memory (gpu-multi-instance)."""
    return f"MIG{sharing.profile.partition('.')[0]}" if sharing and sharing.profile else None


def os_sku(family: Family) -> str:
    """AKS's name for an image family, in the version that AKS itself takes for the Kubernetes version."""
    match family:
        case "ubuntu":
            return "Ubuntu"
        case "azure-linux":
            return "AzureLinux"
        case "al2023" | "bottlerocket" | "cos" | "custom":
            raise ValueError(f"AKS has no {family} image")  # the plan refuses it first
        case _:
            assert_never(family)


def _upgrade_settings() -> containerservice.AgentPoolUpgradeSettingsArgs:
    """One node at a time, in place: a surge node needs capacity that may not be there, or that is reserved.

    azure-aks-docs, upgrade-aks-node-pools-rolling; spot pools take neither (terraform-provider-azurerm).
    """
    return containerservice.AgentPoolUpgradeSettingsArgs(max_surge="0", max_unavailable="1")
