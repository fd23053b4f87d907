"""Branches of NVIDIA's driver, and which of them know an accelerator that needs the open kernel modules.

Of other accelerators nothing is said: a driver with the proprietary modules may know them.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class DriverBranch:
    """One branch that knows one accelerator.

    Attributes:
        accelerator: Name of the accelerator.
        branch: `570` of 570.133.20.
        first_version: A release of the branch that names the accelerator; numbers are no order in time.
        floor: The lowest version of the branch that a source asks for; empty where none does.
        source: Where the row comes from.
    """

    accelerator: str
    branch: int
    first_version: str
    floor: str
    source: str


def driver_branches(accelerator_name: str) -> tuple[DriverBranch, ...]:
    """Return the branches that know an accelerator, the oldest first; none where nothing is known of it.

    Raise UnknownNameError, with the nearest names, for an accelerator that there is not.
    """
    return _by_accelerator().get(accelerator(accelerator_name).name, ())


def unknown_to(accelerator_name: str, version: str) -> bool:
    """Return whether a driver, `570.86.15`, certainly does not serve an accelerator.

    A branch younger than all that are listed may know it, and so may a version that is not all numbers. Raise
    UnknownNameError as above.
    """
    branches = {entry.branch: entry for entry in driver_branches(accelerator_name)}
    parts = version.split(".")
    if not branches or not all(part.isdigit() for part in parts):
        return False
    numbers = tuple(int(part) for part in parts)
    found = branches.get(numbers[0])
    if found is None:
        return numbers[0] < max(branches)
    return bool(found.floor) and numbers < tuple(int(part) for part in found.floor.split("."))


@cache
def _by_accelerator() -> dict[str, tuple[DriverBranch, ...]]:
    found: dict[str, list[DriverBranch]] = {}
    for row in read_table("driver_branches"):
        entry = DriverBranch(
            accelerator=row["accelerator"],
            branch=int(row["branch"]),
            first_version=row["first_version"],
            floor=row["floor"],
            source=row["source"],
        )
        found.setdefault(row["accelerator"], []).append(entry)
    return {name: tuple(sorted(rows, key=lambda row: row.branch)) for name, rows in found.items()}
