"""Offerings that are known to be out of stock, as a person writes them."""

from typing import get_args

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.allocation import Offering
from gpucloud.spec.capacity import CapacityType

_PARTS = 3


def parse_offerings(texts: list[str], path: str) -> frozenset[Offering]:
    """The offerings that texts such as `p5.48xlarge/us-east-1a/spot` name.

    Raises InvalidInputError with a problem for every text that names none; `path` says where they stand.
    """
    kinds: dict[str, CapacityType] = {kind: kind for kind in get_args(CapacityType)}
    found, problems = set(), []
    for index, text in enumerate(texts):
        parts = text.split("/")
        if len(parts) == _PARTS and parts[2] in kinds:
            found.add(Offering(parts[0], parts[1], kinds[parts[2]]))
        else:
            problem = f"{text!r} is no offering"
            problems.append(
                Problem(
                    f"{path}[{index}]", problem, f"write MACHINE_TYPE/ZONE/CAPACITY, CAPACITY one of {', '.join(kinds)}"
                )
            )
    if problems:
        raise InvalidInputError(problems)
    return frozenset(found)
