"""Rules about Helm values that a person sets."""

from collections.abc import Iterator

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.chart_ownership import owned_value
from gpucloud.facts.charts import chart, chart_values
from gpucloud.facts.tables import nearest_names
from gpucloud.plan.release_values import chart_has, value_paths
from gpucloud.spec.cluster import ClusterSpec


def values_are_the_charts_and_nobody_elses(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Helm ignores a value that a chart has not, and one that follows from the pools has its owner already.

    Paths are those of the pinned version; of another version of the operator nobody has read them.
    """
    if cluster.gpu_stack is None:
        return
    for name, values in sorted(cluster.gpu_stack.values.items()):
        here = f"{path}.gpu_stack.values[{name}]"
        try:
            version = chart(name).version
        except UnknownNameError as error:
            near = f"use {', '.join(error.nearest)}" if error.nearest else "see `gpucloud stack lock`"
            yield Problem(here, f"the stack has no chart {name}", near)
            continue
        known = frozenset(chart_values(name, version))
        for written in value_paths(values):
            owner = owned_value(name, written)
            if owner is not None:
                yield Problem(f"{here}.{written}", owner.reason, owner.fix)
            elif not chart_has(written, known):
                alike = nearest_names(written, known)
                fix = f"use {', '.join(alike)}" if alike else "see the chart's values.yaml"
                yield Problem(f"{here}.{written}", f"{name} {version} has no such value, Helm ignores it", fix)
