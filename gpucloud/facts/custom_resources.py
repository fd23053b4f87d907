"""Kinds of objects that a chart or a cloud brings into a cluster: what `kubectl get crd` shows there."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class CustomResource:
    """One custom resource definition.

    Attributes:
        brought_by: The chart, or `gke` where the managed cluster has it by itself.
        group: Its API group.
        kind: As objects name it.
        plural: As the API's paths name it.
        versions: Those that the definition serves.
        scope: Whether its objects lie in a namespace.
        stays: Whether it stays when the release goes: Helm never deletes what lies in a chart's folder `crds`.
        source: Where the row comes from.
    """

    brought_by: str
    group: str
    kind: str
    plural: str
    versions: tuple[str, ...]
    scope: Literal["Cluster", "Namespaced"]
    stays: bool
    source: str

    @property
    def name(self) -> str:
        """The definition's own name, `clusterpolicies.nvidia.com`."""
        return f"{self.plural}.{self.group}"


def custom_resources(brought_by: str) -> tuple[CustomResource, ...]:
    """Return what a chart or a cloud brings, sorted by group and kind; nothing for one that brings none."""
    return _by_bringer().get(brought_by, ())


@cache
def _by_bringer() -> dict[str, tuple[CustomResource, ...]]:
    found: dict[str, tuple[CustomResource, ...]] = {}
    for row in read_table("custom_resources"):
        entry = CustomResource(
            brought_by=row["brought_by"],
            group=row["group"],
            kind=row["kind"],
            plural=row["plural"],
            versions=tuple(row["versions"].split()),
            scope=cast("Literal['Cluster', 'Namespaced']", row["scope"]),
            stays=row["stays"] == "yes",
            source=row["source"],
        )
        found[entry.brought_by] = (*found.get(entry.brought_by, ()), entry)
    return found
