"""The operators that make accelerators usable by pods."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.refusal import refused_plainly
from gpucloud.components.stack_gate import StackGate
from gpucloud.kubernetes.manifests import metadata_args, pull_secret_args, quota_args
from gpucloud.kubernetes.releases import EXISTING_NAMESPACES, namespace_args, release_args
from gpucloud.plan.gate import plan_gate
from gpucloud.plan.gate_model import GatePlan
from gpucloud.plan.gpu_stack import plan_releases
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.pod_security import pod_security
from gpucloud.plan.release_order import in_order
from gpucloud.plan.stack_manifests import stack_manifests
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec


class GpuStack(pulumi.ComponentResource):
    """The Helm releases that a cluster's pools need, with values that follow from the pools.

    Declares: the operators' namespaces, each with the strictest Pod Security that its pods pass; the releases for which
    a pool has a use (operators of NVIDIA and AMD, device plugins of EFA and Neuron, the network operator) and those
    that the specification asks for (Prometheus, a batch scheduler, the trainer); and objects of the cluster's API.
    Releases come after those that bring their kinds, objects after all releases; everything goes in the reverse order,
    so that a custom resource with a finalizer goes while its operator is there. Driver, toolkit and device plugin have
    exactly one owner each, since the pools decide the values; tolerations cover every taint of the pools. Give the
    cluster's Kubernetes provider in `opts`, and in `wait_for` the nodes that operators run on and are for.

    `mirrors` are where its images come from, each with an endpoint: those that a stack makes belong to the plan of a
    whole cluster. Of a tuple of releases they have been decided already. `pull_secrets` are
    Docker configurations (`{"auths": …}`) by the name of the Secret that has them in each of the operators' namespaces:
    give outputs that are secret (`config.require_secret`). A Secret that is not among them is somebody else's to make.
    Where `spec.gate` asks for it, or `gate` is given, a StackGate comes after everything else.

    Attributes:
        releases: What was decided.
        resources: Everything that it declares in the cluster but the gate, for what comes after it to wait for.
        gate: The gate; None without one.
    """

    releases: tuple[ReleasePlan, ...]
    resources: list[pulumi.Resource]
    gate: StackGate | None

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        spec: GpuStackSpec | tuple[ReleasePlan, ...],
        pools: Sequence[NodePoolPlan] = (),
        *,
        manifests: Sequence[ManifestPlan] | None = None,
        gate: GatePlan | None = None,
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
            if gate is None:
                gate = _gate(spec, pools, self.releases, mirrors)
        operators = {release.namespace for release in self.releases}
        # Device plugins without a chart run where those with one do, and are pulled with the same Secret.
        operators |= {entry.namespace for entry in manifests if entry.kind == "DaemonSet" and entry.namespace}
        namespaces = self._namespaces(name, operators, manifests, wait_for)
        secrets = self._pull_secrets(name, operators, namespaces, pull_secrets or {})
        manifests = [entry for entry in manifests if entry.kind != "Namespace"]
        first = [self._object(name, entry, namespaces, wait_for) for entry in manifests if not entry.after_releases]
        first += secrets
        installed: dict[str, pulumi.Resource] = {}
        for release, before in in_order(self.releases):
            own = [namespaces[release.namespace]] if release.namespace in namespaces else []
            needs = [*own, *first, *wait_for, *(installed[earlier] for earlier in before)]
            after_needs = pulumi.ResourceOptions(parent=self, depends_on=needs)
            installed[release.name] = k8s.helm.v3.Release(
                f"{name}-{release.name}", release_args(release), opts=after_needs
            )
        releases = list(installed.values())
        last = [self._object(name, entry, namespaces, releases) for entry in manifests if entry.after_releases]
        self.resources = [*namespaces.values(), *first, *releases, *last]
        before_gate = [*wait_for, *self.resources]
        child = pulumi.ResourceOptions(parent=self)
        self.gate = StackGate(name, gate, pull_secrets=pull_secrets, wait_for=before_gate, opts=child) if gate else None
        self.register_outputs({"releases": {release.name: release.version for release in self.releases}})

    def _namespaces(
        self,
        name: str,
        operators: set[str],
        manifests: Sequence[ManifestPlan],
        wait_for: Sequence[pulumi.Resource],
    ) -> dict[str, k8s.core.v1.Namespace]:
        """Those that are not there: a team's stay when the stack goes, with whatever the team has in them."""
        wanted = operators | {_made_for(entry) for entry in manifests} - {""}
        return {
            namespace: k8s.core.v1.Namespace(
                f"{name}-{namespace}",
                namespace_args(namespace, pod_security(namespace, self.releases)),
                opts=pulumi.ResourceOptions(
                    parent=self, depends_on=list(wait_for), retain_on_delete=namespace not in operators
                ),
            )
            for namespace in sorted(wanted - EXISTING_NAMESPACES)
        }

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
        if plan.kind == "ResourceClaimTemplate":  # one of a name in every namespace
            logical = f"{logical}-{plan.namespace}"
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
    return stack_manifests(spec, pools, releases, mirrors, None)


def _gate(
    spec: GpuStackSpec | tuple[ReleasePlan, ...],
    pools: Sequence[NodePoolPlan],
    releases: Sequence[ReleasePlan],
    mirrors: Sequence[MirrorSpec],
) -> GatePlan | None:
    if isinstance(spec, tuple) or spec.gate is None:
        return None
    return plan_gate(spec.gate, pools, releases=releases, mirrors=mirrors, pull_secret=spec.pull_secret)


def _made_for(entry: ManifestPlan) -> str:
    """The namespace that is made because of an object; those of templates have objects of their own where they are."""
    if entry.kind == "Namespace":
        return entry.name
    return "" if entry.kind == "ResourceClaimTemplate" else entry.namespace or ""
