"""A managed node group for one offering of a pool, and the group's network security."""

from typing import assert_never

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster_ref import AwsClusterRef
from gpucloud.aws.tags import resource_tags
from gpucloud.plan.model import ImagePlan, NodePoolPlan, OfferingPlan, TaintEffect
from gpucloud.spec.capacity import CapacityType

# EKS spells effects its own way (CreateNodegroup, TaintEffect).
TAINT_EFFECT: dict[TaintEffect, str] = {
    "NoSchedule": "NO_SCHEDULE",
    "PreferNoSchedule": "PREFER_NO_SCHEDULE",
    "NoExecute": "NO_EXECUTE",
}


def ami_type(image: ImagePlan, architecture: str) -> str:
    """EKS's name for an image (CreateNodegroup, AMITypes); CUSTOM for an own one, which the launch template names."""
    machine = "ARM_64" if architecture == "arm64" else "x86_64"
    match image.family:
        case "custom":
            return "CUSTOM"
        case "al2023":
            return f"AL2023_{machine}_{image.variant.upper()}"
        case "bottlerocket":
            return f"BOTTLEROCKET_{machine}" + ("_NVIDIA" if image.variant == "nvidia" else "")
        case "azure-linux" | "cos" | "ubuntu":
            raise ValueError(f"EKS has no {image.family} image")  # the plan refuses it first
        case _:
            assert_never(image.family)


def eks_capacity_type(capacity_type: CapacityType) -> str:
    """EKS's word for a capacity type; a reservation is on-demand capacity that the launch template targets."""
    match capacity_type:
        case "on-demand" | "reserved":
            return "ON_DEMAND"
        case "spot":
            return "SPOT"
        case "capacity-block":
            return "CAPACITY_BLOCK"
        case "flex-start" | "queued":
            raise ValueError(f"EKS sells nothing as {capacity_type}")  # the plan refuses it first
        case _:
            assert_never(capacity_type)


def node_group_args(
    pool: NodePoolPlan, offering: OfferingPlan, cluster: AwsClusterRef, template: aws.ec2.LaunchTemplate
) -> aws.eks.NodeGroupArgs:
    """The node group; it lies in its zone by its one subnet, since EKS has no field for zones."""
    block = offering.capacity_type == "capacity-block"
    return aws.eks.NodeGroupArgs(
        region=cluster.region,
        cluster_name=cluster.cluster_name,
        # An own image has its own kubelet: EKS refuses a version beside it.
        version=None if pool.image.family == "custom" else cluster.kubernetes_version,
        node_role_arn=cluster.node_role_arn,
        subnet_ids=[cluster.subnet_ids[offering.zone]],
        ami_type=None if pool.image.family == "custom" else ami_type(pool.image, pool.machine.architecture),
        capacity_type=eks_capacity_type(offering.capacity_type),
        instance_types=None if block else [pool.machine.machine_type],
        launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
            id=template.id,
            # The template's version is a number and the node group's a text.
            version=template.latest_version.apply(str),
        ),
        scaling_config=aws.eks.NodeGroupScalingConfigArgs(
            min_size=offering.size.min, desired_size=offering.size.desired, max_size=offering.size.max
        ),
        # One node at a time, and the old one first: the default starts new nodes before it ends old ones, and their
        # capacity may not be there (CreateNodegroup, NodegroupUpdateConfig.updateStrategy).
        update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1, update_strategy="MINIMAL"),
        node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=offering.repair),
        labels=dict(pool.labels),
        taints=[
            aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value or None, effect=TAINT_EFFECT[taint.effect])
            for taint in pool.taints
        ],
        tags=resource_tags(cluster.tags, f"{pool.name}-{offering.name}"),
    )


def fabric_security_group_args(pool: NodePoolPlan, cluster: AwsClusterRef) -> aws.ec2.SecurityGroupArgs:
    """A group for EFA interfaces; its rules are resources of their own."""
    return aws.ec2.SecurityGroupArgs(
        region=cluster.region,
        vpc_id=cluster.vpc_id,
        description=f"EFA traffic between the nodes of pool {pool.name}",
        tags=resource_tags(cluster.tags, f"{pool.name}-efa"),
    )


def fabric_ingress_args(group_id: pulumi.Input[str], cluster: AwsClusterRef) -> aws.vpc.SecurityGroupIngressRuleArgs:
    """All traffic from the group itself: EFA's OS-bypass traffic passes no rule with ports (EC2 guide, efa-start)."""
    return aws.vpc.SecurityGroupIngressRuleArgs(
        region=cluster.region, security_group_id=group_id, referenced_security_group_id=group_id, ip_protocol="-1"
    )


def fabric_egress_args(group_id: pulumi.Input[str], cluster: AwsClusterRef) -> aws.vpc.SecurityGroupEgressRuleArgs:
    """All traffic to the group itself, which EFA needs besides ingress."""
    return aws.vpc.SecurityGroupEgressRuleArgs(
        region=cluster.region, security_group_id=group_id, referenced_security_group_id=group_id, ip_protocol="-1"
    )
