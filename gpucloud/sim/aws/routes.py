"""Route tables, their routes and the subnets that use them."""

import hashlib

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, parent_from, prefixed
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.values import Inputs


def _route_table(draft: Draft) -> Inputs:
    routes = [row.inputs for row in draft.store.find("type = ? AND parent = ?", ROUTE.token, draft.id)]
    return {
        "arn": arn(draft, "ec2", f"route-table/{draft.id}"),
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


ROUTE_TABLE = ResourceType(
    "aws:ec2/routeTable:RouteTable",
    "ec2",
    "CreateRouteTable",
    "CreateTags",
    "DeleteRouteTable",
    prefixed("rtb"),
    _route_table,
    parent_of=parent_from("vpcId"),
)
ROUTE = ResourceType(
    "aws:ec2/route:Route",
    "ec2",
    "CreateRoute",
    "ReplaceRoute",
    "DeleteRoute",
    _route_id,
    _route,
    parent_of=parent_from("routeTableId"),
    delete_before_replace=True,
)
ROUTE_TABLE_ASSOCIATION = ResourceType(
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "ec2",
    "AssociateRouteTable",
    "ReplaceRouteTableAssociation",
    "DisassociateRouteTable",
    prefixed("rtbassoc"),
    parent_of=parent_from("routeTableId"),
    delete_before_replace=True,
)

TYPES = (ROUTE_TABLE, ROUTE, ROUTE_TABLE_ASSOCIATION)
