"""What a platform asks of two keys of KubeletConfiguration together, beyond what it takes for each.

Judged where both are given: with one left out, the kubelet's own default stands in, and the kubelet's own rules judge.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from gpucloud.errors import Problem
from gpucloud.facts.setting_values import duration_seconds
from gpucloud.facts.tables import read_table


def comparisons(platform: str, values: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return a problem for each pair of keys that a platform refuses together, and for each key of a map it refuses.

    A value that is not of its kind is passed over: what judges each key by itself says it.
    """
    problems = []
    for row in _rows().get(platform, ()):
        field, other = row["field"], row["other"]
        if field not in values or (other and other not in values):
            continue
        try:
            text = _broken(row["check"], values[field], values.get(other), row["values"].split("|"))
        except (TypeError, ValueError, AttributeError):
            continue
        if text:
            fix = f"change {field} or {other}" if other else f"use {', '.join(row['values'].split('|'))}"
            problems.append(Problem(field, f"{text.format(other=other)} ({row['name']} refuses it)", fix))
    return tuple(problems)


def _broken(check: str, value: Any, other: Any, known: list[str]) -> str | None:
    """What is wrong; None where the check holds."""
    match check:
        case "at-most":
            return f"{value} is above {{other}} {other}" if _size(value) > _size(other) else None
        case "below":
            return f"{value} is not below {{other}} {other}" if _size(value) >= _size(other) else None
        case "above-or-zero":
            return f"{value} is not above {{other}} {other}" if 0 < _size(value) <= _size(other) else None
        case "keys-of":
            missing = sorted(set(value) - set(other))
            return f"{', '.join(missing)} is not in {{other}}" if missing else None
        case "known-keys":
            unknown = sorted(set(value) - set(known))
            return f"{', '.join(unknown)} is no key that it knows" if unknown else None
        case _:
            raise LookupError(check)


def _size(value: Any) -> Any:
    """Numbers as they are, durations in seconds."""
    if isinstance(value, bool):
        raise TypeError
    return value if isinstance(value, int) else duration_seconds(value)


@cache
def _rows() -> Mapping[str, tuple[dict[str, str], ...]]:
    found: dict[str, tuple[dict[str, str], ...]] = {}
    for row in read_table("kubelet_comparisons"):
        found[row["platform"]] = (*found.get(row["platform"], ()), dict(row))
    return found
