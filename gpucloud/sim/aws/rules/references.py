"""What a resource names must exist, in its region.

Codes: EC2 API reference, "Error codes"; EKS and IAM service models.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gpucloud.sim.aws.identifiers import ACCOUNT
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Json

VPC, SUBNET, GATEWAY = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/internetGateway:InternetGateway"
EIP, NAT, TABLE = "aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway", "aws:ec2/routeTable:RouteTable"
GROUP, ROLE, CLUSTER = "aws:ec2/securityGroup:SecurityGroup", "aws:iam/role:Role", "aws:eks/cluster:Cluster"
ENDPOINT, KEY = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:kms/key:Key"


@dataclass(frozen=True, slots=True)
class Reference:
    """One input that names a resource: where it stands, what it names, what the API answers where there is none."""

    path: str
    target: str
    code: str
    text: str  # with {} for the name


_VPC = ("InvalidVpcID.NotFound", "The vpc ID '{}' does not exist")
_SUBNET = ("InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist")
_GROUP = ("InvalidGroup.NotFound", "The security group '{}' does not exist")
_TABLE = ("InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist")
_CLUSTER = ("ResourceNotFoundException", "No cluster found for name: {}.")
_ROLE_NAME = ("NoSuchEntity", "The role with name {} cannot be found.")
_EKS_SUBNET = ("InvalidParameterException", "InvalidSubnetID.NotFound: The subnet ID '{}' does not exist")
_EKS_GROUP = ("InvalidParameterException", "InvalidGroup.NotFound: The security group '{}' does not exist")
_EKS_ROLE = ("InvalidParameterException", "roleArn, {}, does not exist")

REFERENCES: dict[str, tuple[Reference, ...]] = {
    "aws:ec2/subnet:Subnet": (Reference("vpcId", VPC, *_VPC),),
    "aws:ec2/internetGateway:InternetGateway": (Reference("vpcId", VPC, *_VPC),),
    "aws:ec2/natGateway:NatGateway": (
        Reference("subnetId", SUBNET, *_SUBNET),
        Reference("allocationId", EIP, "InvalidAllocationID.NotFound", "The allocation ID '{}' does not exist"),
    ),
    "aws:ec2/routeTable:RouteTable": (Reference("vpcId", VPC, *_VPC),),
    "aws:ec2/route:Route": (
        Reference("routeTableId", TABLE, *_TABLE),
        Reference("gatewayId", GATEWAY, "InvalidGatewayID.NotFound", "The gateway ID '{}' does not exist"),
        Reference("natGatewayId", NAT, "InvalidNatGatewayID.NotFound", "The natGateway ID '{}' does not exist"),
        Reference(
            "vpcEndpointId", ENDPOINT, "InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{}' does not exist"
        ),
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (
        Reference("routeTableId", TABLE, *_TABLE),
        Reference("subnetId", SUBNET, *_SUBNET),
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        Reference("vpcId", VPC, *_VPC),
        Reference("subnetIds[]", SUBNET, *_SUBNET),
        Reference("routeTableIds[]", TABLE, *_TABLE),
        Reference("securityGroupIds[]", GROUP, *_GROUP),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (Reference("vpcId", VPC, *_VPC),),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        Reference("securityGroupId", GROUP, *_GROUP),
        Reference("referencedSecurityGroupId", GROUP, *_GROUP),
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        Reference("securityGroupId", GROUP, *_GROUP),
        Reference("referencedSecurityGroupId", GROUP, *_GROUP),
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        Reference("vpcSecurityGroupIds[]", GROUP, *_GROUP),
        Reference("networkInterfaces[].securityGroups[]", GROUP, *_GROUP),
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (Reference("role", ROLE, *_ROLE_NAME),),
    "aws:iam/rolePolicy:RolePolicy": (Reference("role", ROLE, *_ROLE_NAME),),
    "aws:iam/instanceProfile:InstanceProfile": (Reference("role", ROLE, *_ROLE_NAME),),
    "aws:kms/alias:Alias": (Reference("targetKeyId", KEY, "NotFoundException", "Key '{}' does not exist"),),
    "aws:cloudwatch/logGroup:LogGroup": (
        Reference("kmsKeyId", KEY, "InvalidParameterException", "The specified KMS key does not exist: {}"),
    ),
    "aws:eks/cluster:Cluster": (
        Reference("roleArn", ROLE, *_EKS_ROLE),
        Reference("vpcConfig.subnetIds[]", SUBNET, *_EKS_SUBNET),
        Reference("vpcConfig.securityGroupIds[]", GROUP, *_EKS_GROUP),
        Reference("encryptionConfig.provider.keyArn", KEY, "InvalidParameterException", "Key '{}' does not exist"),
    ),
    "aws:eks/nodeGroup:NodeGroup": (
        Reference("clusterName", CLUSTER, *_CLUSTER),
        Reference("nodeRoleArn", ROLE, *_EKS_ROLE),
        Reference("subnetIds[]", SUBNET, *_EKS_SUBNET),
    ),
    "aws:eks/addon:Addon": (
        Reference("clusterName", CLUSTER, *_CLUSTER),
        Reference("serviceAccountRoleArn", ROLE, *_EKS_ROLE),
        Reference("podIdentityAssociations[].roleArn", ROLE, *_EKS_ROLE),
    ),
    "aws:eks/accessEntry:AccessEntry": (
        Reference("clusterName", CLUSTER, *_CLUSTER),
        Reference(
            "principalArn",
            ROLE,
            "InvalidParameterException",
            "The specified principalArn is invalid: invalid principal ({})",
        ),
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (Reference("clusterName", CLUSTER, *_CLUSTER),),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        Reference("clusterName", CLUSTER, *_CLUSTER),
        Reference("roleArn", ROLE, "InvalidParameterException", "Role provided in the request does not exist: {}"),
    ),
}


def references_of(token: str) -> tuple[Callable[[Draft], None], ...]:
    """Return the rule that each of a type's references exists, or nothing for a type without any."""
    references = REFERENCES.get(token, ())

    def check(draft: Draft) -> None:
        for reference in references:
            for name in _names(reference.path, draft.inputs):
                if not _exists(draft, reference.target, name):
                    raise CloudError(reference.code, reference.text.format(name))

    return (check,) if references else ()


def _names(path: str, value: Json) -> Iterator[str]:
    head, rest = re.match(r"([^.\[]*)(.*)", path).groups()  # type: ignore[union-attr] - it matches anything
    if head:
        value = value.get(head) if isinstance(value, dict) else None
    if value is None:
        return
    if not rest:
        yield str(value)
    elif rest.startswith("[]") and isinstance(value, list):
        for item in value:
            yield from _names(rest[2:].removeprefix("."), item)
    elif rest.startswith("."):
        yield from _names(rest[1:], value)


def _exists(draft: Draft, target: str, name: str) -> bool:
    if target == ROLE:
        return find_role(draft, name) is not None or not _is_own_role(name)
    if target == KEY:
        key = name.rpartition("/")[2]
        return name.rpartition(":")[2].startswith("alias/") or _find(draft, KEY, key) is not None
    if target == GROUP:
        return _find(draft, GROUP, name) is not None or _is_default_group(draft, name)
    if target == TABLE:
        return _find(draft, TABLE, name) is not None or _is_main_table(draft, name)
    return _find(draft, target, name) is not None


def _find(draft: Draft, target: str, name: str) -> Row | None:
    row = draft.store.find_one(target, draft.scope, name)
    return row if row is not None and row.status == "active" else None


def _is_own_role(name: str) -> bool:
    """Return whether the local cloud can know of the role: a name, or an ARN of a role of its own account."""
    return not name.startswith("arn:") or name.startswith(f"arn:aws:iam::{ACCOUNT}:role/")


def find_role(draft: Draft, name: str) -> Row | None:
    """Return a role by name or ARN."""
    row = draft.store.find_one(ROLE, "global", name.rpartition("/")[2])
    return row if row is not None and (not name.startswith("arn:") or row.outputs.get("arn") == name) else None


def _is_default_group(draft: Draft, name: str) -> bool:
    vpcs = draft.store.find("type = ? AND scope = ?", VPC, draft.scope)
    clusters = draft.store.find("type = ? AND scope = ?", CLUSTER, draft.scope)
    return any(row.outputs.get("defaultSecurityGroupId") == name for row in vpcs) or any(
        row.outputs.get("vpcConfig", {}).get("clusterSecurityGroupId") == name for row in clusters
    )


def _is_main_table(draft: Draft, name: str) -> bool:
    return any(
        row.outputs.get("mainRouteTableId") == name
        for row in draft.store.find("type = ? AND scope = ?", VPC, draft.scope)
    )
