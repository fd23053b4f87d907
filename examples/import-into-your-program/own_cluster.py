"""A team's own EKS cluster, written by hand without gpucloud: whatever makes yours takes this file's place."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

ZONES = ("us-west-2a", "us-west-2b")


@dataclass(frozen=True)
class OwnCluster:
    """What the rest of the program uses of the cluster."""

    cluster: aws.eks.Cluster
    vpc: aws.ec2.Vpc
    subnets: dict[str, aws.ec2.Subnet]
    node_role: aws.iam.Role


def _role(name: str, service: str) -> aws.iam.Role:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return aws.iam.Role(name, assume_role_policy=trust)


def _attach(name: str, role: aws.iam.Role, policy: str) -> aws.iam.RolePolicyAttachment:
    return aws.iam.RolePolicyAttachment(name, role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}")


def make_own_cluster() -> OwnCluster:
    """A VPC with two subnets, a control plane in them, and a role for nodes.

    In a real account the subnets also need a route out, by which nodes reach the cluster and pull images.
    """
    vpc = aws.ec2.Vpc("own", cidr_block="10.8.0.0/16", enable_dns_hostnames=True)
    subnets = {
        zone: aws.ec2.Subnet(f"own-{zone}", vpc_id=vpc.id, availability_zone=zone, cidr_block=f"10.8.{index * 16}.0/20")
        for index, zone in enumerate(ZONES)
    }
    role = _role("own-cluster", "eks.amazonaws.com")
    allowed = _attach("own-cluster", role, "AmazonEKSClusterPolicy")
    node_role = _role("own-node", "ec2.amazonaws.com")
    for policy in ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"):
        _attach(f"own-node-{policy}", node_role, policy)
    cluster = aws.eks.Cluster(
        "own",
        role_arn=role.arn,
        vpc_config={"subnet_ids": [subnet.id for subnet in subnets.values()], "endpoint_private_access": True},
        access_config={"authentication_mode": "API_AND_CONFIG_MAP"},
        opts=pulumi.ResourceOptions(depends_on=[allowed]),
    )
    return OwnCluster(cluster, vpc, subnets, node_role)
