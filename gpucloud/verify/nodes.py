"""Whether a pool's nodes are there, as the plan describes them."""

from collections.abc import Iterator

from gpucloud.verify.pool import PoolView
from gpucloud.verify.verdict import Verdict


def nodes_are_ready(view: PoolView) -> Iterator[Verdict]:
    """As many nodes as the pool keeps at least, all of them Ready."""
    wanted = sum(offering.size.min for offering in view.plan.offerings)
    if len(view.nodes) < wanted:
        yield view.says(
            "nodes",
            "fail",
            f"{len(view.nodes)} nodes, at least {wanted} were planned",
            "look at the pool's events in the cloud: stock, quota, launch errors",
        )
    elif not view.nodes:
        yield view.says("nodes", "not-applicable", "the pool is at zero nodes")
        return
    wrong = [(node.name, "not Ready") for node in view.nodes if not node.ready]
    if wrong or len(view.nodes) >= wanted:
        yield view.about_nodes("nodes", wrong, f"{len(view.nodes)} nodes, all Ready", "kubectl describe node NAME")


def labels_are_the_plans(view: PoolView) -> Iterator[Verdict]:
    """The pool's own labels: workloads and operators select by them, and the autoscaler promises them."""
    if not view.nodes:
        return
    wrong = []
    for node in view.nodes:
        for key, value in view.plan.labels:
            found = node.labels.get(key)
            if found != value:
                wrong.append((node.name, f"{key} is {found!r}, planned {value!r}"))
    yield view.about_nodes(
        "labels",
        wrong,
        f"{len(view.plan.labels)} labels on every node",
        "run the stack again, new nodes take its labels",
    )


def taints_are_the_plans(view: PoolView) -> Iterator[Verdict]:
    """The pool's taints: without them pods without accelerators fill the most expensive nodes."""
    if not view.nodes:
        return
    planned = {(taint.key, taint.value, taint.effect) for taint in view.plan.taints}
    wrong = [
        (node.name, f"no taint {key}={value}:{effect}")
        for node in view.nodes
        for key, value, effect in sorted(planned - node.taints)
    ]
    yield view.about_nodes(
        "taints", wrong, f"{len(planned)} taints on every node", "run the stack again, or put the taint back"
    )
