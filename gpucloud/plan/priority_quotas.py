"""Quotas without which GKE lets no pod have a system priority."""

from collections.abc import Sequence

from gpucloud.facts.charts import chart
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan

_SYSTEM = "kube-system"


def priority_quotas(pools: Sequence[NodePoolPlan], releases: Sequence[ReleasePlan]) -> tuple[ManifestPlan, ...]:
    """A quota in each namespace with such pods, sorted; none on other clouds, or in kube-system, where GKE asks none.

    NVIDIA/aicr, manifests/gke-resource-quota.yaml.
    """
    if not any(pool.cloud == "gcp" for pool in pools):
        return ()
    named = {release.namespace for release in releases if chart(release.chart).critical_priority} - {_SYSTEM}
    return tuple(_quota(namespace) for namespace in sorted(named))


def _quota(namespace: str) -> ManifestPlan:
    classes = {
        "operator": "In",
        "scopeName": "PriorityClass",
        "values": ["system-cluster-critical", "system-node-critical"],
    }
    return ManifestPlan(
        name=f"{namespace}-quota",
        namespace=namespace,
        api_version="v1",
        kind="ResourceQuota",
        spec={"hard": {"pods": "1000"}, "scopeSelector": {"matchExpressions": [classes]}},
    )
