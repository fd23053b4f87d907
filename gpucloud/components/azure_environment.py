"""An environment's cluster on Azure."""

import pulumi

from gpucloud.components.azure_cluster import AzureCluster
from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
from gpucloud.components.azure_network import AzureNetwork
from gpucloud.components.declared_cluster import DeclaredCluster
from gpucloud.plan.model import ClusterPlan


def declare_on_azure(parent: pulumi.Resource, name: str, plan: ClusterPlan) -> DeclaredCluster:
    """Declare network, cluster and pools of a plan below `parent`, and return what operators need of them.

    What waits is resources, never a component: one whose dependency failed ends the whole program, and with it the
    other clouds (Pulumi 3.259: `cannot complete a resource whose registration isn't pending`).
    """
    child = pulumi.ResourceOptions(parent=parent)
    network = AzureNetwork(name, plan.network, plan.region, dict(plan.tags), opts=child)
    # Nodes leave by the network's NAT gateway from their first boot on.
    cluster = AzureCluster(
        name,
        plan,
        network.resource_group_name,
        network.node_subnet_id,
        [network.outbound_address],
        wait_for=[network],
        opts=child,
    )
    pools = [AzureGpuNodePool(f"{name}-{pool.name}", pool, cluster.ref, opts=child) for pool in plan.node_pools]
    before_operators = [cluster.system_nodes, *pools, *cluster.mirrors]
    return DeclaredCluster(cluster.kubeconfig, cluster.kubeconfig_command, before_operators)
