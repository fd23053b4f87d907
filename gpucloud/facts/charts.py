"""Helm charts: the one version of each that the project installs, and the value paths that this version has.

Value paths move between versions of a chart and an unknown one is silently ignored by Helm, so a path stands here only
if the pinned version's own values file has it.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table


@dataclass(frozen=True, slots=True)
class Chart:
    """One pinned Helm chart.

    Attributes:
        name: Of the chart in its repository.
        repository: URL of the Helm repository, or of the registry that holds the chart (`oci://`).
        version: Of the chart.
        app_version: Of what the chart installs.
        source: Where the row comes from.
    """

    name: str
    repository: str
    version: str
    app_version: str
    source: str


def charts() -> tuple[Chart, ...]:
    """Return every pinned chart, sorted by name."""
    return tuple(_by_name().values())


def chart(name: str) -> Chart:
    """Return the pinned chart of that name; raise UnknownNameError with the nearest names otherwise."""
    found = _by_name().get(name)
    if found is None:
        raise UnknownNameError("chart", name, nearest_names(name, _by_name()))
    return found


def chart_values(name: str, version: str) -> tuple[str, ...]:
    """Return the value paths that were checked against that version of a chart, sorted.

    Raise UnknownNameError for a chart or version whose paths were not checked.
    """
    found = _values().get((name, version))
    if found is None:
        known = tuple(sorted(f"{chart} {release}" for chart, release in _values()))
        raise UnknownNameError("chart version with checked values", f"{name} {version}", known)
    return found


@cache
def _by_name() -> dict[str, Chart]:
    return {
        row["name"]: Chart(
            name=row["name"],
            repository=row["repository"],
            version=row["version"],
            app_version=row["app_version"],
            source=row["source"],
        )
        for row in read_table("charts")
    }


@cache
def _values() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_table("chart_values"):
        key = (row["chart"], row["version"])
        found[key] = (*found.get(key, ()), row["path"])
    return found
