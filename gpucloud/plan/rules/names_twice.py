"""Names that stand twice, as written or once the names of two things are joined."""

from collections.abc import Sequence

from gpucloud.errors import Problem
from gpucloud.spec.cluster import EnvironmentSpec


def joined_to_one_name(spec: EnvironmentSpec) -> list[Problem]:
    """Pools of two clusters whose joined names are equal: `a` with `b-c` and `a-b` with `c` are both `a-b-c`."""
    first: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    names = sorted((cluster.name, pool.name) for cluster in spec.clusters for pool in cluster.node_pools)
    for cluster, pool in names:
        other = first.setdefault(f"{cluster}-{pool}", (cluster, pool))
        if other != (cluster, pool):
            problems.append(
                Problem(
                    f"clusters[{cluster}].node_pools[{pool}].name",
                    f"with its cluster's name makes {cluster}-{pool}, as pool {other[1]} of cluster {other[0]} does",
                    "rename one of the pools",
                )
            )
    return problems


def named_twice(names: Sequence[str], path: str) -> list[Problem]:
    """A problem for each name that stands more than once in a list of the specification."""
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    return [
        Problem(f"{path}[{name}]", "the name stands twice, both would make the same resources", "rename one")
        for name in twice
    ]
