"""Rules about capacity types, reservations and where nodes go."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.plan.allocation import Offering, even_shares, failover_order
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.capacity import CapacityBlock, Reserved


def capacity_type_is_sold(context: PoolContext) -> Iterator[Problem]:
    """A machine type can be bought only as its cloud sells it (EC2's supported usage classes)."""
    if context.machine is None:
        return
    for index, entry in enumerate(context.pool.capacity):
        if entry.type not in context.machine.capacity_types:
            yield context.problem(
                f"capacity[{index}]",
                f"{context.machine.name} is not sold as {entry.type}, every launch would fail",
                f"use {', '.join(context.machine.capacity_types)}",
            )


def reservation_has_a_zone_of_the_pool(context: PoolContext) -> Iterator[Problem]:
    """A reservation lies in one zone; a node group elsewhere cannot use it."""
    for index, entry in enumerate(context.pool.capacity):
        if not isinstance(entry, Reserved | CapacityBlock):
            continue
        if entry.zone is None and len(context.pool.zones) > 1:
            yield context.problem(
                f"capacity[{index}].zone",
                f"{entry.reservation_id} lies in one zone and the pool has {len(context.pool.zones)}",
                "say which `zone` holds it",
            )
        elif entry.zone is not None and entry.zone not in context.pool.zones:
            yield context.problem(
                f"capacity[{index}].zone",
                f"{entry.reservation_id} lies in {entry.zone}, where the pool has no nodes",
                f"add {entry.zone} to `zones`, or remove the reservation",
            )


def capacity_entries_differ(context: PoolContext) -> Iterator[Problem]:
    """The same entry twice, or one reservation in two entries, would make the same node group twice."""
    seen: set[tuple[str, str]] = set()
    for index, entry in enumerate(context.pool.capacity):
        key = ("", entry.reservation_id) if isinstance(entry, Reserved | CapacityBlock) else (entry.type, "")
        if key in seen:
            yield context.problem(f"capacity[{index}]", "stands twice, one of them has no effect", "keep one")
        seen.add(key)


def capacity_block_starts_empty(context: PoolContext) -> Iterator[Problem]:
    """EKS refuses or never fills a node group that wants nodes before its capacity block is active.

    It also scales the group to zero 40 minutes before the block's end, against any minimum
    (EKS user guide, capacity-blocks-mng).
    """
    if not any(isinstance(entry, CapacityBlock) for entry in context.pool.capacity):
        return
    for field, value in (("min", context.pool.size.min), ("desired", context.pool.size.desired)):
        if value > 0:
            yield context.problem(
                f"size.{field}",
                f"{value} nodes are wanted of a capacity block, whose node group must start and end at zero",
                f"set {field} to 0; the autoscaler or a schedule raises it when the block is active",
            )


def nodes_have_somewhere_to_go(context: PoolContext) -> Iterator[Problem]:
    """All nodes that are wanted at the start must fit what is neither out of stock nor full."""
    if context.machine is None or context.pool.size.desired == 0:
        return
    room = 0
    for candidate in failover_order(context.pool.zones, context.pool.capacity):
        if Offering(context.machine.name, candidate.zone, candidate.capacity_type) in context.unavailable:
            continue
        if candidate.room is None:
            return
        room += candidate.room
    if room < context.pool.size.desired:
        yield context.problem(
            "capacity",
            f"{context.pool.size.desired} nodes are wanted and the capacity in reach holds {room}",
            "add an entry (`on-demand` or `spot`) or a zone, or lower size.desired",
        )


def even_spread_has_a_node_for_every_zone(context: PoolContext) -> Iterator[Problem]:
    """A node group's maximum is one at least (EKS, NodegroupScalingConfig), so each zone could start one node."""
    pool = context.pool
    if pool.spread != "even":
        return
    count = len(even_shares(pool.zones, failover_order(pool.zones, pool.capacity), pool.size))
    if pool.size.max < count:
        yield context.problem(
            "size.max",
            f"{pool.size.max} nodes cannot be spread over {count} zones, there could be {count}",
            f"set max to {count} or more, name fewer zones, or set spread to `ordered`",
        )


def even_spread_finds_room_in_every_zone(context: PoolContext) -> Iterator[Problem]:
    """Each zone gets its share; where only reservations smaller than that are in reach, nodes would be lost."""
    pool, machine = context.pool, context.machine
    if machine is None or pool.spread != "even" or any(nodes_have_somewhere_to_go(context)):
        return
    usable = [
        candidate
        for candidate in failover_order(pool.zones, pool.capacity)
        if Offering(machine.name, candidate.zone, candidate.capacity_type) not in context.unavailable
    ]
    for zone, share in even_shares(pool.zones, usable, pool.size).items():
        rooms = [candidate.room for candidate in usable if candidate.zone == zone]
        room = sum(share.desired if entry is None else entry for entry in rooms)
        if room < share.desired:
            yield context.problem(
                "capacity",
                f"{zone} gets {share.desired} of {pool.size.desired} nodes and its capacity in reach holds {room}",
                "add an entry (`on-demand` or `spot`), set spread to `ordered`, or lower size.desired",
            )


def close_placement_is_not_forced_on_a_reservation(context: PoolContext) -> Iterator[Problem]:
    """A new placement group never matches a reservation made outside it (terraform-aws-eks#3730)."""
    placement = context.pool.placement
    if (
        placement is not None
        and placement.type == "cluster"
        and all(isinstance(entry, Reserved | CapacityBlock) for entry in context.pool.capacity)
    ):
        yield context.problem(
            "placement",
            "all nodes are reserved, and a reservation's place is chosen already; no launch would match both",
            "leave `placement` out",
        )
