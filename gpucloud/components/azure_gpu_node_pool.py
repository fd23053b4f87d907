"""The GPU agent pools of one pool on AKS."""

import dataclasses

import pulumi
from pulumi_azure_native import compute, containerservice

from gpucloud.azure.agent_pool import CREATION_ONLY, agent_pool_args, placement_group_args
from gpucloud.azure.cluster_ref import AzureClusterRef
from gpucloud.components.azure_infiniband import require_infiniband
from gpucloud.components.azure_resource import declare
from gpucloud.components.refusal import refused_plainly
from gpucloud.components.stock_out import stock_out_hook
from gpucloud.plan.configuration_hash import configuration_hash
from gpucloud.plan.model import NodePoolPlan, OfferingPlan, ShardPlan
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.spec.node_pool import NodePoolSpec


class AzureGpuNodePool(pulumi.ComponentResource):
    """Nodes of one shape on an AKS cluster, as one agent pool for every offering (zone and capacity type) of the plan.

    Declares: per zone a proximity placement group where nodes are kept close; per offering an agent pool, whose tags
    tell the autoscaler what its nodes would be while there is none.

    It does not own the number of nodes after the first creation: an autoscaler does, and changes of it are ignored.
    What AKS fixes at the creation of a pool replaces the pool. Where the pool sets its kubelet or its kernel, its name
    ends in a hash of all that, and the new pool stands before the old one goes; else, and where a reservation is held
    by the old nodes, the old one goes first (docs/adr/0014). With InfiniBand the subscription is asked for the feature
    `AKSInfinibandSupport`, and nothing is made without it. The cluster and its network stay whose they are.

    Attributes:
        plan: What was decided.
        agent_pool_names: Name in AKS of the agent pool of each offering.
    """

    plan: NodePoolPlan
    agent_pool_names: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        spec: NodePoolSpec | NodePoolPlan,
        cluster: AzureClusterRef,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AzureGpuNodePool", name, None, opts)
        with refused_plainly(name):
            self.plan = (
                spec if isinstance(spec, NodePoolPlan) else plan_single_pool("azure", cluster.region, name, spec)
            )
        if self.plan.fabric == "infiniband" and not self.plan.fabric_is_ready:
            ready = require_infiniband(self, self.plan.name, cluster.cluster_name)
            cluster = dataclasses.replace(cluster, cluster_name=ready)
        hook = stock_out_hook(
            name, self.plan, {f"{name}-{offering.name}": offering for offering in self.plan.offerings}
        )
        placements = {shard.zone: self._placement_group(name, shard, cluster) for shard in self.plan.shards}
        self.agent_pool_names = {}
        # Pools that start empty come after those that start with nodes: if one of these is out of stock, nothing
        # stands yet at the places to try next, and a new plan can start nodes there.
        starters: list[containerservice.AgentPool] = []
        for offering in sorted(self.plan.offerings, key=lambda offering: not offering.size.desired):
            group = placements[offering.zone] if offering.close_placement else None
            placement = group.id if group else self.plan.existing_placement
            options = pulumi.ResourceOptions(
                parent=self,
                depends_on=[*cluster.wait_for, *([] if offering.size.desired else starters)],
                ignore_changes=["count"],
                replace_on_changes=list(CREATION_ONLY),
                # A hash in its name makes room for the new pool beside the old one; without it the name is taken.
                delete_before_replace=not configuration_hash(self.plan, offering),
                hooks=pulumi.ResourceHookBinding(on_error=[hook]),
            )
            pool = self._agent_pool(name, offering, cluster, placement, options)
            starters += [pool] if offering.size.desired else []
        self.register_outputs({"agent_pool_names": self.agent_pool_names})

    def _agent_pool(
        self,
        name: str,
        offering: OfferingPlan,
        cluster: AzureClusterRef,
        placement: pulumi.Input[str] | None,
        options: pulumi.ResourceOptions,
    ) -> containerservice.AgentPool:
        args = agent_pool_args(self.plan, offering, cluster, placement)
        pool = declare(containerservice.AgentPool, f"{name}-{offering.name}", args, options)
        self.agent_pool_names[offering.name] = pool.name
        _warn_of_failure(pool, has_a_hash=bool(configuration_hash(self.plan, offering)))
        return pool

    def _placement_group(
        self, name: str, shard: ShardPlan, cluster: AzureClusterRef
    ) -> compute.ProximityPlacementGroup | None:
        if not any(offering.close_placement for offering in shard.offerings):
            return None
        args = placement_group_args(self.plan, shard.zone, cluster)
        options = pulumi.ResourceOptions(parent=self)
        return declare(compute.ProximityPlacementGroup, f"{name}-{shard.zone}", args, options)


def _warn_of_failure(pool: containerservice.AgentPool, *, has_a_hash: bool) -> None:
    """Say of an agent pool whose last operation failed that it stands there so.

    Azure's provider reads such a pool without a complaint, so that a refresh makes Pulumi forget the failure. A pool
    with a hash in its name is made before the old one goes, which cannot be under the same name: it goes by itself.
    """

    def check(found: list[str]) -> None:
        name, urn, state = found
        mended = (
            f"`pulumi destroy --target '{urn}'` and another `pulumi up` make it anew"
            if has_a_hash
            else f"`pulumi up --replace '{urn}'` makes it anew"
        )
        if state == "Failed":
            pulumi.log.warn(
                f"agent pool {name}: its last operation failed in AKS, nodes may be missing; {mended}", pool
            )

    pulumi.Output.all(pool.name, pool.urn, pool.provisioning_state).apply(check)
