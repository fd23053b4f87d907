"""Machine types as the rules need them, accelerated or not, from the facts."""

import re
from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts import general_machine_type, machine_type
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_mig import mig_profiles
from gpucloud.facts.machine_types import general_machine_types, machine_types
from gpucloud.facts.tables import read_table
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.facts.zones import zone_offers
from gpucloud.sim.gcp.places import region_of

_PREDEFINED = re.compile(r"^([a-z][0-9]+[a-z]?|z3)-[a-z0-9-]+$")
_CUSTOM = re.compile(r"^([a-z][0-9]+[a-z]?-)?custom-")


@dataclass(frozen=True, slots=True)
class Machine:
    """What the local cloud knows of a machine type, with the accelerators that a pool attaches to it."""

    name: str  # the facts' name, `n1-standard-8+2xnvidia-tesla-t4` where accelerators are attached
    accelerator: str  # the facts' name of the accelerator; nothing without
    gke_accelerator: str
    accelerator_count: int
    capacity_types: tuple[str, ...]
    gpu_networks: int
    rdma_subnets: int
    dranet: bool
    placement_required: bool

    @property
    def additional_networks(self) -> int:
        """How many additional networks the accelerators of one node use."""
        return self.gpu_networks + self.rdma_subnets


def machine_name(gce_machine_type: str, accelerator_type: str = "", count: int = 0) -> str:
    """Return the facts' name of a machine type with attached accelerators, or its own where it has them itself."""
    if not accelerator_type or _own(gce_machine_type) is not None:
        return gce_machine_type
    return f"{gce_machine_type}+{count}x{accelerator_type}"


@cache  # a miss looks for the nearest names, which takes long
def find_machine(name: str) -> Machine | None:
    """Return a machine type by the facts' name, or None where no source lists it."""
    found = _own(name)
    if found is not None:
        return found
    try:
        plain = general_machine_type("gcp", name)
    except UnknownNameError:
        return None
    return Machine(
        plain.name, "", "", 0, ("on-demand", "reserved", "spot"), 0, 0, dranet=False, placement_required=False
    )


@cache
def _own(name: str) -> Machine | None:
    try:
        found = machine_type("gcp", name)
    except UnknownNameError:
        return None
    if not isinstance(found.vendor, GcpMachine):
        raise TypeError(f"{name} is not a machine type of Google Cloud")
    return Machine(
        name,
        found.accelerator,
        found.vendor.gke_accelerator,
        max(found.accelerator_count, 1),  # a slice counts as one
        tuple(found.capacity_types),
        found.vendor.gpu_networks,
        found.vendor.rdma_subnets,
        found.vendor.dranet,
        found.vendor.placement_required,
    )


@cache
def is_known(gce_machine_type: str) -> bool:
    """Return whether Compute Engine has a machine type; of families that no table lists, only the form is looked at."""
    if find_machine(gce_machine_type) is not None or _CUSTOM.match(gce_machine_type):
        return True
    family = gce_machine_type.partition("-")[0]
    return bool(_PREDEFINED.match(gce_machine_type)) and family not in _families()


@cache
def _families() -> frozenset[str]:
    names = [m.name for m in machine_types("gcp")] + [m.name for m in general_machine_types("gcp")]
    return frozenset(name.partition("-")[0] for name in names)


@cache
def takes_accelerators(gce_machine_type: str) -> bool:
    """Return whether accelerators can be attached to a machine type that has none of its own."""
    return any(m.name.startswith(f"{gce_machine_type}+") for m in machine_types("gcp"))


@cache
def partition_sizes(accelerator_name: str) -> tuple[str, ...]:
    """Return the MIG profiles that GKE cuts an accelerator into, such as `1g.10gb`; none where it has no MIG."""
    if not accelerator_name or not accelerator(accelerator_name).mig_capable:
        return ()
    return tuple(profile.name for profile in mig_profiles(accelerator_name) if "+" not in profile.name)


@cache
def zone_has(zone: str, name: str) -> bool:
    """Return whether a zone has a machine type at all; yes where no source can say."""
    try:
        return zone_offers("gcp", region_of(zone), zone, name) is not False
    except UnknownNameError:
        return True


@cache
def version_floors(name: str) -> dict[str, tuple[str, ...]]:
    """Return the least GKE versions by capability of a machine type, one a minor version where there are several."""
    found: dict[str, list[str]] = {}
    for row in read_table("gcp_kubernetes_floors"):
        if row["machine_type"] == name:
            found.setdefault(row["capability"], []).append(row["min_version"])
    return {capability: tuple(sorted(versions, key=version_key)) for capability, versions in found.items()}


def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a GKE version, so that versions compare."""
    return tuple(int(part) for part in re.findall(r"\d+", version))
