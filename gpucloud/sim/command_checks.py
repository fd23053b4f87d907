"""What is wrong with the names and numbers of a command to the local cloud: a Problem each, or nothing."""

import re
from collections.abc import Iterable

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts import clouds
from gpucloud.facts.machine_types import general_machine_types, machine_types
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.zones import regions
from gpucloud.sim.aws.zones import zone_name
from gpucloud.sim.places import cloud_of_machine_type, cloud_of_region, cloud_of_zone, quota_codes, zone_keys

_GROUP_ID = r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/capacityReservationGroups/[^/]+"


def refuse(*problems: Problem | None) -> None:
    """Raise InvalidInputError with all problems that there are."""
    found = [problem for problem in problems if problem is not None]
    if found:
        raise InvalidInputError(found)


def check_zone(zone: str) -> Problem | None:
    """Return what is wrong with a zone's name; an id of a zone is not its name."""
    if cloud_of_zone(zone):
        return None
    if zone_name(zone) not in {zone, ""}:
        return Problem("zone", f"{zone!r} is a zone's id", f"name the zone: {zone_name(zone)}")
    if cloud_of_region(zone) == "azure":
        fix = f"name the region and the zone: {', '.join(key for key in zone_keys('azure') if _is_in(key, zone))}"
        return Problem("zone", f"{zone!r} is a region", fix)
    every = [key for cloud in clouds() for key in zone_keys(cloud)]
    return Problem("zone", f"there is no zone {zone!r}", _try(nearest_names(zone, every)))


def _is_in(key: str, region: str) -> bool:
    return key.rpartition("-")[0] == region


def check_region(region: str) -> Problem | None:
    """Return what is wrong with a region's name."""
    if cloud_of_region(region):
        return None
    every = [name for cloud in clouds() for name in regions(cloud)]
    return Problem("region", f"there is no region {region!r}", _try(nearest_names(region, every)))


def check_machine_type(name: str) -> Problem | None:
    """Return what is wrong with a machine type, accelerated or not."""
    if cloud_of_machine_type(name):
        return None
    every = [row.name for cloud in clouds() for row in machine_types(cloud)]
    every += [row.name for cloud in clouds() for row in general_machine_types(cloud)]
    return Problem("machine_type", f"there is no machine type {name!r}", _try(nearest_names(name, every)))


def check_same_cloud(machine_type: str, zone: str) -> Problem | None:
    """Return what is wrong with a machine type in a zone of another cloud; nothing where one of them is unknown."""
    of_type, of_zone = cloud_of_machine_type(machine_type), cloud_of_zone(zone)
    if not of_type or not of_zone or of_type == of_zone:
        return None
    return Problem("zone", f"{zone} is a zone of {of_zone}", f"{machine_type} is of {of_type}: name one of its zones")


def check_quota_code(region: str, code: str) -> Problem | None:
    """Return what is wrong with the code of a vCPU quota, of the cloud that has the region or of any."""
    cloud = cloud_of_region(region)
    codes = quota_codes(cloud) if cloud else tuple(name for known in clouds() for name in quota_codes(known))
    if not codes or code in codes:
        return None
    return Problem("code", f"there is no vCPU quota {code!r}", _try(nearest_names(code, codes)))


def check_reservation_id(id_: str, machine_type: str) -> Problem | None:
    """Return what is wrong with the id of a reservation: Azure's is that of a capacity reservation group."""
    if cloud_of_machine_type(machine_type) != "azure" or re.fullmatch(_GROUP_ID, id_, re.IGNORECASE):
        return None
    fix = "/subscriptions/ID/resourceGroups/NAME/providers/Microsoft.Compute/capacityReservationGroups/NAME"
    return Problem("reservation_id", f"{id_!r} is no id of a capacity reservation group", fix)


def check_feature(feature: str) -> Problem | None:
    """Return what is wrong with the name of a preview feature of Azure."""
    if re.fullmatch(r"[A-Za-z]+(\.[A-Za-z]+)+/[A-Za-z0-9_-]+", feature):
        return None
    return Problem("feature", f"{feature!r} is no feature", "such as Microsoft.ContainerService/AKSInfinibandSupport")


def check_choice(path: str, value: str, known: tuple[str, ...]) -> Problem | None:
    """Return what is wrong with a word that must be one of a few."""
    return None if value in known else Problem(path, f"{value!r} is unknown", f"one of {', '.join(known)}")


def check_count(path: str, value: float, least: int = 0) -> Problem | None:
    """Return what is wrong with a number that has a least value."""
    return Problem(path, f"{value} is less than {least}", f"a number from {least}") if value < least else None


def check_times(times: int) -> Problem | None:
    """Return what is wrong with how often a fault is to be met."""
    return None if times == -1 else check_count("times", times, 1)


def _try(nearest: Iterable[str]) -> str:
    names = ", ".join(nearest)
    return f"nearest: {names}" if names else "nothing known is near it"
