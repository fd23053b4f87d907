"""What a node pool needs to know of an AKS cluster, whoever made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi

NO_TAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AzureClusterRef:
    """An AKS cluster as other resources (or other teams) give it: inputs, never part of a specification.

    A pool with a capacity reservation, or one whose nodes are kept close, asks something of the cluster: a
    user-assigned identity with the role Contributor on the resource group that holds the capacity reservation group or
    the proximity placement group. `AzureCluster` gives it for the pools in its own specification; it takes up to an
    hour to reach all of Azure, so that a pool cannot bring it along (azure-aks-docs, use-capacity-reservation-groups).

    Attributes:
        resource_group_name: The resource group that the cluster is in; placement groups of pools are made there.
        cluster_name: The cluster's name in AKS.
        region: The region that it is in; a plain value, since the plan depends on it.
        node_subnet_id: The subnet of the nodes; all pools of a cluster lie in one virtual network.
        kubernetes_version: The control plane's version, which the nodes follow. Left out, they keep the one that they
            were made with.
        tags: Tags on every resource that takes them.
        wait_for: Resources that must be there before a pool's nodes can join, beside the cluster itself.
    """

    resource_group_name: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    region: str
    node_subnet_id: pulumi.Input[str]
    kubernetes_version: pulumi.Input[str] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    wait_for: Sequence[pulumi.Resource] = ()
