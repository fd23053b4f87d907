"""Capacity per offering (machine type, zone, capacity type): how much there is, who holds it.

An offering has 16 nodes unless `sim fault capacity` says otherwise: enough for the examples, little enough that a large
request meets the end of it, as it would with scarce GPUs. A lost zone has none of anything.
"""

from dataclasses import dataclass

from gpucloud.sim.store import Store

DEFAULT_NODES = 16
SETTING = "default-capacity"


@dataclass(frozen=True, slots=True)
class Offering:
    """One machine type in one zone in one capacity type: on-demand, spot or capacity-block."""

    machine_type: str
    zone: str
    capacity_type: str


def total_of(store: Store, offering: Offering) -> int:
    """Return how many nodes an offering has in all."""
    if store.db.execute("SELECT 1 FROM lost_zone WHERE zone = ?", (offering.zone,)).fetchone():
        return 0
    row = store.db.execute(
        "SELECT nodes FROM offering WHERE machine_type = ? AND zone = ? AND capacity_type = ?",
        (offering.machine_type, offering.zone, offering.capacity_type),
    ).fetchone()
    return int(row[0]) if row else int(store.setting(SETTING, str(DEFAULT_NODES)))


def used_of(store: Store, offering: Offering, but_of: int = 0) -> int:
    """Return how many nodes of an offering are held, not counting what row `but_of` holds, nor reserved nodes."""
    return int(
        store.db.execute(
            "SELECT COALESCE(SUM(nodes), 0) FROM allocation WHERE machine_type = ? AND zone = ? AND capacity_type = ? "
            "AND reservation = '' AND resource <> ?",
            (offering.machine_type, offering.zone, offering.capacity_type, but_of),
        ).fetchone()[0]
    )


def free_of(store: Store, offering: Offering, but_of: int = 0) -> int:
    """Return how many nodes of an offering nobody holds."""
    return max(total_of(store, offering) - used_of(store, offering, but_of), 0)


def spread(wanted: int, free: dict[str, int]) -> dict[str, int]:
    """Return nodes by zone, as even as what is free allows, the first zones first; fewer than wanted where it ends."""
    taken = dict.fromkeys(free, 0)
    for _ in range(wanted):
        open_zones = [zone for zone in free if taken[zone] < free[zone]]
        if not open_zones:
            break
        taken[min(open_zones, key=lambda zone: taken[zone])] += 1
    return taken


def hold(store: Store, row: int, region: str, offering: Offering, nodes: int, reservation: str = "") -> None:  # noqa: PLR0913, PLR0917 - one column each
    """Note that a row holds nodes of an offering; zero is nothing."""
    if nodes:
        store.db.execute(
            "INSERT INTO allocation VALUES (?,?,?,?,?,?,?)",
            (row, region, offering.zone, offering.machine_type, offering.capacity_type, reservation, nodes),
        )


def release(store: Store, row: int) -> None:
    """Give back all that a row holds."""
    store.db.execute("DELETE FROM allocation WHERE resource = ?", (row,))
