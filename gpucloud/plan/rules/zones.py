"""Rules about the zones of a pool."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.zones import zone_offers
from gpucloud.plan.rules.context import PoolContext


def zones_are_in_the_region(context: PoolContext) -> Iterator[Problem]:
    """A zone of another region, or one that does not exist, holds no subnet of the cluster."""
    if not context.region_zones:
        return
    for index, zone in enumerate(context.pool.zones):
        if zone not in context.region_zones:
            near = nearest_names(zone, context.region_zones) or context.region_zones
            yield context.problem(
                f"zones[{index}]",
                f"{zone} is not a zone of {context.place.region}, the cluster has no subnet there",
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
    if context.machine is None:
        return
    for index, zone in enumerate(context.pool.zones):
        if (
            zone in context.region_zones
            and zone_offers(context.place.cloud, context.place.region, zone, context.machine.name) is False
        ):
            yield context.problem(
                f"zones[{index}]",
                f"{context.machine.name} is not offered there, no node could start",
                "use another zone or region, or another machine type",
            )
