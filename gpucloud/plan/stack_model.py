"""What a cluster's GPU stack is made of: Helm releases, and objects of the cluster's own API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """One Helm release: the chart, where it comes from, and the values that follow from the pools.

    `after` are charts whose releases, where there are any, come first and go last; `awaited`: what follows waits until
    its pods are ready, since its webhooks judge what follows.
    """

    name: str
    namespace: str
    chart: str
    repository: str
    version: str
    values: Mapping[str, Any]
    after: tuple[str, ...] = ()
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class ManifestPlan:
    """One object of the cluster's own API; `namespace` None is the cluster itself.

    `after_releases`: its kind comes with a release; the others are there before the first release.
    """

    name: str
    namespace: str | None
    api_version: str
    kind: str
    spec: Mapping[str, Any]
    after_releases: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
