"""Enumerations, patterns, lengths and ranges, from the table that Amazon's service models give (`limits.csv`)."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Json, Unknown

_TABLE = Path(__file__).parent.parent / "limits.csv"
_CODES = {"ec2": "InvalidParameterValue", "iam": "ValidationError", "kms": "ValidationException"}


def limits_of(token: str) -> Callable[[Inputs], Iterable[Refusal]]:
    """Return the rule that holds inputs of a type against every row of the table."""

    def check(inputs: Inputs) -> Iterator[Refusal]:
        for path, limit, value, code in _rows().get(token, ()):
            for where, found in _values(path, inputs):
                problem = _problem(limit, value, found)
                if problem:
                    yield Refusal(where, code, f"{where}: {problem}")

    return check


@cache
def _rows() -> dict[str, list[tuple[str, str, str, str]]]:
    rows: dict[str, list[tuple[str, str, str, str]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = _CODES.get(row["source"].split()[2], "InvalidParameterException")
            rows.setdefault(row["type"], []).append((row["path"], row["limit"], row["value"], code))
    return rows


def _values(path: str, value: Json, where: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what stands at a path: `a.b[].c` goes through a list, `a{key}` and `a{value}` through a map."""
    head, rest = re.match(r"([^.\[{]*)(.*)", path).groups()  # type: ignore[union-attr] - it matches anything
    if head:
        value = value.get(head) if isinstance(value, dict) else None
        where = f"{where}.{head}" if where else head
    if value is None or isinstance(value, Unknown):
        return
    if not rest:
        yield where, value
    elif rest.startswith("[]") and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(rest[2:].removeprefix("."), item, f"{where}[{index}]")
    elif rest == "{key}" and isinstance(value, dict):
        yield from ((f"{where}.{key}", key) for key in value)
    elif rest == "{value}" and isinstance(value, dict):
        yield from ((f"{where}.{key}", item) for key, item in value.items() if not isinstance(item, Unknown))
    elif rest.startswith("."):
        yield from _values(rest[1:], value, where)


def _problem(limit: str, value: str, found: Any) -> str:  # noqa: PLR0911 - one answer a limit
    match limit:
        case "enum" if found not in value.split("|"):
            return f"{found!r} is none of {', '.join(value.split('|'))}"
        case "pattern" if not re.fullmatch(python_pattern(value), str(found)):
            return f"{found!r} does not match {value}"
        case "min" if found < int(value):
            return f"{found} is less than {value}"
        case "max" if found > int(value):
            return f"{found} is more than {value}"
        case "min_length" if len(str(found)) < int(value):
            return f"{found!r} is shorter than {value} characters"
        case "max_length" if len(str(found)) > int(value):
            return f"{found!r} has {len(str(found))} characters, at most {value}"
        case _:
            return ""


def python_pattern(pattern: str) -> str:
    """Return a pattern of the API's own model as Python reads it: whole, and characters beyond U+FFFF as themselves.

    The models are written for Java, where such a character is a pair of surrogates.
    """
    whole = pattern.removeprefix("^").removesuffix("$")
    return whole.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
