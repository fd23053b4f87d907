"""Reserved capacity of a capacity reservation group: what programs reserve in it and what the account has already."""

from dataclasses import dataclass

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import find_by_id, name_in
from gpucloud.sim.azure_native.machines import REGIONAL, zone_key
from gpucloud.sim.store import Row, Store


@dataclass(frozen=True, slots=True)
class Reserved:
    """Nodes of one size in one zone, kept for the pools of a group."""

    id: str  # of the reservation, or of the group where a command has set it
    machine_type: str
    zone: str  # with its region: `eastus-1`
    nodes: int


def find_group(store: Store, id_: str) -> Row | None:
    """Return the program's group of an id, or None; a group that a command has set has no row."""
    return find_by_id(store, id_, tokens.RESERVATION_GROUP)


def is_set_by_command(store: Store, id_: str) -> bool:
    """Return whether a command has put a group of this id into the account."""
    return store.db.execute("SELECT 1 FROM reservation WHERE lower(id) = ?", (id_.lower(),)).fetchone() is not None


def reserved_in(store: Store, group_id: str) -> list[Reserved]:
    """Return the reservations of a group, oldest first."""
    found: list[Reserved] = []
    group = find_group(store, group_id)
    if group is not None:
        for row in store.find("type = ? AND parent = ?", tokens.RESERVATION, group.name):
            region = str(row.outputs.get("location") or row.inputs.get("location") or "")
            zone = str((row.inputs.get("zones") or [REGIONAL])[0])
            sku = row.inputs["sku"]
            nodes = int(sku.get("capacity", 0))
            found.append(Reserved(row.id, str(sku.get("name", "")), zone_key("azure", region, zone), nodes))
    rows = store.db.execute(
        "SELECT id, machine_type, zone, nodes FROM reservation WHERE lower(id) = ?", (group_id.lower(),)
    )
    return [*found, *(Reserved(*row) for row in rows)]


def free_in(store: Store, reserved: Reserved, but_of: int) -> int:
    """Return how many nodes of a reservation nobody holds, not counting what row `but_of` holds."""
    used = store.db.execute(
        "SELECT COALESCE(SUM(nodes), 0) FROM allocation WHERE lower(reservation) = ? AND resource <> ?",
        (reserved.id.lower(), but_of),
    ).fetchone()[0]
    return max(reserved.nodes - int(used), 0)


def group_name(id_: str) -> str:
    """Return a group's name from its id."""
    return name_in(id_)
