"""An environment's cluster on Google Cloud."""

import pulumi

from gpucloud.components.declared_cluster import DeclaredCluster
from gpucloud.components.gcp_cluster import GcpCluster
from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
from gpucloud.components.gcp_network import GcpNetwork
from gpucloud.plan.model import ClusterPlan


def declare_on_gcp(parent: pulumi.Resource, name: str, plan: ClusterPlan) -> DeclaredCluster:
    """Declare network, cluster and pools of a plan below `parent`, and return what operators need of them.

    What waits is resources, never a component: one whose dependency failed ends the whole program, and with it the
    other clouds (Pulumi 3.259: `cannot complete a resource whose registration isn't pending`).
    """
    child = pulumi.ResourceOptions(parent=parent)
    network = GcpNetwork(name, plan.network, plan.region, dict(plan.tags), opts=child)
    # Private nodes leave by the network's NAT from their first boot on.
    cluster = GcpCluster(name, plan, network.network_id, network.subnet_id, wait_for=[network], opts=child)
    pools = [GcpGpuNodePool(f"{name}-{pool.name}", pool, cluster.ref, opts=child) for pool in plan.node_pools]
    before_operators = [cluster.system_nodes, *pools, *cluster.mirrors]
    return DeclaredCluster(cluster.kubeconfig, cluster.kubeconfig_command, before_operators)
