"""Values of charts that follow from a cluster's pools: what a person who set them would break, by chart and path."""

from dataclasses import dataclass
from functools import cache

from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class OwnedValue:
    """A value, or everything below it, that the planner decides.

    Attributes:
        chart: Name of the chart.
        path: The value's path; what stands below it is owned, too.
        reason: What follows where somebody else sets it.
        fix: What to change instead.
        source: Where the reason comes from.
    """

    chart: str
    path: str
    reason: str
    fix: str
    source: str


def owned_value(chart: str, path: str) -> OwnedValue | None:
    """Return the row that owns a path of a chart, itself or above it; None where a person may set it."""
    rows = _by_path()
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        found = rows.get((chart, ".".join(parts[:count])))
        if found is not None:
            return found
    return None


@cache
def _by_path() -> dict[tuple[str, str], OwnedValue]:
    return {(row["chart"], row["path"]): OwnedValue(**row) for row in read_table("chart_ownership")}
