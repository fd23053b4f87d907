"""Machine types as the rules need them, accelerated or not, from the facts."""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts import general_machine_type, machine_type
from gpucloud.facts.vendor_machines import AzureMachine
from gpucloud.facts.zones import REGIONAL, region as find_region, zone_key, zone_offers

__all__ = ["REGIONAL", "Machine", "find_machine", "is_sold", "region_zones", "zone_key"]


@dataclass(frozen=True, slots=True)
class Machine:
    """What the local cloud knows of a machine type; `accelerator` is empty where it has none."""

    name: str
    vcpus: int
    memory_mib: int
    architecture: str
    accelerator: str
    is_slice: bool
    driver_kind: str  # what AKS installs on it: cuda, grid, amd or none
    capacity_types: tuple[str, ...]


@cache  # a miss looks for the nearest names, which takes long
def find_machine(name: str) -> Machine | None:
    """Return a machine type, or None where no source lists it."""
    try:
        found = machine_type("azure", name)
    except UnknownNameError:
        pass
    else:
        driver_kind = found.vendor.driver_kind if isinstance(found.vendor, AzureMachine) else "none"
        return Machine(
            name,
            found.vcpus,
            found.memory_mib,
            found.architecture,
            found.accelerator,
            found.accelerator_count == 0,
            driver_kind,
            tuple(found.capacity_types),
        )
    try:
        plain = general_machine_type("azure", name)
    except UnknownNameError:
        return None
    sold_as = ("on-demand", "reserved", "spot")
    return Machine(name, plain.vcpus, plain.memory_mib, plain.architecture, "", False, "none", sold_as)


@cache
def is_sold(region: str, zone: str, machine_type_name: str) -> bool:
    """Return whether a size is sold in a zone (`1`, `2`, `3` or `regional`); yes where no source can say."""
    try:
        return zone_offers("azure", region, zone, machine_type_name) is not False
    except UnknownNameError:
        return True


def region_zones(region: str) -> tuple[str, ...]:
    """Return the names of a region's zones, none for a region without zones or that no source lists."""
    try:
        return find_region("azure", region).zones
    except UnknownNameError:
        return ()
