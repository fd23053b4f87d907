"""Reserved capacity: what the account already has (set with `sim fault reservation`) and what programs reserve."""

from dataclasses import dataclass

from gpucloud.sim.store import Store

_TOKEN = "aws:ec2/capacityReservation:CapacityReservation"  # noqa: S105 - a type token


@dataclass(frozen=True, slots=True)
class Reservation:
    """Nodes of one machine type in one zone, kept for whoever names the reservation's id."""

    id: str
    kind: str  # odcr or capacity-block
    machine_type: str
    zone: str
    nodes: int


def find_reservation(store: Store, id_: str) -> Reservation | None:
    """Return a reservation by its id, or None where there is none."""
    row = store.db.execute(
        "SELECT id, kind, machine_type, zone, nodes FROM reservation WHERE id = ?", (id_,)
    ).fetchone()
    if row is not None:
        return Reservation(*row)
    for found in store.find("type = ? AND id = ?", _TOKEN, id_):
        inputs = found.inputs
        return Reservation(
            id_, "odcr", inputs["instanceType"], inputs["availabilityZone"], int(inputs["instanceCount"])
        )
    return None


def free_in_reservation(store: Store, reservation: Reservation, but_of: int) -> int:
    """Return how many nodes of a reservation nobody holds, not counting what row `but_of` holds."""
    used = store.db.execute(
        "SELECT COALESCE(SUM(nodes), 0) FROM allocation WHERE reservation = ? AND resource <> ?",
        (reservation.id, but_of),
    ).fetchone()[0]
    return max(reservation.nodes - int(used), 0)
