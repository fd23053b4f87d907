"""Set what goes wrong in a local cloud, whether it runs or not: each function writes to its database alone.

A name that the facts do not have and a number out of its range are refused: InvalidInputError with all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.sim.azure_native.features import STATES, set_state
from gpucloud.sim.capacity import SETTING
from gpucloud.sim.command_checks import (
    check_choice,
    check_count,
    check_feature,
    check_machine_type,
    check_quota_code,
    check_region,
    check_reservation_id,
    check_same_cloud,
    check_times,
    check_zone,
    refuse,
)
from gpucloud.sim.places import cloud_of_machine_type
from gpucloud.sim.store import Store

CAPACITY_TYPES = {
    "aws": ("capacity-block", "on-demand", "spot"),
    "azure": ("on-demand", "spot"),
    "gcp": ("flex-start", "on-demand", "queued", "spot"),
}


@contextmanager
def _open(root: Path) -> Iterator[Store]:
    store = Store(root / "sim")
    try:
        with store.write():
            yield store
    finally:
        store.close()


def set_capacity(root: Path, machine_type: str, zone: str, nodes: int, capacity_type: str | None = None) -> None:
    """Give an offering so many nodes in all; without a capacity type, each of its cloud but capacity blocks.

    The zone of an Azure size is `eastus-1`, or `eastus-regional` for pools that name no zone.
    """
    known = CAPACITY_TYPES[cloud_of_machine_type(machine_type) or "aws"]
    refuse(
        check_machine_type(machine_type),
        check_zone(zone),
        check_same_cloud(machine_type, zone),
        check_count("nodes", nodes),
        check_choice("capacity_type", capacity_type, known) if capacity_type is not None else None,
    )
    with _open(root) as store:
        for kind in (capacity_type,) if capacity_type else (kind for kind in known if kind != "capacity-block"):
            store.db.execute("INSERT OR REPLACE INTO offering VALUES (?,?,?,?)", (machine_type, zone, kind, nodes))


def set_default_capacity(root: Path, nodes: int) -> None:
    """Give every offering that nobody set so many nodes."""
    refuse(check_count("nodes", nodes))
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (SETTING, str(nodes)))


def set_quota(root: Path, region: str, code: str, vcpus: int) -> None:
    """Set a quota of a region by its code: L-417A185B for on-demand P instances, on Azure `cores`."""
    refuse(check_region(region), check_quota_code(region, code), check_count("vcpus", vcpus))
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO quota VALUES (?,?,?)", (region, code, vcpus))


def lose_zone(root: Path, zone: str) -> None:
    """Take all capacity out of a zone; nodes that are there stay."""
    refuse(check_zone(zone))
    with _open(root) as store:
        store.db.execute("INSERT OR REPLACE INTO lost_zone VALUES (?)", (zone,))


def restore_zone(root: Path, zone: str) -> None:
    """Give a lost zone its capacity back."""
    refuse(check_zone(zone))
    with _open(root) as store:
        store.db.execute("DELETE FROM lost_zone WHERE zone = ?", (zone,))


def throttle(root: Path, pattern: str, answers: int) -> None:
    """Answer so many of the next calls that match with a throttling error; the provider tries a call several times.

    The pattern is a shell pattern over the API operation (`CreateNodegroup`), `service:operation`, the type token, the
    URN or the logical name.
    """
    refuse(check_count("answers", answers, 1))
    _add_fault(root, "throttle", pattern, remaining=answers)


def delay(root: Path, pattern: str, seconds: float, times: int = -1) -> None:
    """Make calls that match wait, so many times or until the faults are cleared; a create waits half-done."""
    refuse(check_count("seconds", seconds), check_times(times))
    _add_fault(root, "delay", pattern, seconds=seconds, remaining=times)


def fail(root: Path, pattern: str, code: str, message: str, times: int = 1) -> None:
    """Refuse calls that match with an error code, once or so many times."""
    refuse(check_times(times))
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
    """Put a reservation into the account, as if somebody had bought it: on-demand (odcr) or a capacity block.

    On Azure it is a capacity reservation group with one reservation, named by the group's id.
    """
    refuse(
        check_machine_type(machine_type),
        check_zone(zone),
        check_same_cloud(machine_type, zone),
        check_reservation_id(reservation_id, machine_type),
        check_count("nodes", nodes),
        check_choice("kind", kind, ("odcr", "capacity-block")),
    )
    with _open(root) as store:
        store.db.execute(
            "INSERT OR REPLACE INTO reservation VALUES (?,?,?,?,?)", (reservation_id, kind, machine_type, zone, nodes)
        )


def remove_reservation(root: Path, reservation_id: str) -> None:
    """Take a reservation out of the account; nodes that run in it stay. InvalidInputError where there is none."""
    with _open(root) as store:
        if not store.db.execute("DELETE FROM reservation WHERE id = ?", (reservation_id,)).rowcount:
            known = [id_ for (id_,) in store.db.execute("SELECT id FROM reservation ORDER BY id")]
            fix = f"one of {', '.join(known)}" if known else "the account has none"
            raise InvalidInputError([Problem("reservation_id", f"there is no reservation {reservation_id!r}", fix)])


def set_feature(root: Path, feature: str, state: str) -> None:
    """Set the state of a preview feature of the Azure subscription, `NAMESPACE/NAME`, over what programs register."""
    refuse(check_feature(feature), check_choice("state", state, STATES))
    namespace, _, name = feature.partition("/")
    with _open(root) as store:
        set_state(store, namespace, name, state)


def clear_faults(root: Path) -> None:
    """Remove all faults, lost zones, quotas and capacities that were set; reservations and features stay."""
    with _open(root) as store:
        for table in ("fault", "lost_zone", "quota", "offering"):
            store.db.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the line above
        store.db.execute("DELETE FROM setting WHERE key = ?", (SETTING,))
