"""Tags as AWS takes them, and the tags by which an autoscaler knows a pool that has no node."""

from collections.abc import Iterator, Mapping

from gpucloud.plan.model import NodePoolPlan, TaintEffect
from gpucloud.plan.nodes import labels_for_scheduling

_NODE_TEMPLATE = "k8s.io/cluster-autoscaler/node-template"
# The effect that a tag says where a key has several, best first: a group has a tag's key once.
_STRONGEST: tuple[TaintEffect, ...] = ("NoExecute", "NoSchedule", "PreferNoSchedule")


def resource_tags(shared: Mapping[str, str], name: str) -> dict[str, str]:
    """The shared tags and the resource's name, sorted by key."""
    return dict(sorted({**shared, "Name": name}.items()))


def scale_from_zero_tags(pool: NodePoolPlan) -> Iterator[tuple[str, str, str]]:
    """Logical suffix, key and value of every tag that tells the cluster autoscaler what a new node would be.

    kubernetes/autoscaler@55c37cd, cloudprovider/aws: node-template/{label,taint,resources}. Without them a pool at zero
    never grows (`Insufficient nvidia.com/gpu`). A key with several taints has a tag for its strongest effect alone.
    """
    for key, value in labels_for_scheduling(pool.labels):
        yield f"label-{key}", f"{_NODE_TEMPLATE}/label/{key}", value
    for resource, amount in pool.node_resources:
        yield f"resource-{resource}", f"{_NODE_TEMPLATE}/resources/{resource}", amount
    strongest = {taint.key: taint for taint in sorted(pool.taints, key=lambda taint: -_STRONGEST.index(taint.effect))}
    for _, taint in sorted(strongest.items()):
        yield (
            f"taint-{taint.key}-{taint.effect}",
            f"{_NODE_TEMPLATE}/taint/{taint.key}",
            f"{taint.value}:{taint.effect}",
        )
