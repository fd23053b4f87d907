"""A virtual network for a cluster, in a resource group of its own."""

from collections.abc import Mapping

import pulumi
from pulumi_azure_native import network, resources

from gpucloud.azure.cluster_ref import NO_TAGS
from gpucloud.azure.network import (
    nat_gateway_args,
    node_subnet_args,
    outbound_address_args,
    resource_group_args,
    virtual_network_args,
)
from gpucloud.components.azure_resource import declare
from gpucloud.components.refusal import refused_plainly
from gpucloud.plan.network import network_zones, plan_network
from gpucloud.plan.network_model import NetworkPlan
from gpucloud.spec.cluster import NetworkSpec


class AzureNetwork(pulumi.ComponentResource):
    """A resource group with a virtual network, whose one subnet holds the nodes of all zones.

    Declares: resource group, virtual network, NAT gateway with its public address, node subnet.

    Attributes:
        resource_group_name: The resource group; a cluster may go into it too.
        virtual_network_id: The virtual network.
        node_subnet_id: The subnet of the nodes, with the NAT gateway as its way out.
        outbound_address: The address that the internet sees of the nodes; a public API with ranges must admit it.
    """

    resource_group_name: pulumi.Output[str]
    virtual_network_id: pulumi.Output[str]
    node_subnet_id: pulumi.Output[str]
    outbound_address: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: NetworkSpec | NetworkPlan,
        region: str,
        tags: Mapping[str, str] = NO_TAGS,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AzureNetwork", name, None, opts)
        with refused_plainly(name):
            plan = (
                spec
                if isinstance(spec, NetworkPlan)
                else plan_network("azure", spec, network_zones("azure", region, spec))
            )
        child = pulumi.ResourceOptions(parent=self)
        group = declare(resources.ResourceGroup, name, resource_group_args(region, tags), child)
        whole = declare(network.VirtualNetwork, name, virtual_network_args(plan, region, group.name, tags), child)
        address = declare(network.PublicIPAddress, name, outbound_address_args(region, group.name, tags), child)
        gateway = declare(network.NatGateway, name, nat_gateway_args(region, group.name, address.id, tags), child)
        subnet = declare(network.Subnet, name, node_subnet_args(plan, group.name, whole.name, gateway.id), child)
        self.resource_group_name, self.virtual_network_id = group.name, whole.id
        self.node_subnet_id, self.outbound_address = subnet.id, address.ip_address.apply(_given)
        self.register_outputs(
            {
                "resource_group_name": self.resource_group_name,
                "virtual_network_id": self.virtual_network_id,
                "node_subnet_id": self.node_subnet_id,
                "outbound_address": self.outbound_address,
            }
        )


def _given(address: str | None) -> str:
    """What Azure gives every static address as it is made."""
    if not address:
        raise pulumi.RunError(
            "Azure gave the NAT gateway's public address no ipAddress; refresh the stack and try again"
        )
    return address
