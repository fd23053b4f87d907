"""What was seen of a cluster, as far as anybody could look."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unseen:
    """In the place of something that could not be looked at."""

    reason: str


@dataclass(frozen=True, slots=True)
class SeenNode:
    """A node as the API server has it.

    `played`: nothing runs on it, a simulator (kwok) keeps it alive, so what pods of operators would leave cannot be
    there.
    """

    name: str
    labels: Mapping[str, str]
    taints: frozenset[tuple[str, str, str]]
    ready: bool
    capacity: Mapping[str, str]
    allocatable: Mapping[str, str]
    played: bool = False


@dataclass(frozen=True, slots=True)
class SeenDaemonSet:
    """A DaemonSet's own count of its pods."""

    namespace: str
    name: str
    desired: int
    ready: int


@dataclass(frozen=True, slots=True)
class SeenCluster:
    """Everything that the checks look at.

    Attributes:
        nodes: All nodes of the cluster.
        daemon_sets: Of the operators' namespaces.
        policy_state: The state that NVIDIA's ClusterPolicy says of itself; None where there is no such object.
        claimable: Devices that a DRA driver publishes, by node.
        metrics: Values of the DCGM exporter's metrics, by node and name.
    """

    nodes: tuple[SeenNode, ...]
    daemon_sets: tuple[SeenDaemonSet, ...] | Unseen
    policy_state: str | Unseen | None
    claimable: Mapping[str, int] | Unseen
    metrics: Mapping[str, Mapping[str, tuple[float, ...]]] | Unseen
