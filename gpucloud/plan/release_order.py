"""The order in which Helm releases are installed; they go in the reverse one."""

from collections.abc import Sequence
from graphlib import TopologicalSorter

from gpucloud.plan.stack_model import ReleasePlan


def in_order(releases: Sequence[ReleasePlan]) -> tuple[tuple[ReleasePlan, tuple[str, ...]], ...]:
    """Each release with the names of those that come before it, after all of them; by name where nothing decides.

    A release comes after each of the charts of its `after` that is installed, directly or not.
    Raises graphlib.CycleError where charts wait for each other.
    """
    by_chart: dict[str, list[str]] = {}
    for release in releases:
        by_chart.setdefault(release.chart, []).append(release.name)
    before = {
        release.name: tuple(sorted(name for chart in release.after for name in by_chart.get(chart, ())))
        for release in releases
    }
    by_name = {release.name: release for release in releases}
    ready = TopologicalSorter({name: before[name] for name in sorted(before)}).static_order()
    return tuple((by_name[name], before[name]) for name in ready)
