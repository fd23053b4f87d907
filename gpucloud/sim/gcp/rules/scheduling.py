"""Placement and workload policies, and reservations. Source: Compute Engine API v1, ResourcePolicy, Reservation."""

import re
from collections.abc import Iterator

from gpucloud.sim.capacity import Offering, free_of
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.machines import find_machine, is_known, machine_name, zone_has
from gpucloud.sim.gcp.places import region_of, short, zones_of
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_INVALID = "invalid"
_MOST_VMS = 1500  # Compute Engine, "About placement policies": VMs of one compact policy with max distance 3
_DISTANCES = (1, 3)


def refuse_policy_without_kind(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a policy that is of no kind, or a workload policy with a kind beside it."""
    kinds = (
        "diskConsistencyGroupPolicy",
        "groupPlacementPolicy",
        "instanceSchedulePolicy",
        "snapshotSchedulePolicy",
        "workloadPolicy",
    )
    given = [kind for kind in kinds if inputs.get(kind) is not None]
    if len(given) != 1:
        found = ", ".join(given) or "none"
        yield Refusal("", _INVALID, f"A resource policy is of exactly one kind of {', '.join(kinds)}; got {found}.")


def refuse_bad_group_placement(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse numbers out of range in a group placement policy."""
    place = "groupPlacementPolicy"
    distance, count = number(inputs, f"{place}.maxDistance"), number(inputs, f"{place}.vmCount")
    if distance is not None and not _DISTANCES[0] <= distance <= _DISTANCES[1]:
        yield Refusal(f"{place}.maxDistance", _INVALID, f"Max distance {distance} is not between 1 and 3.")
    if count is not None and not 1 <= count <= _MOST_VMS:
        yield Refusal(f"{place}.vmCount", _INVALID, f"VM count {count} is not between 1 and {_MOST_VMS}.")
    topology = text(inputs, f"{place}.gpuTopology")
    if topology and not re.fullmatch(r"\d+x\d+", topology):
        yield Refusal(f"{place}.gpuTopology", _INVALID, f"Invalid GPU topology {topology!r}: such as 1x72.")


def refuse_bad_workload_policy(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a topology that is none, or one without HIGH_THROUGHPUT."""
    place = "workloadPolicy"
    topology = text(inputs, f"{place}.acceleratorTopology")
    if topology and not re.fullmatch(r"\d+x\d+(x\d+)?", topology):
        yield Refusal(f"{place}.acceleratorTopology", _INVALID, f"Invalid topology {topology!r}: such as 1x72.")
    if topology and text(inputs, f"{place}.type") == "HIGH_AVAILABILITY":
        yield Refusal(f"{place}.type", _INVALID, "An accelerator topology requires type HIGH_THROUGHPUT.")


def reserved_machine(inputs: Inputs) -> str:
    """Return the facts' name of the machine type that a reservation keeps."""
    properties = at(inputs, "specificReservation.instanceProperties") or {}
    attached = next((item for item in items(properties, "guestAccelerators") if isinstance(item, dict)), {})
    kind, count = text(attached, "acceleratorType").rpartition("/")[2], int(attached.get("acceleratorCount") or 0)
    return machine_name(text(properties, "machineType"), kind, count)


def refuse_bad_reservation(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a reservation of nothing, of an unknown machine type, or with accelerators that do not fit it."""
    count = number(inputs, "specificReservation.count")
    if count is not None and count < 1:
        yield Refusal("specificReservation.count", _INVALID, f"Reservation count {count} is less than 1.")
    place = "specificReservation.instanceProperties"
    name = text(inputs, f"{place}.machineType")
    if name and not is_known(name):
        yield Refusal(f"{place}.machineType", "notFound", f"The machine type '{name}' was not found")
    elif name and items(inputs, f"{place}.guestAccelerators") and find_machine(reserved_machine(inputs)) is None:
        yield Refusal(f"{place}.guestAccelerators", _INVALID, f"These accelerators cannot be attached to {name}.")


def refuse_bad_zone(draft: Draft) -> None:
    """Refuse a zone that there is not, or that does not have the machine type."""
    zone, name = short(str(draft.inputs["zone"])), reserved_machine(draft.inputs)
    if zone not in zones_of(region_of(zone)):
        raise CloudError("notFound", f"The resource 'zones/{zone}' was not found")
    if name and not zone_has(zone, name):
        raise CloudError(_INVALID, f"Machine type '{name}' is not available in zone '{zone}'.")


def refuse_shortage(draft: Draft) -> None:
    """Refuse to reserve what the offering does not have.

    Text and code: kubernetes/k8s.io issue 9834.
    """
    offering = reserved_offering(draft.inputs)
    own = draft.previous.seq if draft.previous is not None else 0
    if free_of(draft.store, offering, own) >= int(draft.inputs["specificReservation"]["count"]):
        return
    region = zones_of(region_of(offering.zone))
    others = [
        zone
        for zone in region
        if zone != offering.zone
        and zone_has(zone, offering.machine_type)
        and free_of(draft.store, Offering(offering.machine_type, zone, "on-demand")) > 0
    ]
    text_ = f"A {offering.machine_type} VM instance is currently unavailable in the {offering.zone} zone."
    if others:
        text_ += f" Consider trying your request in the {', '.join(others)} zone(s), which currently has capacity to"
        text_ += " accommodate your request."
    raise CloudError("ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS", text_)


def reserved_offering(inputs: Inputs) -> Offering:
    """Return the offering that a reservation takes its machines from."""
    return Offering(reserved_machine(inputs), short(str(inputs["zone"])), "on-demand")
