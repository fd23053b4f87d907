"""Where the instances of a MIG profile may lie on a GPU: what fits together follows from it, not from sums alone.

A GPU's memory is a row of equal slices. An instance takes `size` of them next to each other, beginning at one of its
profile's `starts`, and no two instances overlap (NVML, nvmlDeviceGetGpuInstancePossiblePlacements).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gpucloud.facts.device_mig import mig_profiles
from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class MigPlacement:
    """Where instances of one profile may lie on one accelerator.

    Attributes:
        profile: Name of the profile.
        starts: Memory slices at which an instance may begin, counted from 0.
        size: Memory slices that an instance takes.
        seen: Whether a driver said so of this very accelerator; else of another one with the same profile IDs.
        source: Where the row comes from.
        note: What a reader must know and no other column says.
    """

    profile: str
    starts: tuple[int, ...]
    size: int
    seen: bool
    source: str
    note: str


@cache
def mig_placements(accelerator_name: str) -> Mapping[str, MigPlacement]:
    """Return the placements of an accelerator by profile; empty where its profile IDs are not those of a known GPU.

    GPUs with the same profile IDs are cut alike: on all of them an ID has as many instances and compute slices. Raise
    UnknownNameError, with the nearest names, for an accelerator that there is not.
    """
    profiles = mig_profiles(accelerator_name)
    ids = {profile.profile_id for profile in profiles}
    rows = next((rows for rows in _shapes().values() if rows.keys() == ids), None)
    if rows is None:
        return {}
    found = {}
    for profile in profiles:
        row = rows[profile.profile_id or 0]
        found[profile.name] = MigPlacement(
            profile=profile.name,
            starts=tuple(int(start) for start in row["starts"].split("|")),
            size=int(row["size"]),
            seen=accelerator_name in row["seen_on"].split("|"),
            source=row["source"],
            note=row["note"],
        )
    return found


@cache
def _shapes() -> Mapping[str, Mapping[int, Mapping[str, str]]]:
    """Rows by profile ID, of every way in which a GPU's memory is divided."""
    shapes: dict[str, dict[int, Mapping[str, str]]] = {}
    for row in read_table("mig_placements"):
        shapes.setdefault(row["shape"], {})[int(row["profile_id"])] = row
    return shapes
