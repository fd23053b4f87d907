"""Rules about the zones of a pool."""

from collections.abc import Iterator, Sequence

from gpucloud.errors import Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.zones import REGIONAL, regions_offering, zone_offers
from gpucloud.plan.rules.context import PoolContext

_SHOWN = 5


def zones_are_in_the_region(context: PoolContext) -> Iterator[Problem]:
    """A zone of another region, or one that does not exist; Azure has regions without zones, sold as a whole alone."""
    if not context.region_zones:
        return
    is_whole = context.region_zones == (REGIONAL,)
    follows = (
        "which has none: its sizes are sold for the whole region" if is_whole else "the cluster has no subnet there"
    )
    for index, zone in enumerate(context.pool.zones):
        if zone not in context.region_zones:
            near = nearest_names(zone, context.region_zones) or context.region_zones
            yield context.problem(
                f"zones[{index}]",
                f"{zone} is not a zone of {context.place.region}, {follows}",
                f"use {', '.join(near)}",
            )


def zones_are_named_once(context: PoolContext) -> Iterator[Problem]:
    """The order of zones is the failover order, and a zone twice has no place in it."""
    seen: set[str] = set()
    for index, zone in enumerate(context.pool.zones):
        if zone in seen:
            yield context.problem(
                f"zones[{index}]", f"{zone} stands twice, its place in the order is unclear", "keep one"
            )
        seen.add(zone)


def zones_offer_the_machine_type(context: PoolContext) -> Iterator[Problem]:
    """A node group in a zone (or a region) that does not sell its machine type can never start a node.

    pulumi-eks checks the same through EC2's offerings. Where no source knows the offering, nothing is said.
    """
    machine, cloud, region = context.machine, context.place.cloud, context.place.region
    if machine is None:
        return
    for index, zone in enumerate(context.pool.zones):
        if zone not in context.region_zones or zone_offers(cloud, region, zone, machine.name) is not False:
            continue
        elsewhere = [other for other in context.region_zones if zone_offers(cloud, region, other, machine.name)]
        yield context.problem(
            f"zones[{index}]",
            f"{machine.name} is not offered there, no node could start",
            f"use {' or '.join(elsewhere)}" if elsewhere else _other_region(regions_offering(cloud, machine.name)),
        )


def _other_region(sellers: Sequence[str]) -> str:
    if not sellers:
        return "use another machine type"
    more = ", …" if len(sellers) > _SHOWN else ""
    return f"use a region that has it ({', '.join(sellers[:_SHOWN])}{more}), or another machine type"
