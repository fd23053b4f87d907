"""Which machine type a pool's nodes are."""

from fractions import Fraction
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_equivalents import equivalents
from gpucloud.facts.machine_types import MachineType, clouds, machine_type, machine_types
from gpucloud.facts.zones import regions, regions_offering, zone_offers
from gpucloud.plan.model import MachinePlan
from gpucloud.spec.node_pool import NodePoolSpec

NOT_SOLD = "offer"
_NEAREST = 3


def choose_machine_type(cloud: str, pool: NodePoolSpec, region: str | None = None) -> MachineType:
    """The machine type that the pool names, or the smallest with the accelerators (and the fabric) that it asks for.

    Smallest is fewest vCPUs, then least memory, then with `native` the fastest fabric, then one that the pool's zones
    are known to offer, or any region, then the one sold in most ways, then the name. Before that count: bare metal
    comes last; what is not offered in a zone of the pool (without a region nobody can say) or not sold in all the ways
    that the pool names comes after what is.
    Raises UnknownNameError where there is none: of the kind NOT_SOLD, named as in `aws sells no …`, nearest ones known.
    """
    if pool.machine_type is not None:
        return machine_type(cloud, pool.machine_type)
    wanted = accelerator(str(pool.accelerator)).name
    count, fabric = pool.accelerators_per_node or 0, pool.fabric.type
    capacity = frozenset(entry.type for entry in pool.capacity)
    known = region if region in regions(cloud) else None
    fits = _machine_types_with(cloud, wanted, count, fabric, capacity, known, pool.zones)
    if not fits:
        raise _not_sold(cloud, wanted, count, fabric)
    return fits[0]


def _not_sold(cloud: str, wanted: str, count: int, fabric: str) -> UnknownNameError:
    """What a cloud does not sell, and what comes nearest: the same accelerator otherwise, else another one."""
    own = [entry for entry in machine_types(cloud) if entry.accelerator == wanted]
    if own:
        joined = {"none": "", "native": " and a fabric"}.get(fabric, f" and {fabric}")
        return UnknownNameError(
            NOT_SOLD,
            f"machine type with {count} x {wanted}{joined}",
            tuple(
                f"{entry.name} ({_amount(entry)} x{f', fabric {entry.fabric}' if joined else ''})"
                for entry in sorted(own, key=lambda entry: (Fraction(_amount(entry)), entry.name))
            ),
        )
    elsewhere = [entry for other in clouds() for entry in machine_types(other) if entry.accelerator == wanted]
    if not elsewhere:
        return UnknownNameError(NOT_SOLD, wanted)
    like = min(elsewhere, key=lambda entry: (abs(entry.accelerator_count - count), entry.vcpus, entry.name))
    nearest: dict[str, MachineType] = {}
    for near in equivalents(like, cloud, len(machine_types(cloud))):
        nearest.setdefault(near.machine.accelerator, near.machine)
    shown = list(nearest.values())[:_NEAREST]
    return UnknownNameError(
        NOT_SOLD, wanted, tuple(f"{entry.name} ({_amount(entry)} x {entry.accelerator})" for entry in shown)
    )


def _amount(entry: MachineType) -> str:
    return str(entry.accelerator_count or entry.accelerator_fraction)


@cache
def _machine_types_with(  # noqa: PLR0913, PLR0917  # all that the choice depends on, and nothing that it does not
    cloud: str,
    wanted: str,
    count: int,
    fabric: str,
    capacity: frozenset[str],
    region: str | None,
    zones: tuple[str, ...],
) -> tuple[MachineType, ...]:
    def order(entry: MachineType) -> tuple[bool, bool, bool, int, int, int, bool, bool, int, str]:
        offers = {zone_offers(cloud, region, zone, entry.name) for zone in zones} if region else {None}
        return (
            entry.bare_metal,
            False in offers,
            not capacity <= set(entry.capacity_types),
            entry.vcpus,
            entry.memory_mib,
            -(entry.fabric_gbps or 0) if fabric == "native" else 0,
            offers != {True},
            not regions_offering(cloud, entry.name),
            -len(entry.capacity_types),
            entry.name,
        )

    return tuple(
        sorted(
            (
                entry
                for entry in machine_types(cloud)
                if entry.accelerator == wanted and entry.accelerator_count == count and _has_fabric(entry, fabric)
            ),
            key=order,
        )
    )


def _has_fabric(entry: MachineType, wanted: str) -> bool:
    return wanted in {"none", entry.fabric} or (wanted == "native" and entry.fabric != "none")


@cache
def plan_machine(machine: MachineType, devices: int | None = None) -> MachinePlan:
    """What pods see of a machine type: the devices that its plugin advertises, under which resource name.

    `devices` is as what all of them count where they are shared.
    """
    return MachinePlan(
        machine_type=machine.name,
        accelerator=machine.accelerator,
        accelerator_fraction=machine.accelerator_fraction,
        devices_per_node=machine.advertised_devices if devices is None else devices,
        resource_name=accelerator(machine.accelerator).resource_name,
        vcpus=machine.vcpus,
        memory_mib=machine.memory_mib,
        architecture=machine.architecture,
    )
