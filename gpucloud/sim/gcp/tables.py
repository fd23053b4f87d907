"""What the provider's schemas say of each type, as tables: which inputs replace, which lists have no order, limits."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


def replaces_of(token: str) -> frozenset[str]:
    """Return the paths whose change replaces a resource; with `=` at the end, those whose coming or going does."""
    return _properties().get((token, "replaces"), frozenset())


def unordered_of(token: str) -> frozenset[str]:
    """Return the paths of lists that the cloud keeps as sets."""
    return _properties().get((token, "unordered"), frozenset())


def limits_of(token: str) -> tuple[tuple[str, str, str], ...]:
    """Return path, limit and value of each row of the table of limits."""
    return _limits().get(token, ())


@cache
def _properties() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for row in _rows("properties.csv"):
        found.setdefault((row["type"], row["behaviour"]), set()).add(row["path"])
    return {key: frozenset(paths) for key, paths in found.items()}


@cache
def _limits() -> dict[str, tuple[tuple[str, str, str], ...]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in _rows("limits.csv"):
        found.setdefault(row["type"], []).append((row["path"], row["limit"], row["value"]))
    return {token: tuple(rows) for token, rows in found.items()}


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
