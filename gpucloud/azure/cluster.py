"""Arguments of an AKS control plane with its system nodes, and of the hours in which AKS may change them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
from pulumi_azure_native import containerservice as aks

from gpucloud.azure.tags import resource_tags
from gpucloud.plan.model import ClusterPlan

SYSTEM_POOL = "system"
_EVERYONE = "0.0.0.0/0"
_DNS_PREFIX_LIMIT = 54
# AKS's names for the two schedules (azure-aks-docs, planned-maintenance).
UPGRADE_SCHEDULES = {"upgrade": "aksManagedAutoUpgradeSchedule", "node-os": "aksManagedNodeOSUpgradeSchedule"}


@dataclass(frozen=True, slots=True)
class ClusterInputs:
    """What other resources give a cluster: its resource group, identity and node subnet.

    `outbound_addresses` are those that the internet sees of the nodes.
    """

    resource_group_name: pulumi.Input[str]
    identity_id: pulumi.Input[str]
    node_subnet_id: pulumi.Input[str]
    outbound_addresses: Sequence[pulumi.Input[str]] = ()


def cluster_args(plan: ClusterPlan, name: str, given: ClusterInputs) -> aks.ManagedClusterArgs:
    """A control plane with an uptime agreement, Entra ID instead of local accounts, and workload identity.

    Its API is private unless ranges are written. Pods have addresses of an overlay, so that the subnet holds nodes
    alone; Cilium carries and filters their traffic. All ways out go through the subnet's NAT gateway.
    """
    return aks.ManagedClusterArgs(
        resource_group_name=given.resource_group_name,
        location=plan.region,
        dns_prefix=dns_prefix(name),
        kubernetes_version=plan.kubernetes_version,
        sku=aks.ManagedClusterSKUArgs(name="Base", tier="Standard"),
        identity=aks.ManagedClusterIdentityArgs(
            type=aks.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[given.identity_id]
        ),
        enable_rbac=True,
        disable_local_accounts=True,
        aad_profile=aks.ManagedClusterAADProfileArgs(
            managed=True, enable_azure_rbac=True, admin_group_object_ids=list(plan.admins) or None
        ),
        oidc_issuer_profile=aks.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
        security_profile=aks.ManagedClusterSecurityProfileArgs(
            workload_identity=aks.ManagedClusterSecurityProfileWorkloadIdentityArgs(enabled=True)
        ),
        api_server_access_profile=_api_access(plan, given.outbound_addresses),
        network_profile=aks.ContainerServiceNetworkProfileArgs(
            network_plugin="azure",
            network_plugin_mode="overlay",
            network_dataplane="cilium",
            network_policy="cilium",
            pod_cidr=plan.network.pod_cidr,
            service_cidr=plan.network.service_cidr,
            dns_service_ip=dns_service_address(plan.network.service_cidr),
            load_balancer_sku="standard",
            outbound_type="userAssignedNATGateway",
        ),
        agent_pool_profiles=[_system_pool(plan, given.node_subnet_id)],
        # Patches of Kubernetes and of the node image, in the hours of the schedules; never another minor version.
        auto_upgrade_profile=aks.ManagedClusterAutoUpgradeProfileArgs(
            upgrade_channel="patch", node_os_upgrade_channel="NodeImage"
        ),
        tags=resource_tags(dict(plan.tags)),
    )


def maintenance_args(
    group: pulumi.Input[str], cluster_name: pulumi.Input[str], schedule: str
) -> aks.MaintenanceConfigurationArgs:
    """One of the two schedules: Sundays from one o'clock UTC, for the four hours that AKS asks for at least."""
    return aks.MaintenanceConfigurationArgs(
        resource_group_name=group,
        resource_name=cluster_name,
        config_name=UPGRADE_SCHEDULES[schedule],
        maintenance_window=aks.MaintenanceWindowArgs(
            duration_hours=4,
            schedule=aks.ScheduleArgs(weekly=aks.WeeklyScheduleArgs(day_of_week="Sunday", interval_weeks=1)),
            start_time="01:00",
            utc_offset="+00:00",
        ),
    )


def dns_prefix(name: str) -> str:
    """What the API server's name begins with: letters, digits and dashes, 54 at most (azurerm, dns_prefix)."""
    return re.sub(r"[^A-Za-z0-9-]", "-", name)[:_DNS_PREFIX_LIMIT].strip("-")


def dns_service_address(service_cidr: str) -> str:
    """The cluster's DNS: the tenth address of the services' range, the first being the API server's."""
    return str(IPv4Network(service_cidr)[10])


def _api_access(
    plan: ClusterPlan, outbound_addresses: Sequence[pulumi.Input[str]]
) -> aks.ManagedClusterAPIServerAccessProfileArgs:
    """Private without ranges; else the ranges and the nodes' own address, by which they reach a public API.

    azure-aks-docs, api-server-authorized-ip-ranges: AKS adds a load balancer's address by itself, a NAT gateway's not.
    """
    if not plan.public_from:
        return aks.ManagedClusterAPIServerAccessProfileArgs(enable_private_cluster=True, private_dns_zone="system")
    if _EVERYONE in plan.public_from:
        return aks.ManagedClusterAPIServerAccessProfileArgs(enable_private_cluster=False)
    nodes = [pulumi.Output.concat(address, "/32") for address in outbound_addresses]
    return aks.ManagedClusterAPIServerAccessProfileArgs(
        enable_private_cluster=False, authorized_ip_ranges=[*plan.public_from, *nodes]
    )


def _system_pool(plan: ClusterPlan, node_subnet_id: pulumi.Input[str]) -> aks.ManagedClusterAgentPoolProfileArgs:
    """One pool over the control plane's zones, inside the cluster: AKS makes none without it.

    It has no taint: the GPU stack's operators, and whatever else tolerates no taint of GPU nodes, runs here.
    """
    system = plan.system_pool
    return aks.ManagedClusterAgentPoolProfileArgs(
        name=SYSTEM_POOL,
        mode="System",
        type="VirtualMachineScaleSets",
        vm_size=system.machine_type,
        availability_zones=list(plan.network.control_plane_zones) or None,
        count=system.size.desired,
        enable_auto_scaling=True,
        min_count=system.size.min,
        max_count=system.size.max,
        os_type="Linux",
        os_sku="Ubuntu",
        orchestrator_version=plan.kubernetes_version,
        vnet_subnet_id=node_subnet_id,
        node_labels={"gpucloud.io/pool": "system"},
        tags=resource_tags(dict(plan.tags)),
    )
