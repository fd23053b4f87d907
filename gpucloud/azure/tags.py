"""Tags as Azure takes them, and the tags by which the cluster autoscaler knows a pool that has no node."""

from collections.abc import Mapping

from gpucloud.plan.model import NodePoolPlan, OfferingPlan, TaintEffect, TaintPlan
from gpucloud.plan.nodes import labels_for_scheduling

# kubernetes/autoscaler@55c37cd, cluster-autoscaler/cloudprovider/azure: azure_util.go (nodeLabelTagName and others).
_NODE_TEMPLATE = "k8s.io_cluster-autoscaler_node-template"
# The effect that a tag says where a key has several, best first: a scale set has a tag's name once.
_STRONGEST: tuple[TaintEffect, ...] = ("NoExecute", "NoSchedule", "PreferNoSchedule")


def resource_tags(shared: Mapping[str, str]) -> dict[str, str]:
    """The shared tags, sorted by key; a resource's name is no tag on Azure."""
    return dict(sorted(shared.items()))


def scale_from_zero_tags(pool: NodePoolPlan, offering: OfferingPlan) -> dict[str, str]:
    """Tags that tell the cluster autoscaler what a new node would be, sorted by key.

    Azure takes no `/` in a tag's name, so the autoscaler reads `_` as `/` and `~2` as `_` (azure_template.go,
    extractLabelsFromTags; for resources it reads both as `/`, and no extended resource has a `_`). AKS hands labels and
    taints of its own pools over by itself; the extended resources come from here alone. A key with several taints has
    a tag for its strongest effect alone.
    """
    tags = {f"{_NODE_TEMPLATE}_label_{encoded_key(key)}": value for key, value in labels_for_scheduling(pool.labels)}
    tags |= {f"{_NODE_TEMPLATE}_resources_{encoded_key(resource)}": amount for resource, amount in pool.node_resources}
    taints = [*pool.taints, *offering.taints]
    for taint in sorted(taints, key=lambda taint: -_STRONGEST.index(taint.effect)):
        tags[f"{_NODE_TEMPLATE}_taint_{encoded_key(taint.key)}"] = f"{taint.value}:{taint.effect}"
    return dict(sorted(tags.items()))


def taint_text(taint: TaintPlan) -> str:
    """A taint as AKS takes it: `key=value:Effect`."""
    return f"{taint.key}={taint.value}:{taint.effect}" if taint.value else f"{taint.key}:{taint.effect}"


def encoded_key(key: str) -> str:
    """A key of Kubernetes as the autoscaler reads it in a tag's name: `a_b/c` is `a~2b_c`."""
    return key.replace("_", "~2").replace("/", "_")
