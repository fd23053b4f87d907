"""Security advisories about what a GPU stack installs: which version of which component is the first without them."""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table


@dataclass(frozen=True, slots=True)
class Advisory:
    """One or more CVEs that one version fixed.

    Attributes:
        component: `gpu-operator` (its chart, with the toolkit that it brings) or `nvidia-container-toolkit`.
        fixed_in: The first version without them.
        identifiers: CVEs, sorted.
        date: When they became public, as ISO 8601; empty where no source states the day.
        consequence: What an attacker gets.
        source: Where the row comes from.
        note: What a reader must know and no other column says.
    """

    component: str
    fixed_in: str
    identifiers: tuple[str, ...]
    date: str
    consequence: str
    source: str
    note: str


def advisories(component: str) -> tuple[Advisory, ...]:
    """Return the advisories about a component, the oldest version first.

    Raise UnknownNameError, with the nearest names, for a component of which none is known.
    """
    found = _by_component().get(component)
    if found is None:
        raise UnknownNameError("component with advisories", component, nearest_names(component, _by_component()))
    return found


def advisories_against(component: str, version: str) -> tuple[Advisory, ...]:
    """Return the advisories that hold for a version, `v25.3.0` or `25.3.0`; UnknownNameError as above."""
    return tuple(entry for entry in advisories(component) if version_key(version) < version_key(entry.fixed_in))


def floor_version(component: str) -> str:
    """Return the first version without any known advisory; UnknownNameError as above."""
    return advisories(component)[-1].fixed_in


def version_key(version: str) -> tuple[int, ...]:
    """Return a version's numbers, for comparing; ValueError where it has anything but numbers and dots."""
    return tuple(int(part) for part in version.removeprefix("v").split("."))


@cache
def _by_component() -> dict[str, tuple[Advisory, ...]]:
    found: dict[str, list[Advisory]] = {}
    for row in read_table("advisories"):
        found.setdefault(row["component"], []).append(
            Advisory(
                component=row["component"],
                fixed_in=row["fixed_in"],
                identifiers=tuple(row["identifiers"].split()),
                date=row["date"],
                consequence=row["consequence"],
                source=row["source"],
                note=row["note"],
            )
        )
    return {name: tuple(sorted(rows, key=lambda row: version_key(row.fixed_in))) for name, rows in found.items()}
