"""Helm charts: the one version of each that the project installs, and the value paths that this version has.

Value paths move between versions of a chart and an unknown one is silently ignored by Helm, so a path stands here only
if the pinned version's own values file has it.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table

PodSecurity = Literal["", "restricted", "baseline", "privileged"]
"""A level of the Pod Security Standards."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One pinned Helm chart.

    Attributes:
        name: Of the chart in its repository.
        repository: URL of the Helm repository, or of the registry that holds the chart (`oci://`).
        version: Of the chart.
        app_version: Of what the chart installs.
        namespace: Where its release goes.
        pod_security: What Pod Security has to let pass in that namespace; empty for one that every cluster has.
        kubernetes_from: The oldest Kubernetes minor that it takes, `1.29`; empty where no source says it.
        kubernetes_to: The newest one that its makers say it works with; empty likewise.
        after: Charts that come first where they are installed: they bring kinds or devices that this one looks for.
        critical_priority: Some of its pods have a priority that Kubernetes keeps for itself (`system-…-critical`).
        awaited: Its webhooks judge objects that others make, who therefore wait until its pods are ready.
        source: Where the row comes from.
    """

    name: str
    repository: str
    version: str
    app_version: str
    namespace: str
    pod_security: PodSecurity
    kubernetes_from: str
    kubernetes_to: str
    after: tuple[str, ...]
    awaited: bool
    critical_priority: bool
    source: str

    @property
    def kubernetes(self) -> str:
        """The minors that it takes, for people: `1.32 to 1.36`, `1.29 and newer`; empty where no source says it."""
        if self.kubernetes_from and self.kubernetes_to:
            return f"{self.kubernetes_from} to {self.kubernetes_to}"
        if self.kubernetes_from:
            return f"{self.kubernetes_from} and newer"
        return f"{self.kubernetes_to} and older" if self.kubernetes_to else ""


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
            namespace=row["namespace"],
            pod_security=cast("PodSecurity", row["pod_security"]),
            kubernetes_from=row["kubernetes_from"],
            kubernetes_to=row["kubernetes_to"],
            after=tuple(row["after"].split()),
            awaited=row["awaited"] == "true",
            critical_priority=row["critical_priority"] == "true",
            source=row["source"],
        )
        for row in read_table("charts")
    }


@cache
def _values() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in read_table("chart_values"):
        found.setdefault((row["chart"], row["version"]), []).append(row["path"])
    return {key: tuple(paths) for key, paths in found.items()}
