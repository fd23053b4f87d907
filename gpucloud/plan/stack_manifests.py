"""All objects that a GPU stack declares beside its releases, but for those of held back accelerators."""

from collections.abc import Sequence

from gpucloud.plan.claims import claim_manifests
from gpucloud.plan.device_guard import guard_manifests
from gpucloud.plan.manifests import plan_manifests
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.priority_quotas import priority_quotas
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec


def stack_manifests(
    stack: GpuStackSpec | None,
    pools: Sequence[NodePoolPlan],
    releases: Sequence[ReleasePlan],
    mirrors: Sequence[MirrorSpec],
    version: str | None,
) -> tuple[ManifestPlan, ...]:
    """The objects of a stack with these releases; none without a stack.

    `version` is the cluster's minor, None where it is not known. Raises InvalidInputError for claim templates that no
    device could meet.
    """
    if stack is None:
        return ()
    return (
        *plan_manifests(stack, pools, mirrors, version),
        *priority_quotas(pools, releases),
        *guard_manifests(stack, pools, releases, version),
        *claim_manifests(stack, pools, version),
    )
