"""The operators that make accelerators usable by pods."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.refusal import refused_plainly
from gpucloud.kubernetes.manifests import metadata_args, pull_secret_args, quota_args
from gpucloud.kubernetes.releases import EXISTING_NAMESPACES, namespace_args, release_args
from gpucloud.plan.device_guard import guard_manifests
from gpucloud.plan.gpu_stack import plan_releases
from gpucloud.plan.manifests import plan_manifests
from gpucloud.plan.model import ManifestPlan, NodePoolPlan, ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec


class GpuStack(pulumi.ComponentResource):
    """The Helm releases that a cluster's pools need, with values that follow from the pools.

    Declares: the operators' namespaces, and a release for the NVIDIA GPU Operator (where a pool has NVIDIA devices) and
    for the EFA device plugin (where a pool has EFA), and the objects by which pods on GKE reach networks between
    accelerators. Driver, toolkit and device plugin have exactly one owner each,
    since the pools decide the values; tolerations cover every taint of the pools. Give the cluster's Kubernetes
    provider in `opts`, and in `wait_for` the nodes that operators run on and are for.

    `mirrors` are where its images come from, each with an endpoint: those that a stack makes belong to the plan of a
    whole cluster. Of a tuple of releases they have been decided already. `pull_secrets` are
    Docker configurations (`{"auths": …}`) by the name of the Secret that has them in each of the operators' namespaces:
    give outputs that are secret (`config.require_secret`). A Secret that is not among them is somebody else's to make.

    Attributes:
        releases: What was decided.
    """

    releases: tuple[ReleasePlan, ...]

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        spec: GpuStackSpec | tuple[ReleasePlan, ...],
        pools: Sequence[NodePoolPlan] = (),
        *,
        manifests: Sequence[ManifestPlan] | None = None,
        mirrors: Sequence[MirrorSpec] = (),
        pull_secrets: Mapping[str, pulumi.Input[str]] | None = None,
        wait_for: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GpuStack", name, None, opts)
        with refused_plainly(name):
            self.releases = spec if isinstance(spec, tuple) else plan_releases(spec, pools, mirrors=mirrors)
            if manifests is None:
                manifests = _objects(spec, pools, self.releases, mirrors)
        after_nodes = pulumi.ResourceOptions(parent=self, depends_on=list(wait_for))
        used = _namespaces(self.releases, manifests)
        namespaces = {
            namespace: k8s.core.v1.Namespace(f"{name}-{namespace}", namespace_args(namespace), opts=after_nodes)
            for namespace in sorted(used - EXISTING_NAMESPACES)
        }
        secrets = self._pull_secrets(name, used, namespaces, pull_secrets or {})
        first = [self._object(name, entry, namespaces, wait_for) for entry in manifests if not entry.after_releases]
        first += secrets
        releases = []
        for release in self.releases:
            needs = [*([namespaces[release.namespace]] if release.namespace in namespaces else []), *first, *wait_for]
            after_needs = pulumi.ResourceOptions(parent=self, depends_on=needs)
            releases.append(k8s.helm.v3.Release(f"{name}-{release.name}", release_args(release), opts=after_needs))
        for entry in manifests:
            if entry.after_releases:
                self._object(name, entry, namespaces, releases)
        self.register_outputs({"releases": {release.name: release.version for release in self.releases}})

    def _pull_secrets(
        self,
        name: str,
        used: set[str],
        namespaces: Mapping[str, k8s.core.v1.Namespace],
        given: Mapping[str, pulumi.Input[str]],
    ) -> list[pulumi.CustomResource]:
        return [
            k8s.core.v1.Secret(
                f"{name}-{namespace}-{secret}",
                pull_secret_args(secret, namespace, configuration),
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=[namespaces[namespace]] if namespace in namespaces else []
                ),
            )
            for secret, configuration in sorted(given.items())
            for namespace in sorted(used)
        ]

    def _object(
        self,
        name: str,
        plan: ManifestPlan,
        namespaces: Mapping[str, k8s.core.v1.Namespace],
        others: Sequence[pulumi.Resource],
    ) -> pulumi.CustomResource:
        own = [found] if (found := namespaces.get(plan.namespace or "")) else []
        after_namespace = pulumi.ResourceOptions(parent=self, depends_on=[*own, *others])
        logical = f"{name}-{plan.kind.lower()}-{plan.name}"
        if plan.kind == "ResourceQuota":
            return k8s.core.v1.ResourceQuota(logical, quota_args(plan), opts=after_namespace)
        return k8s.apiextensions.CustomResource(
            logical,
            api_version=plan.api_version,
            kind=plan.kind,
            metadata=metadata_args(plan),
            spec=dict(plan.spec),
            opts=after_namespace,
        )


def _objects(
    spec: GpuStackSpec | tuple[ReleasePlan, ...],
    pools: Sequence[NodePoolPlan],
    releases: Sequence[ReleasePlan],
    mirrors: Sequence[MirrorSpec],
) -> tuple[ManifestPlan, ...]:
    if isinstance(spec, tuple):
        return ()
    return (*plan_manifests(spec, pools, mirrors), *guard_manifests(spec, pools, releases, None))


def _namespaces(releases: Sequence[ReleasePlan], manifests: Sequence[ManifestPlan]) -> set[str]:
    found = {release.namespace for release in releases}
    return found | {entry.namespace for entry in manifests if entry.namespace is not None}
