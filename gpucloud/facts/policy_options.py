"""The options of the kubelet's CPU and topology manager policies, and the stage of each per Kubernetes minor."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from gpucloud.facts.tables import read_table

Manager = Literal["cpu", "topology"]
Stage = Literal["alpha", "beta", "stable"]


@cache
def policy_options(manager: Manager, minor: int) -> Mapping[str, Stage]:
    """Return the options that a manager's policies have in a minor, by name, with their stage; none where unknown.

    An alpha or beta option is refused unless the feature gate for options of that stage is on. A minor outside the
    table counts as the nearest one in it.
    """
    table = _options()
    minors = [known for name, known in table if name == manager]
    return table[manager, min(max(minor, min(minors)), max(minors))]


@cache
def _options() -> Mapping[tuple[str, int], Mapping[str, Stage]]:
    found: dict[tuple[str, int], dict[str, Stage]] = {}
    for row in read_table("kubelet_policy_options"):
        found.setdefault((row["manager"], int(row["minor"])), {})[row["option"]] = _stage(row["stage"])
    return found


def _stage(cell: str) -> Stage:
    match cell:
        case "alpha" | "beta" | "stable":
            return cell
        case _:
            raise ValueError(f"{cell!r} is no stage of an option")
