"""Machine types as the rules need them, accelerated or not, from the facts."""

from dataclasses import dataclass
from functools import cache
from typing import cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts import AwsMachine, general_machine_type, machine_type


@dataclass(frozen=True, slots=True)
class Machine:
    """What the local cloud knows of a machine type."""

    name: str
    vcpus: int
    architecture: str
    network_cards: int
    efa_cards: tuple[int, ...] | None  # None: the facts say nothing of EFA on this type
    capacity_types: tuple[str, ...]


@cache  # a miss looks for the nearest names, which takes long
def find_machine(name: str) -> Machine | None:
    """Return a machine type, or None where no source lists it."""
    try:
        found = machine_type("aws", name)
    except UnknownNameError:
        pass
    else:
        cards = cast("AwsMachine", found.vendor)
        sold_as = tuple(kind for kind in found.capacity_types if kind != "reserved")
        return Machine(name, found.vcpus, found.architecture, cards.network_cards, cards.efa_cards, sold_as)
    try:
        plain = general_machine_type("aws", name)
    except UnknownNameError:
        return None
    return Machine(name, plain.vcpus, plain.architecture, plain.network_cards, None, ("on-demand", "spot"))
