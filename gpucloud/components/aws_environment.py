"""An environment's cluster on AWS."""

import pulumi

from gpucloud.components.aws_cluster import AwsCluster
from gpucloud.components.aws_gpu_node_pool import AwsGpuNodePool
from gpucloud.components.aws_network import AwsNetwork
from gpucloud.components.declared_cluster import DeclaredCluster
from gpucloud.plan.model import ClusterPlan


def declare_on_aws(parent: pulumi.Resource, name: str, plan: ClusterPlan) -> DeclaredCluster:
    """Declare network, cluster and pools of a plan below `parent`, and return what operators need of them.

    What waits is resources, never a component: one whose dependency failed ends the whole program, and with it the
    other clouds (Pulumi 3.259: `cannot complete a resource whose registration isn't pending`).
    """
    child = pulumi.ResourceOptions(parent=parent)
    network = AwsNetwork(name, plan.network, plan.region, dict(plan.tags), opts=child)
    # Nodes need routes to start and, while they are drained, to give back what they hold.
    cluster = AwsCluster(name, plan, network.vpc_id, network.private_subnet_ids, wait_for=[network], opts=child)
    pools = [AwsGpuNodePool(f"{name}-{pool.name}", pool, cluster.ref, opts=child) for pool in plan.node_pools]
    before_operators = [cluster.system_nodes, *pools, *cluster.mirrors]
    return DeclaredCluster(cluster.kubeconfig, cluster.kubeconfig_command, before_operators)
