"""Reservations of Compute Engine: how a node pool names one, and whether it is what the pool needs."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from gpucloud.errors import Problem
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.plan.model import OfferingPlan

_KEY = "compute.googleapis.com/reservation-name"
# Compute Engine API v1, Reservation.status.
_READY = "READY"


@dataclass(frozen=True, slots=True)
class ReservationFacts:
    """What Compute Engine says of a reservation in one zone; `accelerators` are type and count of each."""

    name: str
    zone: str
    status: str
    is_specific: bool
    count: int
    machine_type: str
    accelerators: tuple[tuple[str, int], ...]


def reservation_place(reservation_id: str) -> tuple[str | None, str]:
    """Project and name of a reservation as the pool names it; no project where it is the cluster's own."""
    if reservation_id.startswith("projects/"):
        _, project, _, name = reservation_id.split("/")
        return project, name
    return None, reservation_id


def reservation_affinity(
    offering: OfferingPlan, checked: pulumi.Output[None] | None
) -> gcp.container.NodePoolNodeConfigReservationAffinityArgs:
    """A reserved offering uses its reservation or nothing; every other keeps out of all of them.

    Compute Engine's default is ANY_RESERVATION (API v1, ReservationAffinity.consumeReservationType): on-demand nodes
    would fill an open reservation that others wait for. GKE refuses reservations beside spot, flex-start and queued
    nodes (cluster-toolkit, gke-node-pool). `checked` is what must hold before a node pool may name the reservation.
    """
    if offering.reservation_id is None:
        return gcp.container.NodePoolNodeConfigReservationAffinityArgs(consume_reservation_type="NO_RESERVATION")
    return gcp.container.NodePoolNodeConfigReservationAffinityArgs(
        consume_reservation_type="SPECIFIC_RESERVATION",
        key=_KEY,
        values=[_after(checked, value) for value in reservation_values(offering)],
    )


def reservation_values(offering: OfferingPlan) -> list[str]:
    """The reservation, or each of its blocks, in GKE's form."""
    if offering.reservation_id is None:
        return []
    blocks = [f"{offering.reservation_id}/reservationBlocks/{block}" for block in offering.reservation_blocks]
    return blocks or [offering.reservation_id]


def _after(checked: pulumi.Output[None] | None, value: str) -> pulumi.Input[str]:
    return value if checked is None else checked.apply(lambda _: value)


def read_reservation(found: "gcp.compute.GetReservationResult") -> ReservationFacts:
    """What the function getReservation answers, as far as a node pool depends on it."""
    held = found.specific_reservations[0] if found.specific_reservations else None
    machine = held.instance_properties[0] if held and held.instance_properties else None
    return ReservationFacts(
        name=found.name,
        zone=str(found.zone).rpartition("/")[2],
        status=found.status,
        is_specific=found.specific_reservation_required,
        count=held.count if held else 0,
        machine_type=machine.machine_type if machine else "",
        accelerators=tuple(
            sorted(
                (entry.accelerator_type.rpartition("/")[2], entry.accelerator_count)
                for entry in (machine.guest_accelerators if machine else ())
            )
        ),
    )


def find_problems(
    found: ReservationFacts, machine: MachineType, vendor: GcpMachine, offering: OfferingPlan
) -> Iterator[Problem]:
    """Everything by which nodes of the offering could not start in the reservation.

    cluster-toolkit, modules/compute/gke-node-pool, reservation_definitions.tf: its consumption must be specific,
    machine type and accelerators those of the pool. How many machines it holds is compared with the nodes that are
    wanted at the start; who else uses it is not known beforehand.
    """
    path, where = f"{offering.name}.reservation_id", f"{found.name} in {found.zone}"
    if not found.is_specific:
        yield Problem(
            path,
            f"{where} is for whoever fits it, GKE refuses a node pool that names it",
            "reserve with `specific_reservation_required`, or use `on-demand`",
        )
    if found.machine_type != vendor.gce_machine_type:
        yield Problem(
            path,
            f"{where} holds {found.machine_type or 'no machines'}, the pool's {vendor.gce_machine_type} would never "
            "start in it",
            "name another reservation, or another machine type",
        )
    wanted = (vendor.gke_accelerator, max(machine.accelerator_count, 1))
    # A machine type with accelerators of its own needs no list of them.
    if found.accelerators != (wanted,) and (found.accelerators or vendor.attached):
        has = ", ".join(f"{count} x {kind}" for kind, count in found.accelerators) or "none"
        yield Problem(
            path,
            f"{where} has accelerators {has}, the pool {wanted[1]} x {wanted[0]}, no node would start in it",
            "name a reservation with the pool's accelerators",
        )
    yield from _find_shortage(found, offering, path, where)


def _find_shortage(found: ReservationFacts, offering: OfferingPlan, path: str, where: str) -> Iterator[Problem]:
    nodes = offering.size.desired
    if not nodes:
        return
    if found.status != _READY:
        yield Problem(
            path,
            f"{where} is {found.status or 'inactive'} and {nodes} nodes are wanted at once, they would not start",
            "set `min` and `desired` to 0 until it is READY",
        )
    elif found.count < nodes:
        yield Problem(
            path,
            f"{where} holds {found.count} machines where {nodes} nodes are wanted",
            f"write `count: {found.count}`: the others go to the next entry of `capacity`"
            if found.count
            else "set `min` and `desired` to 0",
        )
