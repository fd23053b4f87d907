"""Arguments of a VPC and what is in it, and of the networks between accelerators.

Types of `gcp.compute` stand in quotes: to name them at import costs 1.2 s.
"""

import pulumi
import pulumi_gcp as gcp

from gpucloud.plan.network_model import GpuNetworkPlan, GpuSubnetPlan, NetworkPlan

POD_RANGE, SERVICE_RANGE = "pods", "services"
"""Names of the subnet's secondary ranges, by which the cluster finds them."""


def network_args() -> "gcp.compute.NetworkArgs":
    """A VPC whose subnets are declared one by one."""
    return gcp.compute.NetworkArgs(auto_create_subnetworks=False, routing_mode="REGIONAL")


def subnet_args(plan: NetworkPlan, region: str, network_id: pulumi.Input[str]) -> "gcp.compute.SubnetworkArgs":
    """The region's subnet: nodes have its addresses, pods and services those of its secondary ranges.

    Private access to Google's APIs, so that nodes without public addresses pull images past the NAT.
    """
    ranges = ((POD_RANGE, plan.pod_cidr), (SERVICE_RANGE, plan.service_cidr))
    return gcp.compute.SubnetworkArgs(
        region=region,
        network=network_id,
        ip_cidr_range=plan.node_cidr,
        private_ip_google_access=True,
        secondary_ip_ranges=[
            gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=name, ip_cidr_range=cidr) for name, cidr in ranges
        ],
    )


def router_args(region: str, network_id: pulumi.Input[str]) -> "gcp.compute.RouterArgs":
    """The router that the NAT is a part of."""
    return gcp.compute.RouterArgs(region=region, network=network_id)


def nat_args(region: str, router: pulumi.Input[str]) -> "gcp.compute.RouterNatArgs":
    """The region's NAT for every range of every subnet: it has no zone, so that none can take it away."""
    return gcp.compute.RouterNatArgs(
        region=region,
        router=router,
        nat_ip_allocate_option="AUTO_ONLY",
        source_subnetwork_ip_ranges_to_nat="ALL_SUBNETWORKS_ALL_IP_RANGES",
    )


def gpu_network_args(plan: GpuNetworkPlan, project: pulumi.Input[str]) -> "gcp.compute.NetworkArgs":
    """A network between accelerators; a profile is named with the project, though it is the same in all."""
    profile = None
    if plan.profile is not None:
        profile = pulumi.Output.concat(
            "https://www.googleapis.com/compute/v1/projects/", project, f"/global/networkProfiles/{plan.profile}"
        )
    return gcp.compute.NetworkArgs(
        project=project,
        name=plan.name,
        auto_create_subnetworks=False,
        mtu=plan.mtu,
        network_profile=profile,
        routing_mode="REGIONAL",
    )


def gpu_subnet_args(
    plan: GpuSubnetPlan, region: str, network_id: pulumi.Input[str], project: pulumi.Input[str]
) -> "gcp.compute.SubnetworkArgs":
    """One subnet of a network between accelerators."""
    return gcp.compute.SubnetworkArgs(
        project=project, region=region, name=plan.name, network=network_id, ip_cidr_range=plan.cidr
    )


def takes_firewall(plan: GpuNetworkPlan) -> bool:
    """Whether traffic must be let in: the profiles of RDMA bring what they need (cluster-toolkit, gpu-rdma-vpc)."""
    return plan.profile is None


def gpu_firewall_args(
    plan: GpuNetworkPlan, network_id: pulumi.Input[str], project: pulumi.Input[str]
) -> "gcp.compute.FirewallArgs":
    """All traffic from the network's own range: GPUDirect opens ports of its own, and nobody else is in there."""
    return gcp.compute.FirewallArgs(
        project=project,
        name=f"{plan.name}-internal",
        network=network_id,
        direction="INGRESS",
        source_ranges=[subnet.cidr for subnet in plan.subnets],
        allows=[gcp.compute.FirewallAllowArgs(protocol=protocol) for protocol in ("tcp", "udp", "icmp")],
    )
