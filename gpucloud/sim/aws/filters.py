"""Filters of EC2's Describe calls, over what the local cloud has. Source: EC2 API, DescribeSubnets and DescribeVpcs."""

import fnmatch
from typing import Any

from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_FILTERS = {
    "availability-zone": "availabilityZone",
    "availabilityZone": "availabilityZone",
    "availability-zone-id": "availabilityZoneId",
    "cidr": "cidrBlock",
    "cidr-block": "cidrBlock",
    "map-public-ip-on-launch": "mapPublicIpOnLaunch",
    "owner-id": "ownerId",
    "vpc-id": "vpcId",
}


def select(store: Store, token: str, region: str, arguments: Inputs, properties: tuple[str, ...]) -> list[Row]:
    """Return the rows of a type that fulfil id, properties, tags and filters of a `get_…` call, oldest first."""
    rows = [row for row in store.find("type = ? AND scope = ?", token, region) if row.status == "active"]
    return [row for row in rows if _matches(row, arguments, properties)]


def _matches(row: Row, arguments: Inputs, properties: tuple[str, ...]) -> bool:
    if arguments.get("id") not in {None, row.id}:
        return False
    if any(arguments.get(name) not in {None, row.outputs.get(name)} for name in properties):
        return False
    tags = row.outputs.get("tagsAll", {})
    if any(tags.get(key) != value for key, value in (arguments.get("tags") or {}).items()):
        return False
    return all(_passes(row, entry, tags) for entry in arguments.get("filters") or [])


def _passes(row: Row, entry: dict[str, Any], tags: dict[str, str]) -> bool:
    name, values = str(entry["name"]), [str(value) for value in entry["values"]]
    if name == "tag-key":
        return any(fnmatch.fnmatchcase(key, value) for key in tags for value in values)
    if name.startswith("tag:"):
        found = tags.get(name[4:])
    elif name == "subnet-id" or (name == "vpc-id" and "vpcId" not in row.outputs):
        found = row.id
    elif name in _FILTERS:
        found = _text(row.outputs.get(_FILTERS[name]))
    elif name == "state":
        found = "available"
    else:
        raise CloudError("InvalidParameterValue", f"The filter '{name}' is not modelled by the local cloud")
    return found is not None and any(fnmatch.fnmatchcase(found, value) for value in values)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def take_one(rows: list[Row], what: str) -> Row:
    """Return the only row; CloudError where there is none, or more than one."""
    if len(rows) != 1:
        count = "no matching" if not rows else "multiple"
        raise CloudError(
            "", f"{count} EC2 {what} found{'' if not rows else '; use additional constraints to reduce matches'}"
        )
    return rows[0]
