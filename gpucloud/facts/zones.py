"""Regions, zones and what is offered where.

A zone name such as `us-east-1a` is an account's own: in another account the same letter can mean another zone. A zone
ID such as `use1-az1` means the same everywhere. What a region offers is known by zone ID; a question by zone name has
an answer only where all zones of the region agree.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table

_TABLES = {"aws": ("aws_zones", "aws_offerings")}


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
    """Return the region of a zone name or zone ID; raise UnknownNameError with the nearest zone names otherwise."""
    found = _regions_by_zone(cloud).get(zone)
    if found is None:
        raise UnknownNameError(f"{cloud} zone", zone, nearest_names(zone, _regions_by_zone(cloud)))
    return found


def zone_offers(cloud: str, zone: str, machine_type: str) -> bool | None:
    """Return whether a zone offers an accelerated machine type, or None where nobody can say without the account.

    The answer is as old as the cloud's listing in the table's source: read False as a reason to look, not as proof.
    None is the answer for a zone name where only some zones of its region offer the type (letters differ between
    accounts; ask by zone ID), for a region without a listing, and for a type that no region lists.
    """
    home = region(cloud, zone_region(cloud, zone))
    by_region = _offerings(cloud).get(machine_type)
    if by_region is None or home.name not in _listed_regions(cloud):
        return None
    offering = by_region.get(home.name, frozenset())
    if zone in home.zone_ids:
        return zone in offering
    if not offering:
        return False
    return True if offering >= set(home.zone_ids) else None


def _table(cloud: str) -> tuple[str, str]:
    if cloud not in _TABLES:
        raise UnknownNameError("cloud with regions", cloud, tuple(sorted(_TABLES)))
    return _TABLES[cloud]


@cache
def _regions(cloud: str) -> dict[str, Region]:
    return {
        row["region"]: Region(
            cloud=cloud,
            name=row["region"],
            zones=tuple(row["zones"].split("|")),
            zone_ids=tuple(row["zone_ids"].split("|")),
            source=row["source"],
        )
        for row in read_table(_table(cloud)[0])
    }


@cache
def _regions_by_zone(cloud: str) -> dict[str, str]:
    return {zone: entry.name for entry in _regions(cloud).values() for zone in (*entry.zones, *entry.zone_ids)}


@cache
def _offerings(cloud: str) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in read_table(_table(cloud)[1]):
        found.setdefault(row["machine_type"], {})[row["region"]] = frozenset(row["zone_ids"].split("|"))
    return found


@cache
def _listed_regions(cloud: str) -> frozenset[str]:
    return frozenset(name for by_region in _offerings(cloud).values() for name in by_region)
