"""Enumerations, patterns, lengths and ranges, from `limits.csv`; texts as azure-native's provider words them."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Json, Unknown

_TABLE = Path(__file__).parent.parent / "limits.csv"


def limits_of(token: str) -> Callable[[Inputs], Iterable[Refusal]]:
    """Return the rule that holds inputs of a type against every row of the table."""

    def check(inputs: Inputs) -> Iterator[Refusal]:
        for path, limit, value in _rows().get(token, ()):
            for where, found in values_at(path, inputs):
                problem = _problem(where, limit, value, found)
                if problem:
                    yield Refusal(where, "InvalidParameter", problem)

    return check


@cache
def _rows() -> dict[str, list[tuple[str, str, str]]]:
    rows: dict[str, list[tuple[str, str, str]]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["type"], []).append((row["path"], row["limit"], row["value"]))
    return rows


def values_at(path: str, value: Json, where: str = "") -> Iterator[tuple[str, Json]]:
    """Yield what stands at a path, with its place; `a.b[].c` goes through a list. What is unknown is left out."""
    head = re.split(r"[.\[]", path, maxsplit=1)[0]
    rest = path[len(head) :]
    if head:
        value = value.get(head) if isinstance(value, dict) else None
        where = f"{where}.{head}" if where else head
    if value is None or isinstance(value, Unknown):
        return
    if not rest:
        yield where, value
    elif rest.startswith("[]") and isinstance(value, list):
        for index, item in enumerate(value):
            yield from values_at(rest[2:].removeprefix("."), item, f"{where}[{index}]")
    elif rest.startswith("."):
        yield from values_at(rest[1:], value, where)


def _problem(where: str, limit: str, value: str, found: Any) -> str:
    match limit:
        case "enum" if found not in value.split("|"):
            return f"'{where}' is {found!r}, which is none of {', '.join(value.split('|'))}"
        case "pattern" if not re.fullmatch(value, str(found)):
            return f"'{where}' does not match expression '{value}': {found!r}"
        case "min" if found < int(value):
            return f"'{where}' is too low ({found} < {value})"
        case "max" if found > int(value):
            return f"'{where}' is too high ({found} > {value})"
        case "max_length" if len(str(found)) > int(value):
            return f"'{where}' is too long ({len(str(found))}): at most {value} characters allowed"
        case _:
            return ""
