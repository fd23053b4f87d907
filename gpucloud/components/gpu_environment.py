"""Everything that one stack builds."""

from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.aws_cluster import AwsCluster
from gpucloud.components.aws_gpu_node_pool import AwsGpuNodePool
from gpucloud.components.aws_network import AwsNetwork
from gpucloud.components.gpu_stack import GpuStack
from gpucloud.components.refusal import refused_plainly
from gpucloud.plan.environment import plan_environment
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan
from gpucloud.spec.cluster import EnvironmentSpec


class GpuEnvironment(pulumi.ComponentResource):
    """The clusters of an environment with their networks, node pools and GPU stacks.

    Declares: per cluster an AwsNetwork, an AwsCluster, an AwsGpuNodePool for every pool, a Kubernetes provider for the
    cluster and its GpuStack.

    Attributes:
        plan: What was decided.
        pools: One row a pool: cluster, pool, zones, machine type, accelerators and nodes at the start.
        kubeconfig_commands: By cluster, the command that fetches its kubeconfig.
    """

    plan: EnvironmentPlan
    pools: list[dict[str, Any]]
    kubeconfig_commands: dict[str, pulumi.Output[str]]

    def __init__(
        self, name: str, spec: EnvironmentSpec | EnvironmentPlan, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("gpucloud:index:GpuEnvironment", name, None, opts)
        with refused_plainly(name):
            self.plan = spec if isinstance(spec, EnvironmentPlan) else plan_environment(spec)
        self.kubeconfig_commands = {
            cluster.name: self._declare(f"{name}-{cluster.name}", cluster) for cluster in self.plan.clusters
        }
        self.pools = [_row(cluster.name, pool) for cluster in self.plan.clusters for pool in cluster.node_pools]
        self.register_outputs({"pools": self.pools, "kubeconfig_commands": self.kubeconfig_commands})

    def _declare(self, name: str, plan: ClusterPlan) -> pulumi.Output[str]:
        child = pulumi.ResourceOptions(parent=self)
        network = AwsNetwork(name, plan.network, plan.region, dict(plan.tags), opts=child)
        # Nodes need routes to start and, while they are drained, to give back what they hold.
        after_network = pulumi.ResourceOptions(parent=self, depends_on=[network])
        cluster = AwsCluster(name, plan, network.vpc_id, network.private_subnet_ids, opts=after_network)
        # Nodes join once network and identity add-ons are there, which the system nodes have proven.
        after_system_nodes = pulumi.ResourceOptions(parent=self, depends_on=[cluster.system_nodes])
        pools = [
            AwsGpuNodePool(f"{name}-{pool.name}", pool, cluster.ref, opts=after_system_nodes)
            for pool in plan.node_pools
        ]
        if plan.releases:
            provider = k8s.Provider(name, k8s.ProviderArgs(kubeconfig=cluster.kubeconfig), opts=child)
            GpuStack(
                name,
                plan.releases,
                opts=pulumi.ResourceOptions(
                    # After the pools, so that a destroy takes the operators first, while their nodes still answer.
                    parent=self,
                    providers={"kubernetes": provider},
                    depends_on=[cluster.system_nodes, *pools],
                ),
            )
        return cluster.kubeconfig_command


def _row(cluster: str, pool: NodePoolPlan) -> dict[str, Any]:
    nodes = sum(offering.size.desired for offering in pool.offerings)
    return {
        "cluster": cluster,
        "pool": pool.name,
        "zones": [shard.zone for shard in pool.shards],
        "machine_type": pool.machine.machine_type,
        "accelerator": pool.machine.accelerator,
        "accelerators_per_node": pool.machine.devices_per_node,
        "nodes": nodes,
        "accelerators": nodes * pool.machine.devices_per_node,
        "capacity": [offering.capacity_type for offering in pool.offerings if offering.size.desired] or ["none yet"],
        "most_nodes_in_a_zone": max(offering.size.max for offering in pool.offerings),
    }
