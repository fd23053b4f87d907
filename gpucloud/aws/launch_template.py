"""A launch template for one offering of a pool."""

import base64

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster_ref import AwsClusterRef
from gpucloud.aws.tags import resource_tags
from gpucloud.aws.user_data import JoinFacts, user_data
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.model import InterfacePlan, NodePoolPlan, OfferingPlan


def launch_template_args(
    pool: NodePoolPlan,
    offering: OfferingPlan,
    cluster: AwsClusterRef,
    security_group_ids: list[pulumi.Input[str]],
    placement_group: pulumi.Input[str] | None,
) -> aws.ec2.LaunchTemplateArgs:
    """The launch template of a managed node group.

    It names no subnet and no instance profile, which EKS refuses in a template. Security groups stand on the interfaces
    where there are several, and only there. A capacity block needs market type, reservation and instance type in the
    template (EKS user guide, capacity-blocks-mng); other offerings leave the instance type to the node group.
    """
    name = f"{pool.name}-{offering.name}"
    tags = resource_tags(cluster.tags, name)
    return aws.ec2.LaunchTemplateArgs(
        region=cluster.region,
        description=f"{pool.machine.machine_type} for pool {pool.name}: {offering.capacity_type} in {offering.zone}",
        update_default_version=True,
        image_id=pool.image.id,
        instance_type=pool.machine.machine_type if offering.capacity_type == "capacity-block" else None,
        instance_market_options=_market_options(offering),
        capacity_reservation_specification=_reservation(pool, offering),
        placement=aws.ec2.LaunchTemplatePlacementArgs(group_name=placement_group) if placement_group else None,
        block_device_mappings=[_root_disk(pool)],
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled",
            http_tokens="required",
            # One hop more than the node itself, for pods that use the node's identity (the AWS default of EKS).
            http_put_response_hop_limit=2,
        ),
        network_interfaces=[_interface(interface, security_group_ids) for interface in pool.interfaces] or None,
        vpc_security_group_ids=None if pool.interfaces else security_group_ids,
        user_data=_user_data(pool, cluster),
        tag_specifications=[
            aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
            for kind in ("instance", "network-interface", "volume")
        ],
        tags=tags,
    )


def _market_options(offering: OfferingPlan) -> aws.ec2.LaunchTemplateInstanceMarketOptionsArgs | None:
    """Only a capacity block is named here; for spot a managed node group sets the market itself."""
    if offering.capacity_type != "capacity-block":
        return None
    return aws.ec2.LaunchTemplateInstanceMarketOptionsArgs(market_type="capacity-block")


def _reservation(
    pool: NodePoolPlan, offering: OfferingPlan
) -> aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs | None:
    """A reserved offering starts in its reservation or not at all; an on-demand one beside it keeps out of it.

    Left out, EC2's preference is `open`: on-demand nodes would fill an open reservation that others wait for.
    """
    if offering.reservation_id is not None:
        target = aws.ec2.LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgs(
            capacity_reservation_id=offering.reservation_id
        )
        return aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs(capacity_reservation_target=target)
    if offering.capacity_type == "on-demand" and any(other.reservation_id for other in pool.offerings):
        return aws.ec2.LaunchTemplateCapacityReservationSpecificationArgs(capacity_reservation_preference="none")
    return None


def _root_disk(pool: NodePoolPlan) -> aws.ec2.LaunchTemplateBlockDeviceMappingArgs:
    # Bottlerocket keeps images and pods on its second volume (docs, "storage"); its root volume is read-only.
    device = "/dev/xvdb" if pool.image.family == "bottlerocket" else "/dev/xvda"
    return aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
        device_name=pool.disk.root_device or device,
        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
            volume_type="gp3",
            volume_size=pool.disk.root_gib,
            throughput=pool.disk.root_throughput_mib_s,
            iops=pool.disk.root_iops,
            encrypted="true",
            delete_on_termination="true",
        ),
    )


def _interface(
    interface: InterfacePlan, security_group_ids: list[pulumi.Input[str]]
) -> aws.ec2.LaunchTemplateNetworkInterfaceArgs:
    return aws.ec2.LaunchTemplateNetworkInterfaceArgs(
        network_card_index=interface.network_card,
        device_index=interface.device,
        interface_type="efa-only" if interface.kind == "fabric" else "interface",
        security_groups=security_group_ids,
        delete_on_termination="true",
    )


def _user_data(pool: NodePoolPlan, cluster: AwsClusterRef) -> pulumi.Input[str] | None:
    if pool.image.family != "custom":
        return _encode(user_data(pool))
    if cluster.endpoint is None or cluster.certificate_authority is None or cluster.service_cidr is None:
        raise InvalidInputError(
            [
                Problem(
                    "cluster",
                    f"nodes of pool {pool.name} boot an own image and could not join",
                    "give endpoint, certificate_authority and service_cidr in AwsClusterRef",
                )
            ]
        )
    return pulumi.Output.all(
        cluster.cluster_name, cluster.endpoint, cluster.certificate_authority, cluster.service_cidr
    ).apply(lambda facts: _encode(user_data(pool, JoinFacts(*facts))) or "")


def _encode(text: str | None) -> str | None:
    return base64.b64encode(text.encode()).decode() if text is not None else None
