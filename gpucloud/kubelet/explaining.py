"""What a key of KubeletConfiguration means, what judges it, and which platforms take it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gpucloud.errors import UnknownNameError
from gpucloud.facts.feature_gates import feature_gate, feature_gates, gate_minors
from gpucloud.facts.kubelet_fields import kubelet_defaults, kubelet_field, nested_field, nested_fields
from gpucloud.facts.kubelet_meanings import kubelet_meaning
from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS, field_support
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.eviction import DEFAULT_EVICTION_HARD
from gpucloud.kubelet.rule import Level, Rule
from gpucloud.kubelet.rules import RULES

_NEWEST_MINOR = 36
_GATES = "featureGates."
_INDEX = re.compile(r"\[[0-9]*\]")
_PART = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True)
class ExplainedRule:
    """A rule about a key: its name, what becomes of a kubelet that breaks it, what holds where nothing is wrong."""

    name: str
    level: Level
    meaning: str


@dataclass(frozen=True, slots=True)
class ExplainedPlatform:
    """Whether a platform takes a key (`yes`, `pool`, `preview`, `flag`, `no`), under which name, and which values."""

    platform: str
    support: str
    setting: str
    range: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known about a key.

    Attributes:
        name: The key, as in `memorySwap.swapBehavior`.
        kind: What it takes, in words.
        meaning: What it does.
        default: What it is where nothing is written; None where the kubelet leaves it unset.
        since: The Kubernetes version that brought the key, as `1.32`; empty where it is there since 1.31 or longer.
        rules: Those about the key, or the whole one that it is a part of.
        platforms: One entry for each platform, in the order of the table.
    """

    name: str
    kind: str
    meaning: str
    default: Any
    since: str
    rules: tuple[ExplainedRule, ...]
    platforms: tuple[ExplainedPlatform, ...]


def explain(field: str, minor: int = _NEWEST_MINOR) -> Explanation:
    """The explanation of a key, of a part of one such as `memorySwap.swapBehavior`, or of `featureGates.NodeSwap`.

    Another case, an index (`reservedMemory[0].limits`) or the last name of a part alone (`swapBehavior`) find it too,
    where they mean one key.

    Args:
        field: The key.
        minor: The Kubernetes minor whose feature gates are meant.

    Raises:
        UnknownNameError: There is no such key, or more than one; it carries the nearest.
    """
    if field.startswith(_GATES):
        return _explain_gate(field.removeprefix(_GATES), minor)
    path = _path_of(field)
    nested, key = nested_field(path), _key_of(path)
    top = kubelet_field(key)
    if nested is None or top is None:
        raise UnknownNameError("key of KubeletConfiguration", field, nearest_names(field, _paths()))
    return Explanation(
        name=path,
        kind=nested.kind,
        meaning=kubelet_meaning(path).meaning,
        default=_default_of(path),
        since=f"1.{top.since}" if top.since > gate_minors()[0] else "",
        rules=_rules_about(key),
        platforms=tuple(_platforms(key)),
    )


def _explain_gate(name: str, minor: int) -> Explanation:
    gate = feature_gate(minor, name)
    if gate is None:
        raise UnknownNameError(f"feature gate of 1.{minor}", name, nearest_names(name, feature_gates(minor)))
    locked = ", locked" if gate.locked else ""
    needs = f"; it needs {', '.join(gate.needs)}" if gate.needs else ""
    first = next(known for known in gate_minors() if feature_gate(known, name))
    return Explanation(
        name=f"{_GATES}{name}",
        kind="true or false",
        meaning=f"A feature gate, {gate.stage} in 1.{minor}{locked}{needs}.",
        default=gate.default,
        since=f"1.{first}" if first > gate_minors()[0] else "",
        rules=_rules_about("featureGates"),
        platforms=tuple(_platforms("featureGates")),
    )


def _path_of(field: str) -> str:
    """The path that a name means, or the name itself where it means none or several."""
    wanted = _INDEX.sub("[]", field)
    if nested_field(wanted) is not None:
        return wanted
    wanted = wanted.lower().replace("[]", "")
    meant = [path for path in _paths() if path.lower().replace("[]", "") == wanted]
    if not meant:
        meant = [path for path in _paths() if path.lower().replace("[]", "").rpartition(".")[2] == wanted]
    return meant[0] if len(meant) == 1 else field


@cache
def _paths() -> tuple[str, ...]:
    return tuple(field.path for field in nested_fields() if kubelet_field(_key_of(field.path)) is not None)


def _key_of(path: str) -> str:
    return _PART.split(path, maxsplit=1)[0]


def _default_of(path: str) -> Any:
    if path == "evictionHard":
        return dict(DEFAULT_EVICTION_HARD)
    default: Any = kubelet_defaults()
    for part in path.split("."):
        default = default.get(part) if isinstance(default, Mapping) else None
    return default


@cache
def _rules_about(key: str) -> tuple[ExplainedRule, ...]:
    return tuple(_explained(rule) for rule in RULES if key in rule.fields)


def _explained(rule: Rule) -> ExplainedRule:
    return ExplainedRule(rule.name, rule.level, (rule.find.__doc__ or "").strip().partition("\n")[0])


def _platforms(key: str) -> Iterator[ExplainedPlatform]:
    for platform in KUBELET_PLATFORMS:
        found = field_support(platform, key)
        yield ExplainedPlatform(platform, found.support, found.setting, found.range)
