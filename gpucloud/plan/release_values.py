"""Helm values of a person's own, laid over those that follow from the pools."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.stack_model import ReleasePlan

Values = Mapping[str, Any]


def value_paths(values: Values, above: str = "") -> Iterator[str]:
    """The path of each value that is no mapping, or an empty one, in the order in which they are written."""
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from value_paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def chart_has(path: str, known: frozenset[str]) -> bool:
    """Whether a chart with these paths has a value, or leaves everything below one above it open (`{}`, nothing)."""
    if path in known:
        return True
    parts = path.split(".")
    above = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    nearest = next((candidate for candidate in above if candidate in known), None)
    return nearest is not None and not any(other.startswith(f"{nearest}.") for other in known)


def with_values(
    releases: Sequence[ReleasePlan], values: Mapping[str, Values], path: str = "gpu_stack"
) -> tuple[ReleasePlan, ...]:
    """The releases with a person's values over theirs.

    Raises InvalidInputError for values of a chart that is not installed here: they would do nothing.
    """
    installed = sorted({release.chart for release in releases})
    problems = [
        Problem(
            f"{path}.values[{chart}]",
            "the chart is not installed in this cluster, its values would do nothing",
            f"use {', '.join(installed)}" if installed else "leave them out",
        )
        for chart in sorted(values.keys() - set(installed))
    ]
    if problems:
        raise InvalidInputError(problems)
    return tuple(
        replace(release, values=laid_over(release.values, values[release.chart]))
        if release.chart in values
        else release
        for release in releases
    )


def laid_over(values: Values, others: Values) -> dict[str, Any]:
    """Mappings are joined, anything else is replaced, as Helm does with several files of values."""
    joined = dict(values)
    for key, value in others.items():
        mine = joined.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            joined[key] = laid_over(mine, value)
        else:
            joined[key] = value
    return joined
