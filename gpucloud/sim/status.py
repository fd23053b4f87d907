"""What is in a local cloud, read from its database."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gpucloud.sim.capacity import Offering, total_of, used_of
from gpucloud.sim.session import find
from gpucloud.sim.store import Store

NOTICE = "This is a simulation: no cloud was asked, nothing here exists anywhere else."


_POOLS = """
SELECT resource.urn, resource.type, resource.id, allocation.machine_type, allocation.zone, allocation.capacity_type,
       allocation.reservation, SUM(allocation.nodes) AS nodes, resource.status
FROM allocation JOIN resource ON resource.seq = allocation.resource
GROUP BY resource.seq, allocation.machine_type, allocation.zone, allocation.capacity_type, allocation.reservation
ORDER BY resource.type, resource.id, allocation.zone, allocation.reservation
"""


@dataclass(frozen=True, slots=True)
class Status:
    """A local cloud at one moment; rows are sorted."""

    notice: str
    directory: str
    running: bool
    ports: dict[str, int]
    resources: dict[str, int]  # type -> how many
    creating: list[dict[str, str]]  # half-done creates
    failed: list[dict[str, Any]]  # `failed`, or `active` where only the last change was not wholly made; what mends it
    pools: list[dict[str, Any]]  # what holds nodes: a row a machine type, zone and capacity type
    offerings: list[dict[str, Any]]  # in use, or set by somebody
    reservations: list[dict[str, Any]]
    quotas: list[dict[str, Any]]
    lost_zones: list[str]
    faults: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def read_status(root: Path) -> Status:
    """Return what is in the local cloud of `root`; an empty one where there was none yet."""
    session = find(root)
    directory = root / "sim"
    if not (directory / "cloud.db").exists():
        return Status(NOTICE, str(directory), session is not None, {}, {}, [], [], [], [], [], [], [], [])
    store = Store(directory)
    try:
        return Status(
            NOTICE,
            str(directory),
            session is not None,
            session.ports if session else {},
            dict(store.db.execute("SELECT type, COUNT(*) FROM resource GROUP BY type ORDER BY type")),
            [{"urn": row.urn, "type": row.type, "id": row.id} for row in store.find("status = 'creating'")],
            [
                {
                    "urn": row.urn,
                    "type": row.type,
                    "id": row.id,
                    "status": row.status,
                    "mended_by": "replacement" if row.type.startswith("aws:") else "update",
                    "health": row.health,
                }
                for row in store.find("status = 'failed' OR health <> '[]'")
            ],
            _rows(store, _POOLS),
            _offerings(store),
            _rows(store, "SELECT id, kind, machine_type, zone, nodes FROM reservation ORDER BY id"),
            _rows(store, "SELECT region, name AS code, vcpus FROM quota ORDER BY region, name"),
            [zone for (zone,) in store.db.execute("SELECT zone FROM lost_zone ORDER BY zone")],
            _rows(store, "SELECT kind, pattern, code, message, seconds, remaining FROM fault ORDER BY seq"),
        )
    finally:
        store.close()


def _offerings(store: Store) -> list[dict[str, Any]]:
    named = store.db.execute(
        "SELECT machine_type, zone, capacity_type FROM allocation WHERE reservation = '' "
        "UNION SELECT machine_type, zone, capacity_type FROM offering ORDER BY 1, 2, 3"
    ).fetchall()
    offerings = [Offering(*row) for row in named]
    return [{**asdict(o), "used": used_of(store, o), "nodes": total_of(store, o)} for o in offerings]


def _rows(store: Store, query: str) -> list[dict[str, Any]]:
    cursor = store.db.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
