"""VPCs, their subnets and endpoints."""

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, parent_from, prefixed
from gpucloud.sim.aws.zones import zone_id, zone_name, zone_names
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.values import Inputs


def _vpc(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, "ec2", f"vpc/{draft.id}"),
        "cidrBlock": "",
        "defaultNetworkAclId": f"acl-0{draft.digits(16, 'acl')}",
        "defaultRouteTableId": f"rtb-0{draft.digits(16, 'rtb')}",
        "defaultSecurityGroupId": f"sg-0{draft.digits(16, 'sg')}",
        "dhcpOptionsId": f"dopt-0{draft.digits(16, 'dopt')}",
        "mainRouteTableId": f"rtb-0{draft.digits(16, 'rtb')}",
        "ipv6AssociationId": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockNetworkBorderGroup": "",
        "ownerId": ACCOUNT,
    }


def _subnet(draft: Draft) -> Inputs:
    zone = draft.inputs.get("availabilityZone") or zone_name(draft.inputs.get("availabilityZoneId", ""))
    zone = zone or next(iter(zone_names(draft.scope)), f"{draft.scope}a")
    return {
        "arn": arn(draft, "ec2", f"subnet/{draft.id}"),
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "cidrBlock": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociationId": "",
        "ownerId": ACCOUNT,
    }


def _endpoint(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, "ec2", f"vpc-endpoint/{draft.id}"),
        "cidrBlocks": [],
        "dnsEntries": [],
        "dnsOptions": {},
        "ipAddressType": "ipv4",
        "networkInterfaceIds": [f"eni-0{draft.digits(16, s)}" for s in draft.inputs.get("subnetIds", [])],
        "ownerId": ACCOUNT,
        "policy": "",
        "prefixListId": f"pl-{draft.digits(8, 'pl')}",
        "privateDnsEnabled": False,
        "requesterManaged": False,
        "routeTableIds": [],
        "securityGroupIds": [],
        "serviceRegion": draft.scope,
        "state": "available",
        "subnetConfigurations": [],
        "subnetIds": [],
    }


VPC = ResourceType(
    "aws:ec2/vpc:Vpc",
    "ec2",
    "CreateVpc",
    "ModifyVpcAttribute",
    "DeleteVpc",
    prefixed("vpc"),
    _vpc,
    defaults={
        "enableDnsHostnames": False,
        "enableDnsSupport": True,
        "enableNetworkAddressUsageMetrics": False,
        "instanceTenancy": "default",
    },
)
SUBNET = ResourceType(
    "aws:ec2/subnet:Subnet",
    "ec2",
    "CreateSubnet",
    "ModifySubnetAttribute",
    "DeleteSubnet",
    prefixed("subnet"),
    _subnet,
    defaults={
        "assignIpv6AddressOnCreation": False,
        "enableDns64": False,
        "enableResourceNameDnsARecordOnLaunch": False,
        "enableResourceNameDnsAaaaRecordOnLaunch": False,
        "ipv6Native": False,
        "mapPublicIpOnLaunch": False,
        "privateDnsHostnameTypeOnLaunch": "ip-name",
    },
    parent_of=parent_from("vpcId"),
)
VPC_ENDPOINT = ResourceType(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "ec2",
    "CreateVpcEndpoint",
    "ModifyVpcEndpoint",
    "DeleteVpcEndpoints",
    prefixed("vpce"),
    _endpoint,
    defaults={"vpcEndpointType": "Gateway"},
    parent_of=parent_from("vpcId"),
)

TYPES = (VPC, SUBNET, VPC_ENDPOINT)
