"""The ways out of a VPC: internet gateways, NAT gateways and their addresses."""

import ipaddress

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, parent_from, prefixed
from gpucloud.sim.aws.network import SUBNET
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs


def _internet_gateway(draft: Draft) -> Inputs:
    return {"arn": arn(draft, "ec2", f"internet-gateway/{draft.id}"), "ownerId": ACCOUNT, "vpcId": ""}


def _address(draft: Draft, salt: str, network: str) -> str:
    """Return an address of a network that follows from the draft."""
    block = ipaddress.ip_network(network)
    offset = int(draft.digits(12, salt), 16) % max(block.num_addresses - 8, 1)
    return str(block[min(offset + 4, block.num_addresses - 1)])


def _eip(draft: Draft) -> Inputs:
    # 203.0.113.0/24 is for documentation (RFC 5737): an address of the local cloud must belong to nobody.
    address = _address(draft, "public", "203.0.113.0/24")
    return {
        "arn": arn(draft, "ec2", f"elastic-ip/{draft.id}"),
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


INTERNET_GATEWAY = ResourceType(
    "aws:ec2/internetGateway:InternetGateway",
    "ec2",
    "CreateInternetGateway",
    "CreateTags",
    "DeleteInternetGateway",
    prefixed("igw"),
    _internet_gateway,
    parent_of=parent_from("vpcId"),
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
    parent_of=parent_from("subnetId"),
)

TYPES = (INTERNET_GATEWAY, EIP, NAT_GATEWAY)
