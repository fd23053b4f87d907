"""Arguments of a VPC and what is in it."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from gpucloud.aws.tags import resource_tags
from gpucloud.plan.network_model import NetworkPlan, SubnetPlan

# By these tags the AWS load balancer controller finds the subnets for internal and public balancers.
_PRIVATE_ROLE = {"kubernetes.io/role/internal-elb": "1"}
_PUBLIC_ROLE = {"kubernetes.io/role/elb": "1"}


def vpc_args(plan: NetworkPlan, region: str, name: str, tags: Mapping[str, str]) -> aws.ec2.VpcArgs:
    """A VPC with DNS names, without which private EKS endpoints do not resolve."""
    return aws.ec2.VpcArgs(
        region=region,
        cidr_block=plan.cidr,
        enable_dns_hostnames=True,
        enable_dns_support=True,
        tags=resource_tags(tags, name),
    )


def private_subnet_args(
    subnet: SubnetPlan, region: str, vpc_id: pulumi.Input[str], name: str, tags: Mapping[str, str]
) -> aws.ec2.SubnetArgs:
    """A zone's subnet for nodes, without public addresses."""
    return _subnet_args(
        subnet.zone, subnet.private_cidr, region, vpc_id, resource_tags({**tags, **_PRIVATE_ROLE}, name)
    )


def public_subnet_args(
    subnet: SubnetPlan, region: str, vpc_id: pulumi.Input[str], name: str, tags: Mapping[str, str]
) -> aws.ec2.SubnetArgs:
    """A zone's subnet for NAT gateways and public load balancers; nodes never start in it."""
    return _subnet_args(subnet.zone, subnet.public_cidr, region, vpc_id, resource_tags({**tags, **_PUBLIC_ROLE}, name))


def _subnet_args(
    zone: str, cidr: str, region: str, vpc_id: pulumi.Input[str], tags: Mapping[str, str]
) -> aws.ec2.SubnetArgs:
    return aws.ec2.SubnetArgs(
        region=region,
        vpc_id=vpc_id,
        availability_zone=zone,
        cidr_block=cidr,
        map_public_ip_on_launch=False,
        tags=tags,
    )


def s3_endpoint_args(
    region: str,
    vpc_id: pulumi.Input[str],
    route_table_ids: Sequence[pulumi.Input[str]],
    name: str,
    tags: Mapping[str, str],
) -> aws.ec2.VpcEndpointArgs:
    """A gateway endpoint for S3: image layers from ECR then pass no NAT gateway, which charges for every gigabyte."""
    return aws.ec2.VpcEndpointArgs(
        region=region,
        vpc_id=vpc_id,
        service_name=f"com.amazonaws.{region}.s3",
        vpc_endpoint_type="Gateway",
        route_table_ids=route_table_ids,
        tags=resource_tags(tags, name),
    )
