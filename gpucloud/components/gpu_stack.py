"""The operators that make accelerators usable by pods."""

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.components.refusal import refused_plainly
from gpucloud.kubernetes.releases import EXISTING_NAMESPACES, namespace_args, release_args
from gpucloud.plan.gpu_stack import plan_releases
from gpucloud.plan.model import NodePoolPlan, ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec


class GpuStack(pulumi.ComponentResource):
    """The Helm releases that a cluster's pools need, with values that follow from the pools.

    Declares: the operators' namespaces, and a release for the NVIDIA GPU Operator (where a pool has NVIDIA devices) and
    for the EFA device plugin (where a pool has EFA). Driver, toolkit and device plugin have exactly one owner each,
    since the pools decide the values; tolerations cover every taint of the pools. Give the cluster's Kubernetes
    provider in `opts`.

    Attributes:
        releases: What was decided.
    """

    releases: tuple[ReleasePlan, ...]

    def __init__(
        self,
        name: str,
        spec: GpuStackSpec | tuple[ReleasePlan, ...],
        pools: Sequence[NodePoolPlan] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GpuStack", name, None, opts)
        with refused_plainly(name):
            self.releases = spec if isinstance(spec, tuple) else plan_releases(spec, pools)
        child = pulumi.ResourceOptions(parent=self)
        namespaces = {
            namespace: k8s.core.v1.Namespace(f"{name}-{namespace}", namespace_args(namespace), opts=child)
            for namespace in sorted({release.namespace for release in self.releases} - EXISTING_NAMESPACES)
        }
        for release in self.releases:
            needs = [namespaces[release.namespace]] if release.namespace in namespaces else []
            k8s.helm.v3.Release(
                f"{name}-{release.name}",
                release_args(release),
                opts=pulumi.ResourceOptions(parent=self, depends_on=needs),
            )
        self.register_outputs({"releases": {release.name: release.version for release in self.releases}})
