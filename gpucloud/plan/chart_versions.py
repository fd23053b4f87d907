"""Whether the charts of a stack take the cluster's Kubernetes."""

from collections.abc import Sequence

from gpucloud.errors import Problem
from gpucloud.facts.charts import Chart, chart
from gpucloud.plan.stack_model import ReleasePlan


def chart_problems(releases: Sequence[ReleasePlan], version: str, path: str) -> list[Problem]:
    """A problem for each pinned chart that does not take this Kubernetes minor, or is not said to.

    Of another version than the pinned one nobody has read the range, so nothing is said of it.
    """
    found = []
    for release in releases:
        pinned = chart(release.chart)
        if release.version == pinned.version and not _takes(pinned, version):
            found.append(
                Problem(
                    f"{path}.kubernetes_version",
                    f"{pinned.name} {pinned.version} is for Kubernetes {pinned.kubernetes}, on {version} "
                    "it is refused or breaks",
                    "choose a version in that range, or do without what needs the chart",
                )
            )
    return found


def _takes(pinned: Chart, version: str) -> bool:
    if pinned.kubernetes_from and _minor(version) < _minor(pinned.kubernetes_from):
        return False
    return not pinned.kubernetes_to or _minor(version) <= _minor(pinned.kubernetes_to)


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
