"""Regions, zones and what is offered where.

A zone name such as `us-east-1a` is an account's own: in another account the same letter can mean another zone. A zone
ID such as `use1-az1` means the same everywhere. What a region offers is known by zone ID; a question by zone name has
an answer only where all zones of the region agree. Azure's zones are `1`, `2` and `3` in every region; which building
that is differs between subscriptions, and what is sold there does not.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.machine_types import known_cloud
from gpucloud.facts.tables import nearest_names, read_table

REGIONAL = "regional"
"""The zone of nodes that Azure may place anywhere in a region; many of its GPU sizes are sold in no other way."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region of one cloud with its standard zones; local and wavelength zones are left out."""

    cloud: str
    name: str
    zones: tuple[str, ...]
    zone_ids: tuple[str, ...]
    source: str


def regions(cloud: str) -> tuple[str, ...]:
    """Return the names of a cloud's regions, sorted; raise UnknownNameError for a cloud without a table."""
    return tuple(_regions(cloud))


def region(cloud: str, name: str) -> Region:
    """Return the region of that exact name; raise UnknownNameError with the nearest names otherwise."""
    found = _regions(cloud).get(name)
    if found is None:
        raise UnknownNameError(f"{cloud} region", name, nearest_names(name, _regions(cloud)))
    return found


def zones(cloud: str, region_name: str) -> tuple[str, ...]:
    """Return the names of a region's standard zones, sorted; raise UnknownNameError for an unknown region."""
    return region(cloud, region_name).zones


def zone_region(cloud: str, zone: str) -> str:
    """Return the region of a zone name or zone ID; raise UnknownNameError with the nearest zone names otherwise.

    Raise it for Azure too, whose zone names are the same in every region.
    """
    found = _regions_by_zone(cloud).get(zone)
    if found is None:
        raise UnknownNameError(f"{cloud} zone", zone, nearest_names(zone, _regions_by_zone(cloud)))
    return found


def zone_offers(cloud: str, region_name: str, zone: str, machine_type: str) -> bool | None:
    """Return whether a zone offers an accelerated machine type, or None where nobody can say without the account.

    The answer is as old as the cloud's listing in the table's source: read False as a reason to look, not as proof.
    None is the answer for a zone name where only some zones of its region offer the type (letters differ between
    accounts; ask by zone ID), for a region without a listing, and for a type that no region lists. Raise
    UnknownNameError for an unknown region.

    Azure's listings show what one subscription may use, so what they leave out may be sold all the same: no answer. A
    size that they show in a region and in none of its zones is sold `regional` only, and that is an answer. On Google
    Cloud no zone means that no source says in which.
    """
    home = region(cloud, region_name)
    by_region = _offerings(cloud).get(machine_type)
    if by_region is None or home.name not in _listed_regions(cloud):
        return None
    offering = by_region.get(home.name)
    if cloud == "azure":
        return _azure_offers(zone, offering)
    if offering is None:
        return False
    if cloud == "gcp" and not offering:
        return None
    if zone in home.zone_ids:
        return zone in offering
    return True if offering >= set(home.zone_ids) else None


def _azure_offers(zone: str, offering: frozenset[str] | None) -> bool | None:
    if offering is None:
        return None
    if zone == REGIONAL or zone in offering:
        return True
    return None if offering else False


def zone_key(cloud: str, region_name: str, zone: str) -> str:
    """Return the zone's name among those of all regions: Azure's begins with its region, `eastus-1`."""
    return f"{region_name}-{zone}" if cloud == "azure" else zone


def regions_offering(cloud: str, machine_type: str) -> tuple[str, ...]:
    """Return the regions that list an accelerated machine type, sorted; none where no listing has it."""
    return tuple(sorted(_offerings(cloud).get(machine_type, {})))


@cache
def _regions(cloud: str) -> dict[str, Region]:
    return {
        row["region"]: Region(
            cloud=cloud,
            name=row["region"],
            zones=_names(row["zones"]),
            zone_ids=_names(row["zone_ids"]),
            source=row["source"],
        )
        for row in read_table(f"{known_cloud(cloud)}_zones")
    }


@cache
def _regions_by_zone(cloud: str) -> dict[str, str]:
    if cloud == "azure":
        return {}
    return {zone: entry.name for entry in _regions(cloud).values() for zone in (*entry.zones, *entry.zone_ids)}


@cache
def _offerings(cloud: str) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in read_table(f"{known_cloud(cloud)}_offerings"):
        found.setdefault(row["machine_type"], {})[row["region"]] = frozenset(_names(row["zone_ids"]))
    return found


@cache
def _listed_regions(cloud: str) -> frozenset[str]:
    return frozenset(name for by_region in _offerings(cloud).values() for name in by_region)


def _names(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))
