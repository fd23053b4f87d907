"""Which cluster of a document a command is about."""

from collections.abc import Iterable

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.plan import plan_document
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec.loading import read_document


def chosen_cluster(spec: str, cluster: str, pool: str | None) -> ClusterPlan:
    """The plan of the named cluster, of the only one where none is named; it has the pool where one is named.

    Raises InvalidInputError where the document has several, or not these.
    """
    clusters = {entry.name: entry for entry in plan_document(read_document(spec)).clusters}
    if not cluster and len(clusters) == 1:
        cluster = next(iter(clusters))
    if not cluster:
        known = ", ".join(sorted(clusters))
        raise InvalidInputError([Problem("--cluster", f"the document has clusters {known}", "say which one")])
    if cluster not in clusters:
        raise _unknown("--cluster", "the document has no cluster", cluster, clusters)
    names = [entry.name for entry in clusters[cluster].node_pools]
    if pool is not None and pool not in names:
        raise _unknown("--pool", f"cluster {cluster} has no pool", pool, names)
    return clusters[cluster]


def _unknown(option: str, problem: str, name: str, known: Iterable[str]) -> InvalidInputError:
    near = nearest_names(name, known) or tuple(sorted(known))
    return InvalidInputError([Problem(option, f"{problem} {name}", f"use {', '.join(near)}")])
