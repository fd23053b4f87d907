"""What a node pool needs to know of an EKS cluster, whoever made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi

NO_TAGS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AwsClusterRef:
    """An EKS cluster as other resources (or other teams) give it: inputs, never part of a specification.

    Attributes:
        cluster_name: The cluster's name in EKS.
        region: The region that it is in; a plain value, since the plan depends on it.
        vpc_id: Its VPC.
        subnet_ids: One private subnet for every zone that a pool may use; the subnet must lie in that zone.
        node_role_arn: IAM role of the nodes; it needs an access entry (managed node groups make one by themselves).
        cluster_security_group_id: The group that EKS made for control plane and nodes.
        endpoint: Of the API server; only nodes with an own image need it, and the next two.
        certificate_authority: Base64 of the cluster's CA certificate.
        service_cidr: Range of the cluster's services.
        kubernetes_version: The control plane's version; nodes with the cloud's image follow it. Left out, they keep the
            one that they were made with.
        security_group_ids: Groups of nodes beside the cluster's own, by which its other nodes are reached.
        tags: Tags on every resource that takes them.
        wait_for: Resources that must be there before a pool's nodes can join, beside the cluster itself.
    """

    cluster_name: pulumi.Input[str]
    region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    node_role_arn: pulumi.Input[str]
    cluster_security_group_id: pulumi.Input[str]
    endpoint: pulumi.Input[str] | None = None
    certificate_authority: pulumi.Input[str] | None = None
    service_cidr: pulumi.Input[str] | None = None
    kubernetes_version: pulumi.Input[str] | None = None
    security_group_ids: Sequence[pulumi.Input[str]] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    wait_for: Sequence[pulumi.Resource] = ()
