"""The GPU node groups of one pool on EKS."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster_ref import AwsClusterRef
from gpucloud.aws.launch_template import launch_template_args
from gpucloud.aws.node_group import (
    fabric_egress_args,
    fabric_ingress_args,
    fabric_security_group_args,
    node_group_args,
)
from gpucloud.aws.tags import resource_tags, scale_from_zero_tags
from gpucloud.components.refusal import refused_plainly
from gpucloud.components.stock_out import stock_out_hook
from gpucloud.plan.model import NodePoolPlan, OfferingPlan, ShardPlan
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.spec.node_pool import NodePoolSpec


class AwsGpuNodePool(pulumi.ComponentResource):
    """Nodes of one shape on an EKS cluster, as one node group for every offering (zone and capacity type) of the plan.

    Declares: for a pool with EFA a security group that admits itself both ways; per zone a cluster placement group
    where nodes are kept close; per offering a launch template, a managed node group, and the tags on its auto scaling
    group by which it grows from zero.

    It does not own the desired number of nodes after the first creation: an autoscaler does, and changes of it are
    ignored. The cluster and its network stay whose they are.

    Attributes:
        plan: What was decided.
        node_group_names: Name in EKS of the node group of each offering.
    """

    plan: NodePoolPlan
    node_group_names: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        spec: NodePoolSpec | NodePoolPlan,
        cluster: AwsClusterRef,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AwsGpuNodePool", name, None, opts)
        with refused_plainly(name):
            self.plan = spec if isinstance(spec, NodePoolPlan) else plan_single_pool("aws", cluster.region, name, spec)
            self._require_subnets(cluster)
            security_groups = [
                cluster.cluster_security_group_id,
                *cluster.security_group_ids,
                *self._fabric_security_group(name, cluster),
            ]
            hook = stock_out_hook(
                name, self.plan, {f"{name}-{offering.name}": offering for offering in self.plan.offerings}
            )
            placements = {shard.zone: self._placement_group(name, shard, cluster) for shard in self.plan.shards}
            self.node_group_names = {}
            # Groups that start empty come after those that start with nodes: if one of these is out of stock, nothing
            # stands yet at the places to try next, and a new plan can start nodes there.
            starters: list[aws.eks.NodeGroup] = []
            for offering in sorted(self.plan.offerings, key=lambda offering: not offering.size.desired):
                close = placements[offering.zone] if offering.close_placement else None
                placement = close.name if close else self.plan.existing_placement
                args = launch_template_args(self.plan, offering, cluster, security_groups, placement)
                options = pulumi.ResourceOptions(
                    parent=self,
                    depends_on=[*cluster.wait_for, *([] if offering.size.desired else starters)],
                    ignore_changes=["scalingConfig.desiredSize"],
                    # A reservation is held by the old group's nodes until that is gone.
                    delete_before_replace=offering.reservation_id is not None,
                    hooks=pulumi.ResourceHookBinding(on_error=[hook]),
                )
                group = self._node_group(f"{name}-{offering.name}", offering, cluster, args, options)
                starters += [group] if offering.size.desired else []
        self.register_outputs({"node_group_names": self.node_group_names})

    def _require_subnets(self, cluster: AwsClusterRef) -> None:
        missing = sorted({shard.zone for shard in self.plan.shards} - cluster.subnet_ids.keys())
        if missing:
            raise pulumi.RunError(
                f"subnet_ids: the cluster has no subnet in {', '.join(missing)}; add one there or drop the zone"
            )

    def _fabric_security_group(self, name: str, cluster: AwsClusterRef) -> list[pulumi.Output[str]]:
        if self.plan.fabric != "efa":
            return []
        child = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(f"{name}-efa", fabric_security_group_args(self.plan, cluster), opts=child)
        aws.vpc.SecurityGroupIngressRule(f"{name}-efa", fabric_ingress_args(group.id, cluster), opts=child)
        aws.vpc.SecurityGroupEgressRule(f"{name}-efa", fabric_egress_args(group.id, cluster), opts=child)
        return [group.id]

    def _placement_group(self, name: str, shard: ShardPlan, cluster: AwsClusterRef) -> aws.ec2.PlacementGroup | None:
        if not any(offering.close_placement for offering in shard.offerings):
            return None
        args = aws.ec2.PlacementGroupArgs(
            region=cluster.region, strategy="cluster", tags=resource_tags(cluster.tags, f"{name}-{shard.zone}")
        )
        return aws.ec2.PlacementGroup(f"{name}-{shard.zone}", args, opts=pulumi.ResourceOptions(parent=self))

    def _node_group(
        self,
        name: str,
        offering: OfferingPlan,
        cluster: AwsClusterRef,
        template_args: aws.ec2.LaunchTemplateArgs,
        options: pulumi.ResourceOptions,
    ) -> aws.eks.NodeGroup:
        child = pulumi.ResourceOptions(parent=self)
        template = aws.ec2.LaunchTemplate(name, template_args, opts=child)
        group = aws.eks.NodeGroup(
            name,
            node_group_args(self.plan, offering, cluster, template),
            opts=options,
        )
        self.node_group_names[offering.name] = group.node_group_name
        scaling_group = group.resources.apply(_scaling_group_name)
        for suffix, key, value in scale_from_zero_tags(self.plan):
            tag = aws.autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=False)
            aws.autoscaling.Tag(
                f"{name}-{suffix}",
                aws.autoscaling.TagArgs(region=cluster.region, autoscaling_group_name=scaling_group, tag=tag),
                opts=child,
            )
        return group


def _scaling_group_name(resources: Sequence[aws.eks.outputs.NodeGroupResource]) -> str:
    """The one auto scaling group that EKS makes for a managed node group."""
    groups = resources[0].autoscaling_groups if resources else None
    if not groups or not groups[0].name:
        raise pulumi.RunError("EKS made no auto scaling group for the node group; see its health issues")
    return groups[0].name
