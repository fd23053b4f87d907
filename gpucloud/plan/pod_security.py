"""What Pod Security lets pass in the namespaces that a GPU stack makes."""

from collections.abc import Sequence

from gpucloud.facts.charts import PodSecurity, chart
from gpucloud.plan.stack_model import ReleasePlan

_LEVELS: tuple[PodSecurity, ...] = ("restricted", "baseline", "privileged")


def pod_security(namespace: str, releases: Sequence[ReleasePlan]) -> PodSecurity:
    """The strictest level that lets the pods of these releases start there; `restricted` where none of them has any.

    The levels are the Pod Security Standards'.
    """
    needed = {chart(release.chart).pod_security for release in releases if release.namespace == namespace}
    return max(needed | {_LEVELS[0]}, key=lambda level: _LEVELS.index(level or _LEVELS[0]))
