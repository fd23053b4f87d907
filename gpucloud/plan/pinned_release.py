"""A release of a chart as the project pins it."""

from collections.abc import Mapping
from typing import Any

from gpucloud.facts.charts import chart
from gpucloud.plan.stack_model import ReleasePlan


def pinned_release(
    name: str, values: Mapping[str, Any], *, release: str | None = None, version: str | None = None
) -> ReleasePlan:
    """The release of a chart in its own namespace, with these values.

    It is called as the chart is unless `release` says otherwise, and has the pinned version unless `version` does.
    Raises UnknownNameError for a chart that the project does not pin.
    """
    pinned = chart(name)
    return ReleasePlan(
        name=release or pinned.name,
        namespace=pinned.namespace,
        chart=pinned.name,
        repository=pinned.repository,
        version=version or pinned.version,
        values=values,
        after=pinned.after,
        awaited=pinned.awaited,
    )
