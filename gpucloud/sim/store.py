"""The database of a local cloud, and the rows of its resources."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gpucloud.errors import LocalCloudError
from gpucloud.sim.values import Inputs

Status = Literal["creating", "active", "failed"]
_FORM = "1"  # raise when store.sql changes in a way that old files do not have
_COLUMNS = "seq, type, urn, id, scope, name, parent, status, acknowledged, inputs, outputs, health"


@dataclass(frozen=True, slots=True)
class Row:
    """One resource of the local cloud, as stored."""

    seq: int
    type: str
    urn: str
    id: str
    scope: str
    name: str
    parent: str
    status: Status
    acknowledged: bool
    inputs: Inputs
    outputs: Inputs
    health: list[str]


class Store:
    """One connection to `<directory>/cloud.db`; every method that writes is inside the caller's `write()`."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "cloud.db"
        self.db = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute("PRAGMA foreign_keys=ON")
        self.db.executescript(Path(__file__).with_name("store.sql").read_text("utf-8"))
        self.db.execute("INSERT OR IGNORE INTO setting VALUES ('form', ?)", (_FORM,))
        if self.setting("form", _FORM) != _FORM:
            raise LocalCloudError(f"{self.path} is of another version of gpucloud; `gpucloud sim reset` starts anew")

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    @contextmanager
    def write(self) -> Iterator[None]:
        """Make what is written inside durable as one; nothing of it stays if it raises."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def setting(self, key: str, default: str) -> str:
        """Return a setting's value, or the default where nobody set it."""
        found = self.db.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else default

    def generation(self, urn: str) -> int:
        """Return how many resources of this URN the engine has ever acknowledged."""
        found = self.db.execute("SELECT count FROM generation WHERE urn = ?", (urn,)).fetchone()
        return int(found[0]) if found else 0

    def find(self, where: str, *values: object) -> list[Row]:
        """Return the rows that fulfil an SQL condition, oldest first."""
        rows = self.db.execute(f"SELECT {_COLUMNS} FROM resource WHERE {where} ORDER BY seq", values)  # noqa: S608 - `where` is our own text
        return [_row(row) for row in rows]

    def find_one(self, type_: str, scope: str, id_: str) -> Row | None:
        """Return the row of a resource by its physical id."""
        found = self.find("type = ? AND scope = ? AND id = ?", type_, scope, id_)
        return found[0] if found else None

    def insert(self, row: Row) -> int:
        """Add a row and return its number; `row.seq` is ignored."""
        cursor = self.db.execute(
            "INSERT INTO resource (type, urn, id, scope, name, parent, status, inputs, outputs) "
            "VALUES (?,?,?,?,?,?,?,?,?)",
            (
                row.type,
                row.urn,
                row.id,
                row.scope,
                row.name,
                row.parent,
                row.status,
                _dump(row.inputs),
                _dump(row.outputs),
            ),
        )
        return int(cursor.lastrowid or 0)

    def change(self, seq: int, status: Status, inputs: Inputs, outputs: Inputs, health: list[str]) -> None:
        """Write a row's state."""
        self.db.execute(
            "UPDATE resource SET status = ?, inputs = ?, outputs = ?, health = ? WHERE seq = ?",
            (status, _dump(inputs), _dump(outputs), json.dumps(health), seq),
        )

    def remove(self, seq: int) -> None:
        """Delete a row and what it holds."""
        self.db.execute("DELETE FROM resource WHERE seq = ?", (seq,))

    def acknowledge(self, row: Row) -> None:
        """Note that the engine knows this row, so that no later create adopts it."""
        if row.acknowledged:
            return
        self.db.execute("UPDATE resource SET acknowledged = 1 WHERE seq = ?", (row.seq,))
        self.db.execute(
            "INSERT INTO generation VALUES (?, 1) ON CONFLICT (urn) DO UPDATE SET count = count + 1", (row.urn,)
        )

    def log(self, verb: str, urn: str, id_: str, text: str = "") -> None:
        """Add a line to the event log."""
        self.db.execute("INSERT INTO event (verb, urn, id, text) VALUES (?,?,?,?)", (verb, urn, id_, text))


def _dump(values: Inputs) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _row(row: tuple) -> Row:
    seq, type_, urn, id_, scope, name, parent, status, acknowledged, inputs, outputs, health = row
    return Row(
        seq,
        type_,
        urn,
        id_,
        scope,
        name,
        parent,
        status,
        bool(acknowledged),
        json.loads(inputs),
        json.loads(outputs),
        json.loads(health),
    )
