"""Which cluster of a document a command is about."""

from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.tables import nearest_names
from gpucloud.plan import plan_document
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec.loading import read_document


def chosen_cluster(spec: str, cluster: str, pool: str | None) -> ClusterPlan:
    """The plan of the named cluster, of the only one where none is named; it has the pool where one is named.

    Raises InvalidInputError where the document has several, UnknownNameError for names that it has not.
    """
    clusters = {entry.name: entry for entry in plan_document(read_document(spec)).clusters}
    if not cluster and len(clusters) == 1:
        cluster = next(iter(clusters))
    if not cluster:
        known = ", ".join(sorted(clusters))
        raise InvalidInputError([Problem("--cluster", f"the document has clusters {known}", "say which one")])
    if cluster not in clusters:
        raise UnknownNameError("cluster of the document", cluster, nearest_names(cluster, clusters))
    names = [entry.name for entry in clusters[cluster].node_pools]
    if pool is not None and pool not in names:
        raise UnknownNameError(f"pool of {cluster}", pool, nearest_names(pool, names))
    return clusters[cluster]
