"""Which machine types of another cloud do what one of this cloud does, and what differs.

Equivalent means: the same accelerator, as many of them, and the same fabric class, which is whether there is a network
between accelerators at all. What kind of network, vCPUs, memory, disks and ways to buy are differences. Where a cloud
has no equivalent, its nearest machine types are the answer, and are called that.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from gpucloud.facts.accelerators import Accelerator, accelerator
from gpucloud.facts.machine_types import MachineType, machine_types

Match = Literal["equivalent", "nearest"]

_MEMORY = re.compile(r"-\d+gb$")
_FORMS = frozenset({"fhhl", "max-q", "nvl", "pcie", "server", "sxm", "sxm2", "sxm3", "workstation"})
# How far an accelerator is from another, in doublings of memory: another form of one model is near, another
# instruction set further, another vendor furthest.
_MODEL, _TARGET, _VENDOR, _FOREIGN = 0.3, 0.6, 1.4, 3.0
_LOST_FABRIC, _GAINED_FABRIC, _OTHER_ARCHITECTURE = 1.0, 0.25, 0.3
_COUNT, _HOST, _UNKNOWN_SPEED = 0.5, 0.1, 0.25


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs, in words: `fabric: efa 3200 Gbps -> infiniband 3200 Gbps`."""

    what: str
    wanted: str
    given: str

    def __str__(self) -> str:
        return f"{self.what}: {self.wanted} -> {self.given}"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A machine type beside the one that was asked for, with everything that differs; no difference is left out."""

    machine: MachineType
    match: Match
    differences: tuple[Difference, ...]


def is_equivalent(machine: MachineType, other: MachineType) -> bool:
    """Return whether two machine types have the same accelerators, as many, and the same fabric class."""
    return (
        machine.accelerator == other.accelerator
        and _accelerators(machine) == _accelerators(other)
        and (machine.fabric == "none") == (other.fabric == "none")
    )


def equivalents(machine: MachineType, cloud: str, nearest: int = 3) -> tuple[Equivalent, ...]:
    """Return a cloud's equivalents of a machine type, best first; where there are none, its `nearest` machine types.

    All equivalents are the answer, however many; nearest ones are cut off after that number. The machine type itself
    is never one. Raise UnknownNameError for a cloud that there is not.
    """
    others = sorted(
        (other for other in machine_types(cloud) if other != machine),
        key=lambda other: (_distance(machine, other), other.name),
    )
    exact = [other for other in others if is_equivalent(machine, other)]
    match: Match = "equivalent" if exact else "nearest"
    return tuple(Equivalent(other, match, differences(machine, other)) for other in exact or others[:nearest])


def differences(machine: MachineType, other: MachineType) -> tuple[Difference, ...]:
    """Return what another machine type has otherwise, the accelerators first; empty where nothing differs."""
    pairs = (
        ("accelerator", machine.accelerator, other.accelerator),
        ("accelerators", _count(machine), _count(other)),
        ("fabric", _fabric(machine), _fabric(other)),
        ("vCPU", str(machine.vcpus), str(other.vcpus)),
        ("memory GiB", _gib(machine), _gib(other)),
        ("NVMe GB", str(machine.local_nvme_gb), str(other.local_nvme_gb)),
        ("processor", machine.architecture, other.architecture),
        ("bare metal", _yes(machine.bare_metal), _yes(other.bare_metal)),
        ("sold as", " ".join(machine.capacity_types), " ".join(other.capacity_types)),
    )
    return tuple(Difference(what, wanted, given) for what, wanted, given in pairs if wanted != given)


def _distance(machine: MachineType, other: MachineType) -> float:
    """How far two machine types are apart; 0 for the same in everything that weighs."""
    far = _apart(accelerator(machine.accelerator), accelerator(other.accelerator))
    far += _COUNT * _doublings(float(_accelerators(machine)), float(_accelerators(other)))
    far += _HOST * (_doublings(machine.vcpus, other.vcpus) + _doublings(machine.memory_mib, other.memory_mib))
    if machine.architecture != other.architecture:
        far += _OTHER_ARCHITECTURE
    if (machine.fabric == "none") != (other.fabric == "none"):
        far += _LOST_FABRIC if other.fabric == "none" else _GAINED_FABRIC
    elif machine.fabric != "none":
        known = machine.fabric_gbps and other.fabric_gbps
        far += _HOST * _doublings(machine.fabric_gbps or 1, other.fabric_gbps or 1) if known else _UNKNOWN_SPEED
    return round(far, 6)


def _apart(wanted: Accelerator, given: Accelerator) -> float:
    if wanted.name == given.name:
        return 0.0
    memory = _doublings(wanted.memory_mib, given.memory_mib)
    target = (wanted.compute_capability, wanted.gfx_target)
    if wanted.vendor != given.vendor:
        return memory + _FOREIGN
    if _model(wanted.name) == _model(given.name):
        return memory + _MODEL
    if target == (given.compute_capability, given.gfx_target) != (None, None):
        return memory + _TARGET
    return memory + _VENDOR


def _model(name: str) -> str:
    """`h100` of `h100-sxm-80gb`: the name without its memory and form factor."""
    model = _MEMORY.sub("", name)
    for form in _FORMS:
        model = model.removesuffix(f"-{form}")
    return model


def _accelerators(machine: MachineType) -> Fraction:
    return Fraction(machine.accelerator_count) or Fraction(machine.accelerator_fraction)


def _count(machine: MachineType) -> str:
    return str(machine.accelerator_count or machine.accelerator_fraction)


def _fabric(machine: MachineType) -> str:
    speed = f" {machine.fabric_gbps} Gbps" if machine.fabric_gbps else ""
    return f"{machine.fabric}{speed}"


def _gib(machine: MachineType) -> str:
    return f"{machine.memory_mib / 1024:.4g}" if machine.memory_mib % 1024 else str(machine.memory_mib // 1024)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _doublings(first: float, second: float) -> float:
    return abs(math.log2(first / second))
