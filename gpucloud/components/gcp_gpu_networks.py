"""The networks between accelerators that a node pool on GKE brings along."""

import pulumi
import pulumi_gcp as gcp

from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.network import gpu_firewall_args, gpu_network_args, gpu_subnet_args, takes_firewall
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.network_model import GpuNetworkPlan

GpuInterface = tuple[pulumi.Input[str], pulumi.Input[str]]
"""Network and subnet of one interface of a node, by name."""


def declare_gpu_networks(
    parent: pulumi.Resource, name: str, pool: NodePoolPlan, cluster: GcpClusterRef
) -> dict[str, list[GpuInterface]]:
    """Declare the plan's networks below `parent`, and return the interfaces of a node in each zone, in order."""
    if not pool.networks:
        return {}
    project = cluster.project
    if project is None:
        options = pulumi.InvokeOutputOptions(parent=parent)
        project = gcp.organizations.get_client_config_output(opts=options).project
    declared = [(plan, _declare(parent, name, plan, cluster, project)) for plan in pool.networks]
    return {
        shard.zone: [entry for plan, found in declared if plan.zone in {None, shard.zone} for entry in found]
        for shard in pool.shards
    }


def _declare(
    parent: pulumi.Resource, name: str, plan: GpuNetworkPlan, cluster: GcpClusterRef, project: pulumi.Input[str]
) -> list[GpuInterface]:
    # The plan fixes the names, by which Kubernetes' own objects find the networks: an old one must go first.
    child = pulumi.ResourceOptions(parent=parent, delete_before_replace=True)
    logical = f"{name}-{plan.suffix}"
    network = gcp.compute.Network(logical, gpu_network_args(plan, project), opts=child)
    subnets: dict[str, pulumi.Output[str]] = {}
    for index, part in enumerate(plan.subnets):
        subnet = gcp.compute.Subnetwork(
            logical if len(plan.subnets) == 1 else f"{logical}-{index}",
            gpu_subnet_args(part, cluster.region, network.id, project),
            opts=child,
        )
        subnets[part.name] = subnet.name
    if takes_firewall(plan):
        gcp.compute.Firewall(logical, gpu_firewall_args(plan, network.id, project), opts=child)
    # A subnet that is not declared comes with the network's profile.
    return [(network.name, subnets.get(subnet, subnet)) for subnet in plan.interfaces]
