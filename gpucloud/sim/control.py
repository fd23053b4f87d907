"""Set what goes wrong in a local cloud, whether it runs or not: each function writes to its database alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.aws_quotas import vcpu_quotas
from gpucloud.facts.zones import regions, zone_region
from gpucloud.sim.capacity import SETTING
from gpucloud.sim.store import Store

CAPACITY_TYPES = ("capacity-block", "on-demand", "spot")


@contextmanager
def _open(root: Path) -> Iterator[Store]:
    store = Store(root / "sim")
    try:
        with store.write():
            yield store
    finally:
        store.close()


def _require_zone(zone: str) -> None:
    try:
        zone_region("aws", zone)
    except UnknownNameError as error:
        raise InvalidInputError([Problem("zone", str(error), "name a zone of a listed region")]) from error


def _require(path: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidInputError([Problem(path, f"{value!r} is unknown", f"one of {', '.join(known)}")])


def _require_count(path: str, value: int) -> None:
    if value < 0:
        raise InvalidInputError([Problem(path, f"{value} is less than 0", "a count from 0")])


def set_capacity(root: Path, machine_type: str, zone: str, nodes: int, capacity_type: str | None = None) -> None:
    """Give an offering so many nodes in all; without a capacity type, on-demand and spot each."""
    _require_zone(zone)
    _require_count("nodes", nodes)
    if capacity_type is not None:
        _require("capacity_type", capacity_type, CAPACITY_TYPES)
    with _open(root) as store:
        for kind in (capacity_type,) if capacity_type else ("on-demand", "spot"):
            store.db.execute("INSERT OR REPLACE INTO offering VALUES (?,?,?,?)", (machine_type, zone, kind, nodes))


def set_default_capacity(root: Path, nodes: int) -> None:
    """Give every offering that nobody set so many nodes."""
    _require_count("nodes", nodes)
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, str(nodes)))


def set_quota(root: Path, region: str, code: str, vcpus: int) -> None:
    """Set a vCPU quota of a region by its code, such as L-417A185B for on-demand P instances."""
    _require("region", region, regions("aws"))
    _require("code", code, tuple(quota.code for quota in vcpu_quotas()))
    _require_count("vcpus", vcpus)
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO quota VALUES (?,?,?)", (region, code, vcpus))


def lose_zone(root: Path, zone: str) -> None:
    """Take all capacity out of a zone; nodes that are there stay."""
    _require_zone(zone)
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO lost_zone VALUES (?)", (zone,))


def restore_zone(root: Path, zone: str) -> None:
    """Give a lost zone its capacity back."""
    with _open(root) as store:
        store.db.execute("DELETE FROM lost_zone WHERE zone = ?", (zone,))


def throttle(root: Path, pattern: str, answers: int) -> None:
    """Answer so many of the next calls that match with a throttling error; the provider tries each call 25 times.

    The pattern is a shell pattern over the API operation (`CreateNodegroup`), `service:operation`, the type token, the
    URN or the logical name.
    """
    _add_fault(root, "throttle", pattern, remaining=answers)


def delay(root: Path, pattern: str, seconds: float, times: int = -1) -> None:
    """Make calls that match wait, so many times or until the faults are cleared; a create waits half-done."""
    _add_fault(root, "delay", pattern, seconds=seconds, remaining=times)


def fail(root: Path, pattern: str, code: str, message: str, times: int = 1) -> None:
    """Refuse calls that match with an error code, once or so many times."""
    _add_fault(root, "error", pattern, code=code, message=message, remaining=times)


def _add_fault(  # noqa: PLR0913, PLR0917 - one column each
    root: Path,
    kind: Literal["error", "throttle", "delay"],
    pattern: str,
    code: str = "",
    message: str = "",
    seconds: float = 0.0,
    remaining: int = 1,
) -> None:
    with _open(root) as store:
        store.db.execute(
            "INSERT INTO fault (kind, pattern, code, message, seconds, remaining) VALUES (?,?,?,?,?,?)",
            (kind, pattern, code, message, seconds, remaining),
        )


def add_reservation(  # noqa: PLR0913, PLR0917 - one column each
    root: Path,
    reservation_id: str,
    machine_type: str,
    zone: str,
    nodes: int,
    kind: Literal["odcr", "capacity-block"] = "odcr",
) -> None:
    """Put a reservation into the account, as if somebody had bought it: on-demand (odcr) or a capacity block."""
    _require_zone(zone)
    _require_count("nodes", nodes)
    _require("kind", kind, ("odcr", "capacity-block"))
    with _open(root) as store:
        store.db.execute(
            "INSERT OR REPLACE INTO reservation VALUES (?,?,?,?,?)", (reservation_id, kind, machine_type, zone, nodes)
        )


def remove_reservation(root: Path, reservation_id: str) -> None:
    """Take a reservation out of the account; nodes that run in it stay."""
    with _open(root) as store:
        store.db.execute("DELETE FROM reservation WHERE id = ?", (reservation_id,))


def clear_faults(root: Path) -> None:
    """Remove all faults, lost zones, quotas and capacities that were set; reservations stay."""
    with _open(root) as store:
        for table in ("fault", "lost_zone", "quota", "offering"):
            store.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
        store.db.execute("DELETE FROM setting WHERE key = ?", (SETTING,))
