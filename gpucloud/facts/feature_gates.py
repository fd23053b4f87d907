"""Feature gates that a kubelet knows, by Kubernetes minor: default, whether it can be changed, and what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gpucloud.facts.tables import flag, read_table


@dataclass(frozen=True, slots=True)
class FeatureGate:
    """One gate of one minor.

    Attributes:
        minor: 36 for Kubernetes 1.36.
        name: The gate.
        default: What it is where nobody sets it.
        locked: Whether setting it to anything else keeps the kubelet from starting.
        stage: `alpha`, `beta`, `ga` or `deprecated`.
        needs: Gates that must be on where this one is.
        source: Where the row comes from.
    """

    minor: int
    name: str
    default: bool
    locked: bool
    stage: str
    needs: tuple[str, ...]
    source: str


def gate_minors() -> tuple[int, ...]:
    """The minors that the table covers, in order."""
    return tuple(_gates())


def feature_gates(minor: int) -> Mapping[str, FeatureGate]:
    """The gates of a minor by name, sorted; KeyError for a minor that the table does not cover."""
    return _gates()[minor]


def feature_gate(minor: int, name: str) -> FeatureGate | None:
    """The gate of that exact name, or None where that minor has none."""
    return _gates()[minor].get(name)


def removed_in(name: str) -> int | None:
    """The first minor that no longer has a gate which an earlier one had; None where none is known to have had it."""
    having = [minor for minor, gates in _gates().items() if name in gates]
    later = [minor for minor in _gates() if having and minor > having[-1]]
    return later[0] if later else None


@cache
def _gates() -> Mapping[int, Mapping[str, FeatureGate]]:
    needs: dict[tuple[str, str], list[str]] = {}
    for row in read_table("feature_gate_dependencies"):
        needs.setdefault((row["minor"], row["name"]), []).append(row["needs"])
    found: dict[int, dict[str, FeatureGate]] = {}
    for row in read_table("feature_gates"):
        minor = int(row["minor"])
        found.setdefault(minor, {})[row["name"]] = FeatureGate(
            minor=minor,
            name=row["name"],
            default=flag(row["default"]),
            locked=flag(row["locked"]),
            stage=row["stage"],
            needs=tuple(needs.get((row["minor"], row["name"]), ())),
            source=row["source"],
        )
    return found
