"""What a change of an input leads to, from `properties.csv`: the provider replaces the resource, or Azure refuses it.

azure-native replaces only what its own table and the API's `x-ms-mutability` name. Everything else is sent as an
update, and AKS refuses the immutable with PropertyChangeNotAllowed: a program that means to replace a pool says so with
`replace_on_changes`, and with `delete_before_replace`, as the pool's name is taken.
"""

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

from gpucloud.sim.diff import find_changes, strip_indexes
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft

_TABLE = Path(__file__).with_name("properties.csv")


def replaces_of(token: str) -> frozenset[str]:
    """Return the paths whose change replaces a resource of this type."""
    return _rows().get((token, "replaces"), frozenset())


def changes_refused_of(token: str) -> tuple[Callable[[Draft], None], ...]:
    """Return the rule that the inputs of the table stay as they are, or nothing for a type without any."""
    refused = _rows().get((token, "refused"), frozenset())

    def check(draft: Draft) -> None:
        if draft.previous is None:
            return
        changes = find_changes(draft.previous.inputs, draft.inputs, refused, frozenset())
        changed = sorted({strip_indexes(change.path) for change in changes if change.replaces})
        if changed:
            name = f"agentPoolProfile.{changed[0]}" if token.endswith(":AgentPool") else changed[0]
            raise CloudError("PropertyChangeNotAllowed", f"Changing property '{name}' is not allowed.")

    return (check,) if refused else ()


@cache
def _rows() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["type"], row["behaviour"]), set()).add(row["path"])
    return {key: frozenset(paths) for key, paths in found.items()}
