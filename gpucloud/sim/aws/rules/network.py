"""VPCs, subnets, gateways and routes."""

import ipaddress
from collections.abc import Iterator

from gpucloud.sim.aws.zones import zone_id, zone_name, zone_names
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_VPC = "aws:ec2/vpc:Vpc"
_SUBNET = "aws:ec2/subnet:Subnet"
_LARGEST, _SMALLEST = 16, 28


def refuse_bad_cidr_block(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a block that is no IPv4 network, or not between /16 and /28.

    Source: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet CIDR blocks".
    """
    block = inputs.get("cidrBlock")
    if not isinstance(block, str):
        return
    try:
        network = ipaddress.IPv4Network(block)
    except ValueError as error:
        yield Refusal(
            "cidrBlock", "InvalidParameterValue", f"Value ({block}) for parameter cidrBlock is invalid: {error}"
        )
        return
    if not _LARGEST <= network.prefixlen <= _SMALLEST:
        yield Refusal(
            "cidrBlock",
            "InvalidVpc.Range",
            f"the CIDR '{block}' is invalid: blocks are between /{_LARGEST} and /{_SMALLEST}",
        )


def refuse_vpc_without_block(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a VPC with neither a block nor a pool to take one from (EC2: MissingParameter on CreateVpc)."""
    if inputs.get("cidrBlock") is None and inputs.get("ipv4IpamPoolId") is None:
        yield Refusal("cidrBlock", "MissingParameter", "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided.")


def refuse_two_zones_of_subnet(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a zone by name and by id (terraform-provider-aws vpc_subnet.go: ConflictsWith)."""
    if inputs.get("availabilityZone") is not None and inputs.get("availabilityZoneId") is not None:
        yield Refusal("availabilityZoneId", "", "conflicts with availabilityZone")


def refuse_zone_outside_region(draft: Draft) -> None:
    """Refuse a zone that the region does not have (EC2: InvalidParameterValue on CreateSubnet)."""
    names = zone_names(draft.scope)
    zone = draft.inputs.get("availabilityZone")
    by_id = draft.inputs.get("availabilityZoneId")
    if not names or (zone is None and by_id is None):
        return
    if zone in names or (by_id is not None and zone_name(by_id) in names):
        return
    parameter = "availabilityZone" if zone is not None else "availabilityZoneId"
    choice = ", ".join(names if zone is not None else [zone_id(name) for name in names])
    raise CloudError(
        "InvalidParameterValue",
        f"Value ({zone or by_id}) for parameter {parameter} is invalid. "
        f"Subnets can currently only be created in the following availability zones: {choice}.",
    )


def refuse_subnet_outside_vpc(draft: Draft) -> None:
    """Refuse a subnet whose block is not inside its VPC's (EC2: InvalidSubnet.Range)."""
    vpc = draft.store.find_one(_VPC, draft.scope, str(draft.inputs.get("vpcId")))
    block = draft.inputs.get("cidrBlock")
    if vpc is None or block is None or not vpc.inputs.get("cidrBlock"):
        return
    if not ipaddress.IPv4Network(block).subnet_of(ipaddress.IPv4Network(vpc.inputs["cidrBlock"])):
        raise CloudError(
            "InvalidSubnet.Range", f"The CIDR '{block}' is invalid: the VPC has {vpc.inputs['cidrBlock']}."
        )


def refuse_overlapping_subnet(draft: Draft) -> None:
    """Refuse a subnet whose block overlaps another of its VPC (EC2: InvalidSubnet.Conflict)."""
    block = draft.inputs.get("cidrBlock")
    if block is None or draft.previous is not None:
        return
    network = ipaddress.IPv4Network(block)
    for other in draft.store.find(
        "type = ? AND scope = ? AND parent = ?", _SUBNET, draft.scope, draft.inputs.get("vpcId")
    ):
        taken = other.inputs.get("cidrBlock")
        if taken and ipaddress.IPv4Network(taken).overlaps(network):
            raise CloudError(
                "InvalidSubnet.Conflict", f"The CIDR '{block}' conflicts with another subnet ({other.id})."
            )


def refuse_second_internet_gateway(draft: Draft) -> None:
    """Refuse to attach a second internet gateway to a VPC (EC2: Resource.AlreadyAssociated)."""
    vpc = draft.inputs.get("vpcId")
    for other in draft.store.find("type = ? AND scope = ? AND parent = ?", draft.type, draft.scope, vpc or "-"):
        if draft.previous is None or other.seq != draft.previous.seq:
            raise CloudError("Resource.AlreadyAssociated", f"resource {vpc} is already attached to {other.id}")


def refuse_nat_gateway_without_address(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a public NAT gateway in a zone without an elastic address, and a private one with it.

    Source: EC2 API CreateNatGateway, AllocationId ("[Public NAT gateways only]"); terraform-provider-aws
    vpc_nat_gateway.go.
    """
    private = inputs.get("connectivityType") == "private"
    regional = inputs.get("availabilityMode") == "regional"
    if private and inputs.get("allocationId") is not None:
        yield Refusal("allocationId", "", 'is not supported with connectivityType = "private"')
    if not private and not regional and inputs.get("allocationId") is None:
        yield Refusal("allocationId", "MissingParameter", "The request must contain the parameter AllocationId")


def refuse_route_without_destination(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a route that has not exactly one destination and one target (terraform-provider-aws vpc_route.go)."""
    destinations = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
    targets = (
        "carrierGatewayId",
        "coreNetworkArn",
        "egressOnlyGatewayId",
        "gatewayId",
        "localGatewayId",
        "natGatewayId",
        "networkInterfaceId",
        "odbNetworkArn",
        "transitGatewayId",
        "vpcEndpointId",
        "vpcPeeringConnectionId",
    )
    for names in (destinations, targets):
        given = [name for name in names if inputs.get(name) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            yield Refusal(
                given[-1] if given else names[0], "", f"exactly one of {', '.join(names)} is needed, got {found}"
            )


def refuse_taken_destination(draft: Draft) -> None:
    """Refuse a second route to one destination in a table (EC2: RouteAlreadyExists)."""
    destination = draft.inputs.get("destinationCidrBlock")
    if draft.previous is not None or destination is None:
        return
    table = draft.inputs.get("routeTableId")
    for other in draft.store.find("type = ? AND scope = ? AND parent = ?", draft.type, draft.scope, table):
        if other.inputs.get("destinationCidrBlock") == destination:
            raise CloudError("RouteAlreadyExists", f"The route identified by {destination} already exists.")


def refuse_second_table_of_subnet(draft: Draft) -> None:
    """Refuse to associate a subnet with a second table (EC2: Resource.AlreadyAssociated)."""
    subnet = draft.inputs.get("subnetId")
    if subnet is None:
        return
    for other in draft.store.find("type = ? AND scope = ?", draft.type, draft.scope):
        if other.inputs.get("subnetId") == subnet and (draft.previous is None or other.seq != draft.previous.seq):
            raise CloudError(
                "Resource.AlreadyAssociated",
                f"the specified association for route table {other.parent} conflicts: {subnet}",
            )
