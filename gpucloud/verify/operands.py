"""Whether what the operators run has come to run everywhere."""

from collections.abc import Iterator

from gpucloud.plan.gpu_stack import operator_namespace
from gpucloud.plan.model import ClusterPlan
from gpucloud.verify.pool import PLAYED
from gpucloud.verify.seen import SeenCluster, Unseen
from gpucloud.verify.verdict import Verdict


def operands_are_ready(plan: ClusterPlan, seen: SeenCluster) -> Iterator[Verdict]:
    """Every DaemonSet of the operators' namespaces has all its pods, and NVIDIA's ClusterPolicy says `ready`."""
    namespaces = sorted({release.namespace for release in plan.releases} - {"kube-system"})
    if not namespaces:
        return
    if any(node.played for node in seen.nodes):
        yield Verdict("operands", "cluster", "skipped", PLAYED)
        return
    if isinstance(seen.daemon_sets, Unseen):
        fix = "allow listing of daemonsets.apps"
        yield Verdict("operands", "cluster", "skipped", seen.daemon_sets.reason, fix)
        return
    for namespace in namespaces:
        found = [entry for entry in seen.daemon_sets if entry.namespace == namespace]
        late = [f"{entry.name} {entry.ready} of {entry.desired}" for entry in found if entry.ready < entry.desired]
        if late:
            fix = f"kubectl -n {namespace} get pods -o wide"
            yield Verdict("operands", namespace, "fail", f"not all pods are ready: {', '.join(late)}", fix)
        elif not found:
            yield Verdict("operands", namespace, "not-applicable", "no DaemonSets")
        else:
            yield Verdict("operands", namespace, "pass", f"{len(found)} DaemonSets, all pods ready")
    if operator_namespace() in namespaces:
        yield _policy(seen)


def _policy(seen: SeenCluster) -> Verdict:
    state = seen.policy_state
    if isinstance(state, Unseen):
        return Verdict(
            "operands", "ClusterPolicy", "skipped", state.reason, "allow listing of clusterpolicies.nvidia.com"
        )
    if state == "ready":
        return Verdict("operands", "ClusterPolicy", "pass", "the operator says ready")
    finding = "there is none" if state is None else f"the operator says {state or 'nothing yet'}"
    fix = f"kubectl -n {operator_namespace()} logs deploy/gpu-operator"
    return Verdict("operands", "ClusterPolicy", "fail", finding, fix)
