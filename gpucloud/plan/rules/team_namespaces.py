"""Which namespaces are a team's: none of the stack's own, and none of Kubernetes'."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.charts import charts
from gpucloud.plan.gate import GATE_NAMESPACE
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.held_back import HeldByQuota

# Reserved for Kubernetes itself (kubernetes.io, concepts/overview/working-with-objects/namespaces).
_KUBERNETES = "kube-"


def is_a_teams(name: str) -> bool:
    """Whether a namespace may be limited or filled for a team, whatever the stack installs."""
    return name not in {GATE_NAMESPACE, *(entry.namespace for entry in charts())} and not name.startswith(_KUBERNETES)


def quotas_are_on_teams_namespaces(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A quota on the stack's own namespaces would keep its operators and its gate from the devices."""
    for pool in cluster.node_pools:
        for index, name in enumerate(pool.held_back.namespaces if isinstance(pool.held_back, HeldByQuota) else ()):
            if not is_a_teams(name):
                yield Problem(
                    f"{path}.node_pools[{pool.name}].held_back.namespaces[{index}]",
                    f"{name} is of operators, which the quota would limit",
                    "name a team's namespace",
                )


def runtimes_can_run_where_quotas_are(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """The stack makes a quota's namespaces `restricted`, and the trainer's runtimes lock memory and may be root."""
    if cluster.gpu_stack is None or not cluster.gpu_stack.trainer:
        return
    for pool in cluster.node_pools:
        if isinstance(pool.held_back, HeldByQuota):
            yield Problem(
                f"{path}.node_pools[{pool.name}].held_back.by",
                "the namespaces of a quota are made with Pod Security `restricted`, which refuses the pods of the "
                "trainer's runtimes",
                "hold back by `taint`, or by `kueue`",
            )
