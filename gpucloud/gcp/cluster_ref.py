"""What a node pool needs to know of a GKE cluster, whoever made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi

NO_LABELS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class GcpClusterRef:
    """A GKE cluster as other resources (or other teams) give it: inputs, never part of a specification.

    Pools with networks between accelerators need a cluster with Dataplane V2 and multi-networking.

    Attributes:
        cluster_name: The cluster's name in GKE.
        region: The region that it is in; a plain value, since the plan depends on it.
        node_service_account: Address of the service account that the nodes have.
        location: Where GKE keeps a zonal cluster: its zone. Left out, the cluster is regional.
        project: Its project; left out, that of the provider.
        labels: Labels on every resource that takes them.
        wait_for: Resources that must be there before a pool's nodes can join, beside the cluster itself.
    """

    cluster_name: pulumi.Input[str]
    region: str
    node_service_account: pulumi.Input[str]
    location: str | None = None
    project: pulumi.Input[str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    wait_for: Sequence[pulumi.Resource] = ()
