"""A pod as the kubelet's resource managers see it: containers with requests and limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

ContainerKind = Literal["init", "sidecar", "app"]
"""`sidecar`: an init container that restarts always, and so runs as long as the pod."""

QosClass = Literal["Guaranteed", "Burstable", "BestEffort"]

Amounts = Mapping[str, Fraction]


@dataclass(frozen=True)
class Container:
    """One container; a limit without a request is a request, too, as the API server makes it."""

    name: str
    requests: Amounts
    limits: Amounts = field(default_factory=dict)
    kind: ContainerKind = "app"

    @property
    def needs(self) -> Amounts:
        """Requests with those that follow from limits."""
        return {**self.limits, **self.requests}


@dataclass(frozen=True)
class Pod:
    """Containers in the order in which the kubelet gives them resources: init containers first, then the others."""

    containers: tuple[Container, ...]
    name: str = "pod"

    @property
    def qos(self) -> QosClass:
        """The class by CPU and memory alone: pkg/apis/core/v1/helper/qos/qos.go of k8s.io/kubernetes v1.36.3."""
        compute = ("cpu", "memory")
        if not any(
            container.needs.get(name) or container.limits.get(name) for container in self.containers for name in compute
        ):
            return "BestEffort"
        same = all(
            container.limits.get(name) and container.needs.get(name) == container.limits.get(name)
            for container in self.containers
            for name in compute
        )
        return "Guaranteed" if same else "Burstable"

    def total(self, amounts: Iterable[tuple[Container, Mapping[str, int]]]) -> dict[str, int]:
        """What the pod needs at once of amounts by container: the long running together, or the largest init step."""
        steps: dict[str, int] = {}
        sidecars: dict[str, int] = {}
        apps: dict[str, int] = {}
        for container, needed in amounts:
            for name, amount in needed.items():
                match container.kind:
                    case "sidecar":
                        sidecars[name] = sidecars.get(name, 0) + amount
                        steps[name] = max(steps.get(name, 0), sidecars[name])
                    case "init":
                        steps[name] = max(steps.get(name, 0), sidecars.get(name, 0) + amount)
                    case "app":
                        apps[name] = apps.get(name, 0) + amount
        return {
            name: max(steps.get(name, 0), apps.get(name, 0) + sidecars.get(name, 0))
            for name in {**apps, **sidecars, **steps}
        }
