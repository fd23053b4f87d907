"""Mirrors that the stack makes: what they are called, so that images are named by them before they are there."""

import hashlib
import re
from collections.abc import Sequence
from typing import assert_never

from gpucloud.facts.registry_upstreams import registry_upstream
from gpucloud.plan.mirror_model import ManagedMirrorPlan
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.mirrors import MirrorSpec

# botocore 1.44.5, ecr, ecrRepositoryPrefix: 30 characters.
_ECR_PREFIX, _ECR_LAST = 30, 13
# No source says how long a repository's ID may be: a label of a host's name, as other IDs of Google Cloud are.
_REPOSITORY_ID = 63
_REGISTRY, _REGISTRY_DIGITS = 50, 10
_DIGITS = 6


def plan_managed_mirrors(environment: str, cluster: ClusterSpec) -> tuple[ManagedMirrorPlan, ...]:
    """The mirrors that a cluster's stack makes, sorted by registry; for a cluster that the rules accept.

    Each cluster has its own: nobody else's stack takes them away.
    """
    made = [_planned(environment, cluster, mirror) for mirror in cluster.mirrors if mirror.managed]
    return tuple(sorted(made, key=lambda mirror: mirror.registry))


def with_endpoints(mirrors: Sequence[MirrorSpec], managed: Sequence[ManagedMirrorPlan]) -> tuple[MirrorSpec, ...]:
    """The mirrors with those that the stack makes at their addresses, as if somebody else had made them."""
    made = {mirror.registry: mirror.endpoint for mirror in managed}
    return tuple(
        MirrorSpec(registry=mirror.registry, endpoint=made[mirror.registry]) if mirror.managed else mirror
        for mirror in mirrors
    )


def _planned(environment: str, cluster: ClusterSpec, mirror: MirrorSpec) -> ManagedMirrorPlan:
    upstream = registry_upstream(cluster.cloud, mirror.registry)
    name, host = _place(cluster, f"{environment}-{cluster.name}", upstream.name or _plain(mirror.registry))
    credentials = mirror.credentials
    return ManagedMirrorPlan(
        registry=mirror.registry,
        upstream=upstream.upstream,
        name=name,
        account=str(cluster.account),
        endpoint=f"https://{host}/{name}",
        secret=credentials.secret if credentials else None,
        username=credentials.username if credentials else None,
    )


def _place(cluster: ClusterSpec, owner: str, own: str) -> tuple[str, str]:
    """The name of a mirror in the cloud, and the host that image names then begin with."""
    match cluster.cloud:
        case "aws":
            last = _fitted(own, _ECR_LAST)
            host = f"{cluster.account}.dkr.ecr.{cluster.region}.amazonaws.com"
            return f"{_fitted(owner, _ECR_PREFIX - len(last) - 1)}/{last}", host
        case "gcp":
            host = f"{cluster.region}-docker.pkg.dev/{cluster.account}"
            return _fitted(f"{owner}-{own}", _REPOSITORY_ID), host
        case "azure":
            return own, f"{_registry_name(cluster, owner)}.azurecr.io"
        case _:
            assert_never(cluster.cloud)


def _registry_name(cluster: ClusterSpec, owner: str) -> str:
    """The name of a container registry: letters and digits, and nobody else's in all of Azure.

    Microsoft.ContainerRegistry 2023-01-01-preview, RegistryNameParameter: 5 to 50 of them.
    """
    digits = hashlib.sha256(f"{cluster.account}/{cluster.region}/{owner}".encode()).hexdigest()[:_REGISTRY_DIGITS]
    return f"{owner.replace('-', '')[: _REGISTRY - _REGISTRY_DIGITS]}{digits}"


def _plain(registry: str) -> str:
    """A registry's host with dashes for its dots: `nvcr-io`. Any but the plainest has digits, too.

    Without them `quay.own.io` of cluster `a` and `own.io` of cluster `a-quay` would be one repository.
    """
    plain = re.sub("[.:]", "-", registry)
    return plain if re.fullmatch(r"[a-z0-9]+\.[a-z0-9]+", registry) else f"{plain}-{_digits(registry)}"


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def _fitted(text: str, limit: int) -> str:
    """A name as it is; cut and told apart by digits where it is too long or has two dashes in a row.

    AWS's provider takes one dash at a time (terraform-provider-aws 0509e60 pull_through_cache_rule.go).
    """
    if len(text) <= limit and "--" not in text:
        return text
    return f"{re.sub('-+', '-', text)[: limit - _DIGITS - 1].rstrip('-')}-{_digits(text)}"
