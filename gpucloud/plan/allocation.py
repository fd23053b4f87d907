"""How many nodes each offering of a pool gets: in failover order, or evenly over the zones."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, assert_never

from gpucloud.plan.model import OfferingPlan, ShardPlan, SizePlan
from gpucloud.spec.capacity import (
    Capacity,
    CapacityBlock,
    CapacityType,
    FlexStart,
    OnDemand,
    Queued,
    Reserved,
    SizeSpec,
    Spot,
)
from gpucloud.spec.node_pool import NodePoolSpec

SHORT_CAPACITY: dict[CapacityType, str] = {
    "reserved": "reserved",
    "capacity-block": "block",
    "flex-start": "flex",
    "queued": "queued",
    "on-demand": "od",
    "spot": "spot",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An offering before nodes are placed; `room` is how many it can hold, None where the pool's maximum decides.

    `name` says zone and capacity type; reservations of one kind in one zone are told apart by their own names, but for
    the first.
    """

    name: str
    zone: str
    capacity_type: CapacityType
    reservation_id: str | None
    room: int | None
    is_first: bool
    reservation_blocks: tuple[str, ...] = ()
    max_run_seconds: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Offering:
    """What can be out of stock: a machine type in a zone under a capacity type.

    The zone is named as among those of all regions: Azure's begins with its region (`eastus-1`, `eastus-regional`).
    """

    machine_type: str
    zone: str
    capacity_type: CapacityType


# Pools differ in size and labels more often than in zones and capacity; the bound is on memory.
@lru_cache(maxsize=1024)
def failover_order(zones: tuple[str, ...], capacity: tuple[Capacity, ...]) -> tuple[Candidate, ...]:
    """Offerings in the order in which they are tried: each capacity entry in every zone before the next entry.

    A reservation stands in its own zone only; without a zone it stands in the pool's single one. The second of a kind
    in a zone has its own name in the offering's, the first has not: one that is added behind it renames nothing.
    """
    tried = [(zone, entry) for entry in capacity for zone in _zones_of(entry, zones)]
    seen: set[tuple[str, CapacityType]] = set()
    candidates = []
    for zone, entry in tried:
        candidates.append(_candidate(zone, entry, is_first=(zone, entry.type) not in seen))
        seen.add((zone, entry.type))
    return tuple(candidates)


def _zones_of(entry: Capacity, zones: tuple[str, ...]) -> tuple[str, ...]:
    return (entry.zone or zones[0],) if isinstance(entry, Reserved | CapacityBlock) else zones


def _candidate(zone: str, entry: Capacity, *, is_first: bool) -> Candidate:
    name = f"{zone}-{SHORT_CAPACITY[entry.type]}"
    match entry:
        case Reserved() | CapacityBlock():
            # A reservation's last part tells it from others: an Azure ID has its group's whole path before it.
            name = name if is_first else f"{name}-{entry.reservation_id.rpartition('/')[2]}"
            blocks = entry.blocks if isinstance(entry, Reserved) else ()
            return Candidate(name, zone, entry.type, entry.reservation_id, entry.count, is_first, blocks)
        case FlexStart() | Queued():
            return Candidate(name, zone, entry.type, None, None, is_first, max_run_seconds=entry.max_run_seconds)
        case OnDemand() | Spot():
            return Candidate(name, zone, entry.type, None, None, is_first)
        case _:
            assert_never(entry)


def place_nodes(
    pool: NodePoolSpec, unavailable: frozenset[Offering], machine_type: str, *, stays_close: bool
) -> tuple[ShardPlan, ...]:
    """The pool cut into one shard a zone, zones in the order given, with a size for each offering.

    Nodes go to the first offering in failover order that is not in `unavailable`; what a reservation cannot hold goes
    to the next. With `spread: even` each zone is filled by itself with its share. An unavailable offering is still
    planned, without nodes and with the maximum that it otherwise has, so that it costs nothing to come back to it and
    nothing that runs there is replaced or scaled down. `unavailable` names zones as the pool does.
    """
    candidates = failover_order(pool.zones, pool.capacity)
    return _place(pool.zones, candidates, pool.size, pool.spread, stays_close, unavailable, machine_type)


# Many pools of one shape share their shards, which are immutable; the bound is on memory.
@lru_cache(maxsize=1024)
def _place(  # noqa: PLR0913, PLR0917  # all that shards depend on, and nothing that they do not
    zones: tuple[str, ...],
    candidates: tuple[Candidate, ...],
    size: SizeSpec,
    spread: Literal["ordered", "even"],
    stays_close: bool,
    unavailable: frozenset[Offering],
    machine_type: str,
) -> tuple[ShardPlan, ...]:
    usable = [
        candidate
        for candidate in candidates
        if Offering(machine_type, candidate.zone, candidate.capacity_type) not in unavailable
    ]
    sizes = {candidate: SizePlan(0, 0, most.max) for candidate, most in _sizes(zones, candidates, size, spread).items()}
    sizes |= _sizes(zones, usable, size, spread)
    return tuple(
        ShardPlan(
            zone,
            tuple(
                OfferingPlan(
                    name=candidate.name,
                    physical_name=None,
                    zone=zone,
                    capacity_type=candidate.capacity_type,
                    reservation_id=candidate.reservation_id,
                    reservation_blocks=candidate.reservation_blocks,
                    max_run_seconds=candidate.max_run_seconds,
                    order=order,
                    size=sizes[candidate],
                    # A reservation's place is chosen already.
                    close_placement=stays_close and candidate.reservation_id is None,
                    repair=True,
                    taints=(),
                )
                for order, candidate in enumerate(candidates)
                if candidate.zone == zone
            ),
        )
        for zone in zones
    )


def _sizes(
    zones: Sequence[str], candidates: Sequence[Candidate], size: SizeSpec, spread: Literal["ordered", "even"]
) -> dict[Candidate, SizePlan]:
    sizes: dict[Candidate, SizePlan] = {}
    if spread == "ordered":
        _fill(sizes, candidates, size)
    else:
        for zone, share in even_shares(zones, candidates, size).items():
            _fill(sizes, [candidate for candidate in candidates if candidate.zone == zone], share)
    return sizes


def even_shares(zones: Sequence[str], candidates: Sequence[Candidate], size: SizeSpec) -> dict[str, SizeSpec]:
    """What each zone with a candidate gets of an evenly spread pool, in the order of the zones."""
    filled = [zone for zone in zones if any(candidate.zone == zone for candidate in candidates)]
    return dict(zip(filled, _shares(size, len(filled)), strict=True))


def _fill(sizes: dict[Candidate, SizePlan], candidates: Sequence[Candidate], size: SizeSpec) -> None:
    """Place `size` over candidates in order; each may grow to the whole maximum, or to what its reservation holds."""
    least, wanted = size.min, size.desired
    for candidate in candidates:
        room = min(size.max, candidate.room or size.max)
        here_least, here_wanted = min(least, room), min(wanted, room)
        sizes[candidate] = SizePlan(here_least, here_wanted, max(room, 1))
        least, wanted = least - here_least, wanted - here_wanted


def _shares(size: SizeSpec, count: int) -> tuple[SizeSpec, ...]:
    """`size` in `count` parts that differ by one node at most, larger ones first; a part's maximum is at least one."""
    return tuple(
        SizeSpec.model_construct(
            min=_share(size.min, count, index),
            desired=_share(size.desired, count, index),
            max=max(_share(size.max, count, index), 1),
        )
        for index in range(count)
    )


def _share(total: int, count: int, index: int) -> int:
    return total // count + (index < total % count)
