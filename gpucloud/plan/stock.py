"""Offerings that are known to be out of stock, as a person writes them."""

from typing import get_args

from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.machine_types import MachineType, clouds, machine_types
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import REGIONAL, region, regions, zone_key, zone_region
from gpucloud.plan.allocation import Offering
from gpucloud.spec.capacity import CapacityType

_PARTS = 3


def parse_offerings(texts: list[str], path: str) -> frozenset[Offering]:
    """The offerings that texts such as `p5.48xlarge/us-east-1a/spot` name; Azure's zones begin with their region.

    `Standard_ND96isr_H100_v5/eastus-1/spot`, `Standard_NC40ads_H100_v5/westus-regional/on-demand`. Raises
    InvalidInputError with a problem for every text that names none; `path` says where they stand.
    """
    kinds: dict[str, CapacityType] = {kind: kind for kind in get_args(CapacityType)}
    found, problems = set(), []
    for index, text in enumerate(texts):
        parts = text.split("/")
        if len(parts) != _PARTS or parts[2] not in kinds:
            fix = f"write MACHINE_TYPE/ZONE/CAPACITY, CAPACITY one of {', '.join(kinds)}"
            problems.append(Problem(f"{path}[{index}]", f"{text!r} is no offering", fix))
            continue
        try:
            machine = _find_machine_type(parts[0])
            _check_zone(machine.cloud, parts[1])
        except UnknownNameError as error:
            fix = f"use {', '.join(error.nearest)}" if error.nearest else "correct it"
            problems.append(Problem(f"{path}[{index}]", f"no {error.kind} is called {error.name}", fix))
        else:
            found.add(Offering(machine.name, parts[1], kinds[parts[2]]))
    if problems:
        raise InvalidInputError(problems)
    return frozenset(found)


def _find_machine_type(name: str) -> MachineType:
    """The machine type of whichever cloud sells one of that name: no two clouds share a name."""
    known = {entry.name: entry for cloud in clouds() for entry in machine_types(cloud)}
    if name not in known:
        raise UnknownNameError("accelerated machine type", name, nearest_names(name, known))
    return known[name]


def _check_zone(cloud: Cloud, zone: str) -> None:
    """Raise UnknownNameError where the cloud has no such zone."""
    if cloud != "azure":
        zone_region(cloud, zone)
        return
    known = {
        zone_key(cloud, name, entry) for name in regions(cloud) for entry in (*region(cloud, name).zones, REGIONAL)
    }
    if zone not in known:
        raise UnknownNameError("azure zone", zone, nearest_names(zone, known))
