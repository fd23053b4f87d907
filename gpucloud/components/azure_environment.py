"""An environment's cluster on Azure."""

import pulumi

from gpucloud.components.azure_cluster import AzureCluster
from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
from gpucloud.components.azure_network import AzureNetwork
from gpucloud.components.declared_cluster import DeclaredCluster
from gpucloud.plan.model import ClusterPlan


def declare_on_azure(parent: pulumi.Resource, name: str, plan: ClusterPlan) -> DeclaredCluster:
    """Declare network, cluster and pools of a plan below `parent`, and return what operators need of them."""
    child = pulumi.ResourceOptions(parent=parent)
    network = AzureNetwork(name, plan.network, plan.region, dict(plan.tags), opts=child)
    # Nodes leave by the network's NAT gateway from their first boot on.
    after_network = pulumi.ResourceOptions(parent=parent, depends_on=[network])
    outbound = [network.outbound_address]
    cluster = AzureCluster(
        name, plan, network.resource_group_name, network.node_subnet_id, outbound, opts=after_network
    )
    after_system_nodes = pulumi.ResourceOptions(parent=parent, depends_on=[cluster.system_nodes])
    pools = [
        AzureGpuNodePool(f"{name}-{pool.name}", pool, cluster.ref, opts=after_system_nodes) for pool in plan.node_pools
    ]
    return DeclaredCluster(cluster.kubeconfig, cluster.kubeconfig_command, [cluster.system_nodes, *pools])
