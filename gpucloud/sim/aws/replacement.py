"""Which inputs cannot be changed in place, and which lists have no order: tables, read once."""

import csv
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("properties.csv")


def replaces_of(token: str) -> frozenset[str]:
    """Return the paths whose change replaces a resource of this type."""
    return _rows().get((token, "replaces"), frozenset())


def unordered_of(token: str) -> frozenset[str]:
    """Return the paths of lists that the cloud keeps as sets."""
    return _rows().get((token, "unordered"), frozenset())


@cache
def _rows() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["type"], row["behaviour"]), set()).add(row["path"])
    return {key: frozenset(paths) for key, paths in found.items()}
