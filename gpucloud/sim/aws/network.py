"""VPCs, subnets, gateways and routes."""

import hashlib
import ipaddress
from collections.abc import Callable

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, prefixed
from gpucloud.sim.aws.zones import zone_id, zone_name, zone_names
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

_EC2 = "ec2"


def _vpc(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, _EC2, f"vpc/{draft.id}"),
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
        "arn": arn(draft, _EC2, f"subnet/{draft.id}"),
        "availabilityZone": zone,
        "availabilityZoneId": zone_id(zone),
        "cidrBlock": "",
        "ipv6CidrBlock": "",
        "ipv6CidrBlockAssociationId": "",
        "ownerId": ACCOUNT,
    }


def _internet_gateway(draft: Draft) -> Inputs:
    return {**_owned("internet-gateway")(draft), "vpcId": ""}


def _owned(resource: str) -> Callable[[Draft], Inputs]:
    def compute(draft: Draft) -> Inputs:
        return {"arn": arn(draft, _EC2, f"{resource}/{draft.id}"), "ownerId": ACCOUNT}

    return compute


def _address(draft: Draft, salt: str, network: str) -> str:
    """Return an address of a network that follows from the draft."""
    block = ipaddress.ip_network(network)
    offset = int(draft.digits(12, salt), 16) % max(block.num_addresses - 8, 1)
    return str(block[min(offset + 4, block.num_addresses - 1)])


def _eip(draft: Draft) -> Inputs:
    # 203.0.113.0/24 is for documentation (RFC 5737): an address of the local cloud must belong to nobody.
    address = _address(draft, "public", "203.0.113.0/24")
    return {
        "arn": arn(draft, _EC2, f"elastic-ip/{draft.id}"),
        "allocationId": draft.id,
        "associationId": "",
        "carrierIp": "",
        "customerOwnedIp": "",
        "domain": "vpc",
        "instance": "",
        "ipamPoolId": "",
        "networkBorderGroup": draft.scope,
        "networkInterface": "",
        "privateDns": "",
        "privateIp": "",
        "ptrRecord": "",
        "publicDns": f"ec2-{address.replace('.', '-')}.compute-1.amazonaws.com",
        "publicIp": address,
        "publicIpv4Pool": "amazon",
    }


def _find(draft: Draft, token: str, name: str) -> Row | None:
    return draft.store.find_one(token, draft.scope, str(draft.inputs.get(name, "")))


def _nat_gateway(draft: Draft) -> Inputs:
    subnet = _find(draft, SUBNET.token, "subnetId")
    eip = _find(draft, EIP.token, "allocationId")
    outputs: Inputs = {
        "associationId": f"eipassoc-0{draft.digits(16, 'association')}",
        "autoProvisionZones": "disabled",
        "autoScalingIps": "disabled",
        "availabilityMode": "zonal",
        "networkInterfaceId": f"eni-0{draft.digits(16, 'eni')}",
        "privateIp": _address(draft, "private", str(subnet.outputs["cidrBlock"])) if subnet else "",
        "publicIp": eip.outputs["publicIp"] if eip else "",
        "regionalNatGatewayAddresses": [],
        "regionalNatGatewayAutoMode": "",
        "routeTableId": "",
        "secondaryAllocationIds": [],
        "secondaryPrivateIpAddressCount": 0,
        "secondaryPrivateIpAddresses": [],
        "subnetId": "",
        "vpcId": subnet.outputs["vpcId"] if subnet else "",
    }
    return outputs


def _route_table(draft: Draft) -> Inputs:
    routes = [row.inputs for row in draft.store.find("type = ? AND parent = ?", ROUTE.token, draft.id)]
    return {
        "arn": arn(draft, _EC2, f"route-table/{draft.id}"),
        "ownerId": ACCOUNT,
        "propagatingVgws": [],
        "routes": [{"cidrBlock": r.get("destinationCidrBlock", "")} for r in routes] if not draft.previous else [],
    }


def _route_id(draft: Draft) -> str:
    inputs = draft.inputs
    destination = (
        inputs.get("destinationCidrBlock")
        or inputs.get("destinationIpv6CidrBlock")
        or inputs.get("destinationPrefixListId")
    )
    return f"r-{inputs.get('routeTableId')}{int(hashlib.sha256(str(destination).encode()).hexdigest()[:8], 16)}"


def _route(_draft: Draft) -> Inputs:
    return {
        "instanceId": "",
        "instanceOwnerId": "",
        "networkInterfaceId": "",
        "origin": "CreateRoute",
        "state": "active",
    }


def _endpoint(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, _EC2, f"vpc-endpoint/{draft.id}"),
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


def _parent(name: str) -> Callable[[Inputs], str]:
    def parent_of(inputs: Inputs) -> str:
        return str(inputs.get(name, ""))

    return parent_of


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
    parent_of=_parent("vpcId"),
)
INTERNET_GATEWAY = ResourceType(
    "aws:ec2/internetGateway:InternetGateway",
    "ec2",
    "CreateInternetGateway",
    "CreateTags",
    "DeleteInternetGateway",
    prefixed("igw"),
    _internet_gateway,
    parent_of=_parent("vpcId"),
)
EIP = ResourceType(
    "aws:ec2/eip:Eip", "ec2", "AllocateAddress", "CreateTags", "ReleaseAddress", prefixed("eipalloc"), _eip
)
NAT_GATEWAY = ResourceType(
    "aws:ec2/natGateway:NatGateway",
    "ec2",
    "CreateNatGateway",
    "CreateTags",
    "DeleteNatGateway",
    prefixed("nat"),
    _nat_gateway,
    defaults={"connectivityType": "public"},
    parent_of=_parent("subnetId"),
)
ROUTE_TABLE = ResourceType(
    "aws:ec2/routeTable:RouteTable",
    "ec2",
    "CreateRouteTable",
    "CreateTags",
    "DeleteRouteTable",
    prefixed("rtb"),
    _route_table,
    parent_of=_parent("vpcId"),
)
ROUTE = ResourceType(
    "aws:ec2/route:Route",
    "ec2",
    "CreateRoute",
    "ReplaceRoute",
    "DeleteRoute",
    _route_id,
    _route,
    parent_of=_parent("routeTableId"),
    delete_before_replace=True,
)
ROUTE_TABLE_ASSOCIATION = ResourceType(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "ec2",
    "AssociateRouteTable",
    "ReplaceRouteTableAssociation",
    "DisassociateRouteTable",
    prefixed("rtbassoc"),
    parent_of=_parent("routeTableId"),
    delete_before_replace=True,
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
    parent_of=_parent("vpcId"),
)

TYPES = (
    VPC,
    SUBNET,
    INTERNET_GATEWAY,
    EIP,
    NAT_GATEWAY,
    ROUTE_TABLE,
    ROUTE,
    ROUTE_TABLE_ASSOCIATION,
    VPC_ENDPOINT,
)
