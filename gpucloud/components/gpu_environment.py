"""Everything that one stack builds."""

from typing import Any, assert_never

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.declared_cluster import DeclaredCluster
from gpucloud.components.gpu_stack import GpuStack
from gpucloud.components.refusal import refused_plainly
from gpucloud.components.stack_gate import StackGate
from gpucloud.plan.environment import plan_environment
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan
from gpucloud.spec.cluster import EnvironmentSpec


class GpuEnvironment(pulumi.ComponentResource):
    """The clusters of an environment with their networks, node pools and GPU stacks.

    Declares: per cluster its cloud's network, cluster and node pool components (AwsNetwork, AwsCluster and an
    AwsGpuNodePool for every pool on AWS, and so on), a Kubernetes provider for the cluster and its GpuStack, with
    the StackGate for which `gpu_stack.gate` asks. Clusters do not depend on each other: with
    `pulumi up --continue-on-error` one that fails leaves the others built.
    `pull_secret` is the Docker configuration (`{"auths": …}`, a secret output) behind the name that clusters give as
    `gpu_stack.pull_secret`; without it, somebody else makes these Secrets.

    Attributes:
        plan: What was decided.
        pools: One row a pool: cluster, cloud, pool, zones, machine type, accelerators and nodes at the start.
        kubeconfig_commands: By cluster, the command that fetches its kubeconfig.
        gates: By cluster, its gate; what is to come after one waits for its `jobs`.
    """

    plan: EnvironmentPlan
    pools: list[dict[str, Any]]
    kubeconfig_commands: dict[str, pulumi.Output[str]]
    gates: dict[str, StackGate]

    def __init__(
        self,
        name: str,
        spec: EnvironmentSpec | EnvironmentPlan,
        opts: pulumi.ResourceOptions | None = None,
        *,
        pull_secret: pulumi.Input[str] | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GpuEnvironment", name, None, opts)
        with refused_plainly(name):
            self.plan = spec if isinstance(spec, EnvironmentPlan) else plan_environment(spec)
        self.gates = {}
        self.kubeconfig_commands = {
            cluster.name: self._declare(f"{name}-{cluster.name}", cluster, pull_secret)
            for cluster in self.plan.clusters
        }
        self.pools = [_row(cluster.name, pool) for cluster in self.plan.clusters for pool in cluster.node_pools]
        self.register_outputs({"pools": self.pools, "kubeconfig_commands": self.kubeconfig_commands})

    def _declare(self, name: str, plan: ClusterPlan, pull_secret: pulumi.Input[str] | None) -> pulumi.Output[str]:
        cluster = _declare_cluster(self, name, plan)
        if plan.releases or plan.manifests or plan.gate:
            child = pulumi.ResourceOptions(parent=self)
            provider = k8s.Provider(name, k8s.ProviderArgs(kubeconfig=cluster.kubeconfig), opts=child)
            stack = GpuStack(
                name,
                plan.releases,
                manifests=plan.manifests,
                gate=plan.gate,
                pull_secrets={plan.pull_secret: pull_secret} if plan.pull_secret and pull_secret else {},
                wait_for=cluster.before_operators,
                opts=pulumi.ResourceOptions(parent=self, providers={"kubernetes": provider}),
            )
            if stack.gate is not None:
                self.gates[plan.name] = stack.gate
        return cluster.kubeconfig_command


def _declare_cluster(parent: pulumi.Resource, name: str, plan: ClusterPlan) -> DeclaredCluster:
    """Declare a cluster on its cloud; a cloud that no cluster is on must not cost the import of its SDK."""
    match plan.cloud:
        case "aws":
            from gpucloud.components.aws_environment import declare_on_aws  # noqa: PLC0415

            return declare_on_aws(parent, name, plan)
        case "azure":
            from gpucloud.components.azure_environment import declare_on_azure  # noqa: PLC0415

            return declare_on_azure(parent, name, plan)
        case "gcp":
            from gpucloud.components.gcp_environment import declare_on_gcp  # noqa: PLC0415

            return declare_on_gcp(parent, name, plan)
        case _:
            assert_never(plan.cloud)


def _row(cluster: str, pool: NodePoolPlan) -> dict[str, Any]:
    nodes = sum(offering.size.desired for offering in pool.offerings)
    return {
        "cluster": cluster,
        "cloud": pool.cloud,
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
