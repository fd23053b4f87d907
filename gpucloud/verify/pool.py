"""A pool, the nodes of it that were seen, and how a check says what it found about them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpucloud.plan.gpu_stack import needs_operator
from gpucloud.plan.model import ClusterPlan, NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.verify.seen import SeenCluster, SeenNode
from gpucloud.verify.verdict import Outcome, Verdict

PLAYED = "the nodes are played by a simulator, no pod of an operator runs on them"


@dataclass(frozen=True, slots=True)
class PoolView:
    """One pool of the plan beside what there is of it."""

    plan: NodePoolPlan
    nodes: tuple[SeenNode, ...]
    cluster: SeenCluster
    has_stack: bool

    @property
    def is_played(self) -> bool:
        """Whether operators cannot have left anything on these nodes."""
        return any(node.played for node in self.nodes)

    @property
    def is_nvidias(self) -> bool:
        """Whether NVIDIA's operator serves these nodes."""
        return self.has_stack and needs_operator(self.plan)

    def says(self, check: str, outcome: Outcome, finding: str, fix: str = "") -> Verdict:
        """A verdict about the pool as a whole."""
        return Verdict(check, self.plan.name, outcome, finding, fix)

    def about_nodes(self, check: str, wrong: Sequence[tuple[str, str]], right: str, fix: str) -> Verdict:
        """`pass` with what is right, or `fail` with what is wrong on each node."""
        if not wrong:
            return self.says(check, "pass", right)
        return self.says(check, "fail", "; ".join(f"{node}: {what}" for node, what in sorted(wrong)), fix)


def pool_views(plan: ClusterPlan, seen: SeenCluster, only: str | None = None) -> tuple[PoolView, ...]:
    """The pools of a plan with their nodes, which are found by the library's own label."""
    return tuple(
        PoolView(
            pool,
            tuple(sorted(_of(seen, pool), key=lambda node: node.name)),
            seen,
            bool(plan.releases),
        )
        for pool in plan.node_pools
        if only in {None, pool.name}
    )


def _of(seen: SeenCluster, pool: NodePoolPlan) -> list[SeenNode]:
    return [node for node in seen.nodes if node.labels.get(POOL_LABEL) == pool.name]
