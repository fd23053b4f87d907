"""What is wrong with the names and numbers of a command to the local cloud: a Problem each, or nothing."""

import difflib
from collections.abc import Iterable

from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts import general_machine_type, machine_type
from gpucloud.facts.aws_quotas import vcpu_quotas
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.zones import region as find_region, zone_region
from gpucloud.sim.aws.zones import zone_name


def refuse(*problems: Problem | None) -> None:
    """Raise InvalidInputError with all problems that there are."""
    found = [problem for problem in problems if problem is not None]
    if found:
        raise InvalidInputError(found)


def check_zone(zone: str) -> Problem | None:
    """Return what is wrong with a zone's name; an id of a zone is not its name."""
    try:
        region = find_region("aws", zone_region("aws", zone))
    except UnknownNameError as error:
        return Problem("zone", f"there is no zone {zone!r}", _try(error.nearest))
    if zone not in region.zones:
        return Problem("zone", f"{zone!r} is a zone's id", f"name the zone: {zone_name(zone)}")
    return None


def check_region(region: str) -> Problem | None:
    """Return what is wrong with a region's name."""
    try:
        find_region("aws", region)
    except UnknownNameError as error:
        return Problem("region", f"there is no region {region!r}", _try(error.nearest))
    return None


def check_machine_type(name: str) -> Problem | None:
    """Return what is wrong with a machine type, accelerated or not."""
    nearest: list[str] = []
    for find in (machine_type, general_machine_type):
        try:
            find("aws", name)
        except UnknownNameError as error:
            nearest.extend(error.nearest)
        else:
            return None
    close = difflib.get_close_matches(name, sorted(set(nearest)), n=3) or nearest[:3]
    return Problem("machine_type", f"there is no machine type {name!r}", _try(close))


def check_quota_code(code: str) -> Problem | None:
    """Return what is wrong with the code of a vCPU quota."""
    codes = [quota.code for quota in vcpu_quotas()]
    if code in codes:
        return None
    return Problem("code", f"there is no vCPU quota {code!r}", _try(nearest_names(code, codes)))


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
