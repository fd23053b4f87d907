"""Reservations that node pools name: those that programs make, and those that `sim fault reservation` puts there."""

from gpucloud.sim.gcp.rules.reading import at
from gpucloud.sim.gcp.rules.scheduling import reserved_machine
from gpucloud.sim.gcp.scheduling import RESERVATION
from gpucloud.sim.reservations import Reservation
from gpucloud.sim.store import Row, Store


def reservation_name(reference: str) -> tuple[str, str]:
    """Return project and name of a reservation as an affinity names it; no project where it names none.

    Source of the forms: toolkit README, reservation_affinity: NAME, projects/P/reservations/R, with a block behind it.
    """
    bare = reference.partition("/reservationBlocks/")[0]
    if "/" not in bare:
        return "", bare
    parts = bare.split("/")
    return parts[1], parts[-1]


def find_program_reservation(store: Store, reference: str, zone: str, project: str) -> Row | None:
    """Return the reservation that a program made in a zone, or None."""
    owner, name = reservation_name(reference)
    wanted = f"projects/{owner or project}/zones/{zone}/reservations/{name}"
    found = store.find("type = ? AND id = ? AND status = 'active'", RESERVATION, wanted)
    return found[0] if found else None


def find_reserved(store: Store, reference: str, zone: str, project: str) -> Reservation | None:
    """Return a reservation in a zone by what an affinity names, or None where there is none."""
    row = find_program_reservation(store, reference, zone, project)
    if row is not None:
        count = int(row.inputs["specificReservation"]["count"])
        return Reservation(row.id, "specific", reserved_machine(row.inputs), zone, count)
    name = reservation_name(reference)[1]
    for id_, kind, machine_type, at_zone, nodes in store.db.execute(
        "SELECT id, kind, machine_type, zone, nodes FROM reservation WHERE zone = ?", (zone,)
    ):
        if id_.rpartition("/")[2] == name:
            return Reservation(id_, kind, machine_type, at_zone, int(nodes))
    return None


def is_for_the_asking(row: Row) -> bool:
    """Return whether a reservation is used by whoever fits it, so that naming it is refused."""
    return at(row.inputs, "specificReservationRequired") is not True
