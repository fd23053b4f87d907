"""What changed between old and new inputs, and whether it can be changed in place."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gpucloud.sim.values import Inputs, Json, has_unknown

Kind = Literal["add", "delete", "update"]


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs, by its path in wire names."""

    path: str
    kind: Kind
    replaces: bool


def find_changes(old: Inputs, new: Inputs, replaces: frozenset[str], unordered: frozenset[str]) -> list[Change]:
    """Return every difference, sorted by path; `replaces` and `unordered` hold paths without list indexes."""
    found: list[tuple[str, Kind]] = []
    _compare("", _without_internals(old), _without_internals(new), unordered, found)
    return [
        Change(path, kind, _is_under(path, kind, replaces) or _brings(path, kind, new, replaces))
        for path, kind in sorted(found)
    ]


def _without_internals(values: Inputs) -> Inputs:
    return {key: value for key, value in values.items() if not key.startswith("__")}


def _compare(path: str, old: Json, new: Json, unordered: frozenset[str], out: list[tuple[str, Kind]]) -> None:  # noqa: C901 - one branch a kind of value
    if has_unknown(new) and not isinstance(new, Mapping | list):
        out.append((path, "update" if old is not None else "add"))
    elif old is None and new is None:
        return
    elif old is None:
        out.append((path, "add"))
    elif new is None:
        out.append((path, "delete"))
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            _compare(join(path, key), old.get(key), new.get(key), unordered, out)
    elif isinstance(old, list) and isinstance(new, list):
        if strip_indexes(path) in unordered and not has_unknown(new):
            old, new = sorted(old, key=_order), sorted(new, key=_order)
        for index in range(max(len(old), len(new))):
            left = old[index] if index < len(old) else None
            right = new[index] if index < len(new) else None
            _compare(f"{path}[{index}]", left, right, unordered, out)
    elif old != new:
        out.append((path, "update"))


def _order(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


def join(path: str, key: str) -> str:
    """Return the path of a member; keys that are no plain names are quoted, as the engine's property paths are."""
    plain = re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", key)
    if plain:
        return f"{path}.{key}" if path else key
    return f'{path}["{key}"]'


def strip_indexes(path: str) -> str:
    """Return the path without list indexes, as tables write it."""
    return re.sub(r"\[\d+\]", "", path)


def _is_under(path: str, kind: Kind, table: frozenset[str]) -> bool:
    """Return whether a change of a path replaces: an entry with `=` at its end is for its own coming and going."""
    bare = strip_indexes(path)
    if kind != "update" and f"{bare}=" in table:
        return True
    return any(bare == entry or bare.startswith((f"{entry}.", f"{entry}[")) for entry in table)


def _brings(path: str, kind: Kind, new: Inputs, table: frozenset[str]) -> bool:
    """Return whether an object that comes as a whole has a member whose change replaces."""
    bare = strip_indexes(path)
    below = [entry for entry in table if entry.startswith(f"{bare}.")]
    return kind == "add" and any(_has(new, entry.removesuffix("=").split(".")) for entry in below)


def _has(value: Json, parts: list[str]) -> bool:
    if isinstance(value, list):
        return any(_has(item, parts) for item in value)
    if not parts:
        return value is not None
    return isinstance(value, Mapping) and _has(value.get(parts[0]), parts[1:])
