"""Regions and zones of the local cloud's account, from the facts.

The letters of zone names are an account's own; the local cloud's account has them in the order of the zone ids.
"""

from gpucloud.errors import UnknownNameError
from gpucloud.facts.zones import region as find_region, zone_region, zones


def zone_names(region: str) -> tuple[str, ...]:
    """Return the names of a region's zones; none for a region that no source lists."""
    try:
        return zones("aws", region)
    except UnknownNameError:
        return ()


def zone_id(zone: str) -> str:
    """Return the id of a zone by its name, or nothing where no source lists it."""
    try:
        home = find_region("aws", zone_region("aws", zone))
    except UnknownNameError:
        return ""
    return dict(zip(home.zones, home.zone_ids, strict=True)).get(zone, zone)


def zone_name(zone: str) -> str:
    """Return the name of a zone by its id, or nothing where no source lists it."""
    try:
        home = find_region("aws", zone_region("aws", zone))
    except UnknownNameError:
        return ""
    return dict(zip(home.zone_ids, home.zones, strict=True)).get(zone, zone)
