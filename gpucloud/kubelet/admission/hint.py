"""Hints: sets of NUMA nodes, as bit masks, that could give a container what it asks for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple


class Hint(NamedTuple):
    """A set of NUMA nodes, None for any, and whether no smaller one could ever do."""

    mask: int | None
    preferred: bool


Hints = Mapping[str, Sequence[Hint] | None]
"""By resource: None for no wish, none at all for a wish that nothing fulfils. Empty: no wish for anything."""


def masks(nodes: Sequence[int]) -> Iterator[int]:
    """Every set of these nodes, smaller ones first, then in the order of the nodes."""
    for size in range(1, len(nodes) + 1):
        for chosen in combinations(nodes, size):
            yield mask_of(chosen)


def mask_of(nodes: Iterable[int]) -> int:
    """The set of these nodes."""
    mask = 0
    for node in nodes:
        mask |= 1 << node
    return mask


def nodes_of(mask: int) -> tuple[int, ...]:
    """The nodes of a set, by id."""
    return tuple(node for node in range(mask.bit_length()) if mask >> node & 1)


def narrowness(mask: int) -> tuple[int, int]:
    """A key by which the narrower of two sets sorts first: fewer nodes, then lower ids."""
    return mask.bit_count(), mask
