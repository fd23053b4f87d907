"""Arguments of a resource group, a virtual network and what is in it."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import network, resources

from gpucloud.azure.tags import resource_tags
from gpucloud.plan.network_model import NetworkPlan


def resource_group_args(region: str, tags: Mapping[str, str]) -> resources.ResourceGroupArgs:
    """A resource group for the network and the cluster; AKS makes a second one for the nodes."""
    return resources.ResourceGroupArgs(location=region, tags=resource_tags(tags))


def virtual_network_args(
    plan: NetworkPlan, region: str, group: pulumi.Input[str], tags: Mapping[str, str]
) -> network.VirtualNetworkInitArgs:
    """A virtual network; its subnets are resources of their own."""
    return network.VirtualNetworkInitArgs(
        resource_group_name=group,
        location=region,
        address_space=network.AddressSpaceArgs(address_prefixes=[plan.cidr]),
        tags=resource_tags(tags),
    )


def outbound_address_args(
    region: str, group: pulumi.Input[str], tags: Mapping[str, str]
) -> network.PublicIPAddressInitArgs:
    """The address that the internet sees of all nodes; a Standard one is static."""
    return network.PublicIPAddressInitArgs(
        resource_group_name=group,
        location=region,
        public_ip_allocation_method="Static",
        sku=network.PublicIPAddressSkuArgs(name="Standard"),
        tags=resource_tags(tags),
    )


def nat_gateway_args(
    region: str, group: pulumi.Input[str], address_id: pulumi.Input[str], tags: Mapping[str, str]
) -> network.NatGatewayInitArgs:
    """A NAT gateway without a zone: Azure puts it into one, and nodes of every zone reach it.

    StandardV2, which spans zones, is not in the API version that the SDK has (NatGatewaySkuName).
    """
    return network.NatGatewayInitArgs(
        resource_group_name=group,
        location=region,
        public_ip_addresses=[network.SubResourceArgs(id=address_id)],
        sku=network.NatGatewaySkuArgs(name="Standard"),
        tags=resource_tags(tags),
    )


def node_subnet_args(
    plan: NetworkPlan, group: pulumi.Input[str], network_name: pulumi.Input[str], gateway_id: pulumi.Input[str]
) -> network.SubnetInitArgs:
    """The one subnet of all nodes, over all zones; the NAT gateway is their only way out."""
    return network.SubnetInitArgs(
        resource_group_name=group,
        virtual_network_name=network_name,
        address_prefix=plan.node_cidr,
        nat_gateway=network.SubResourceArgs(id=gateway_id),
        default_outbound_access=False,
    )
