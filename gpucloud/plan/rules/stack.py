"""Rules about what a GPU stack is asked to bring beside what its pools need."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.held_back import HeldByKueue

# Each of them reports the GPU driver's messages: EKS by its node monitoring agent, which this project's clusters have
# (aws/eks-node-monitoring-agent v1.7.0, README.md); AKS by a detector on the node (Microsoft Learn, "Node Problem
# Detector in AKS nodes": XIDErrors, GPUMissing).
_REPORTED_BY = {"aws": "EKS's node monitoring agent", "azure": "AKS's own node problem detector"}


def problems_are_reported_once(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Two detectors of a node write the same conditions against each other."""
    if cluster.gpu_stack is None or not cluster.gpu_stack.node_problem_detector:
        return
    reporter = _REPORTED_BY.get(cluster.cloud)
    if reporter is not None:
        yield Problem(
            f"{path}.gpu_stack.node_problem_detector",
            f"{reporter} reports the GPU driver's errors already, each would be reported twice",
            "leave it out",
        )


def queues_have_their_controller(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Another batch scheduler starts jobs past a queue of Kueue's, which then holds nothing back."""
    stack = cluster.gpu_stack
    if stack is None or stack.batch_scheduling not in {"kai", "volcano"}:
        return
    for pool in cluster.node_pools:
        if isinstance(pool.held_back, HeldByKueue):
            yield Problem(
                f"{path}.gpu_stack.batch_scheduling",
                f"{stack.batch_scheduling} would start jobs past the queue that pool {pool.name} is held back by",
                "set it to `kueue`, or hold back by `taint` or `quota`",
            )
