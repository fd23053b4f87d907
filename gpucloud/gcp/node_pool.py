"""A GKE node pool for one offering of a pool."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never, cast

import pulumi
import pulumi_gcp as gcp

from gpucloud.facts.machine_types import MachineType, machine_type
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.gcp.accelerator import guest_accelerators
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.containerd import containerd_config
from gpucloud.gcp.labels import node_labels, resource_labels
from gpucloud.gcp.node_settings import kubelet_config, linux_node_config, pods_per_node
from gpucloud.gcp.placement import placement_policy
from gpucloud.gcp.reservation import reservation_affinity
from gpucloud.plan.model import Family, NodePoolPlan, OfferingPlan, TaintEffect

# GKE spells effects its own way (GKE API v1, NodeTaint.Effect).
TAINT_EFFECT: dict[TaintEffect, str] = {
    "NoSchedule": "NO_SCHEDULE",
    "PreferNoSchedule": "PREFER_NO_SCHEDULE",
    "NoExecute": "NO_EXECUTE",
}
# What a node may do, its service account's roles say; scopes would only hide some of them.
SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]


@dataclass(frozen=True, slots=True)
class Attached:
    """What other resources give to a node pool.

    Attributes:
        interfaces: Network and subnet, by name, of each interface beside the node's own.
        policy_name: The workload policy of a machine type that comes only under one.
        reservation_checked: What must hold before the node pool names its reservation.
    """

    interfaces: Sequence[tuple[pulumi.Input[str], pulumi.Input[str]]] = ()
    policy_name: pulumi.Input[str] | None = None
    reservation_checked: pulumi.Output[None] | None = None


NOTHING = Attached()


def gcp_machine(pool: NodePoolPlan) -> tuple[MachineType, GcpMachine]:
    """The machine type of a pool, with what only Google Cloud says of it."""
    found = machine_type("gcp", pool.machine.machine_type)
    if not isinstance(found.vendor, GcpMachine):
        raise TypeError(f"{found.name} is no machine type of Google Cloud")  # the plan chooses from its table
    return found, found.vendor


def image_type(family: Family) -> str:
    """GKE's name for a node image (GKE API v1, NodeConfig.imageType)."""
    match family:
        case "cos":
            return "COS_CONTAINERD"
        case "ubuntu":
            return "UBUNTU_CONTAINERD"
        case "al2023" | "azure-linux" | "bottlerocket" | "custom":
            raise ValueError(f"GKE has no {family} image")  # the plan refuses it first
        case _:
            assert_never(family)


def node_pool_args(
    pool: NodePoolPlan, offering: OfferingPlan, cluster: GcpClusterRef, attached: Attached = NOTHING
) -> gcp.container.NodePoolArgs:
    """The node pool of an offering: one zone, and as many nodes as the autoscaler finds pods for.

    Nodes follow the control plane's version by auto-upgrade: a version beside that would fight it
    (terraform-provider-google-beta 93c65b2, container_node_pool docs).
    """
    size = offering.size
    return gcp.container.NodePoolArgs(
        project=cluster.project,
        location=cluster.location or cluster.region,
        cluster=cluster.cluster_name,
        name=offering.physical_name,
        node_locations=[offering.zone],
        initial_node_count=size.desired,
        autoscaling=gcp.container.NodePoolAutoscalingArgs(
            min_node_count=size.min, max_node_count=size.max, location_policy="ANY"
        ),
        max_pods_per_node=pods_per_node(pool),
        management=gcp.container.NodePoolManagementArgs(auto_repair=offering.repair, auto_upgrade=True),
        # One node at a time, and the old one first: a surge starts new nodes before it ends old ones, and their
        # capacity may not be there.
        upgrade_settings=gcp.container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=0, max_unavailable=1),
        placement_policy=placement_policy(pool, offering, attached.policy_name),
        queued_provisioning=(
            gcp.container.NodePoolQueuedProvisioningArgs(enabled=True) if offering.capacity_type == "queued" else None
        ),
        network_config=_network_config(pool, attached),
        node_config=_node_config(pool, offering, cluster, attached),
    )


def has_dranet(pool: NodePoolPlan) -> bool:
    """Whether GKE makes the networks of the pool's fabric itself."""
    return gcp_machine(pool)[1].dranet and pool.fabric != "none"


def _network_config(pool: NodePoolPlan, attached: Attached) -> gcp.container.NodePoolNetworkConfigArgs | None:
    """Interfaces in the order of the plan, or GKE's own; never both (cluster-toolkit, main.tf:559-566)."""
    if has_dranet(pool):
        return gcp.container.NodePoolNetworkConfigArgs(accelerator_network_profile="auto")
    if not attached.interfaces:
        return None
    return gcp.container.NodePoolNetworkConfigArgs(
        additional_node_network_configs=[
            gcp.container.NodePoolNetworkConfigAdditionalNodeNetworkConfigArgs(network=network, subnetwork=subnet)
            for network, subnet in attached.interfaces
        ]
    )


def _node_config(
    pool: NodePoolPlan, offering: OfferingPlan, cluster: GcpClusterRef, attached: Attached
) -> gcp.container.NodePoolNodeConfigArgs:
    machine, vendor = gcp_machine(pool)
    cos = pool.image.family == "cos"
    ephemeral, raw = _local_drives(pool, machine)
    return gcp.container.NodePoolNodeConfigArgs(
        machine_type=vendor.gce_machine_type,
        image_type=image_type(pool.image.family),
        # No type: GKE takes hyperdisk-balanced where the machine type has no pd-balanced, else that
        # (terraform-provider-google-beta 93c65b2, container_cluster docs: disk_type).
        disk_size_gb=pool.disk.root_gib,
        guest_accelerators=guest_accelerators(pool, machine, vendor),
        spot=True if offering.capacity_type == "spot" else None,
        flex_start=True if offering.capacity_type == "flex-start" else None,
        max_run_duration=f"{offering.max_run_seconds}s" if offering.max_run_seconds else None,
        reservation_affinity=reservation_affinity(offering, attached.reservation_checked),
        ephemeral_storage_local_ssd_config=ephemeral,
        local_nvme_ssd_block_config=raw,
        labels=node_labels(pool, offering, dranet=has_dranet(pool)),
        taints=[
            gcp.container.NodePoolNodeConfigTaintArgs(
                key=taint.key, value=taint.value, effect=TAINT_EFFECT[taint.effect]
            )
            for taint in (*pool.taints, *offering.taints)
            if not taint.set_by_cloud
        ],
        resource_labels=resource_labels(cluster.labels),
        # Keys as on the wire: the SDK passes through what it has no other name for.
        kubelet_config=cast("Any", kubelet_config(pool)),
        linux_node_config=cast("Any", linux_node_config(pool.linux)),
        containerd_config=containerd_config(pool.mirrors),
        service_account=cluster.node_service_account,
        oauth_scopes=SCOPES,
        gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True) if cos else None,
        shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
            # A driver that Google has not signed loads only without it (Compute Engine, "Shielded VM": Secure Boot).
            enable_secure_boot=cos and pool.software.driver == "cloud",
            enable_integrity_monitoring=True,
        ),
        workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
    )


def _local_drives(
    pool: NodePoolPlan, machine: MachineType
) -> tuple[
    gcp.container.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs | None,
    gcp.container.NodePoolNodeConfigLocalNvmeSsdBlockConfigArgs | None,
]:
    """Local drives joined for pods' scratch space, or left as raw devices for a storage driver to mount."""
    count = machine.local_nvme_disks
    match pool.disk.local_nvme:
        case "raid0":
            return gcp.container.NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgs(local_ssd_count=count), None
        case "mount":
            return None, gcp.container.NodePoolNodeConfigLocalNvmeSsdBlockConfigArgs(local_ssd_count=count)
        case "none":
            return None, None
        case "raid10":
            raise ValueError("GKE has no raid10")  # the plan refuses it first
        case _:
            assert_never(pool.disk.local_nvme)
