"""Offerings that are known to be out of stock, as a person writes them."""

from typing import get_args

from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.machine_types import machine_type
from gpucloud.facts.zones import zone_region
from gpucloud.plan.allocation import Offering
from gpucloud.spec.capacity import CapacityType

_PARTS = 3
# The one cloud that this version plans for.
_CLOUD = "aws"


def parse_offerings(texts: list[str], path: str) -> frozenset[Offering]:
    """The offerings that texts such as `p5.48xlarge/us-east-1a/spot` name.

    Raises InvalidInputError with a problem for every text that names none; `path` says where they stand.
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
            found.add(Offering(machine_type(_CLOUD, parts[0]).name, parts[1], kinds[parts[2]]))
            zone_region(_CLOUD, parts[1])
        except UnknownNameError as error:
            fix = f"use {', '.join(error.nearest)}" if error.nearest else "correct it"
            problems.append(Problem(f"{path}[{index}]", f"no {error.kind} is called {error.name}", fix))
    if problems:
        raise InvalidInputError(problems)
    return frozenset(found)
