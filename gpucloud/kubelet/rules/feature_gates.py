"""Feature gates: those that a minor knows, those that are locked, and those that need others."""

from collections.abc import Iterator
from functools import lru_cache

from gpucloud.errors import Problem
from gpucloud.facts.feature_gates import feature_gate, feature_gates, gate_minors, removed_in
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.feature_gates import known_gates
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_GATES = "k8s.io/component-base v0.36.3 featuregate/feature_gate.go, called while defaulting: pkg/kubelet/apis/config"


@rule("kubelet", ("featureGates",), _GATES)
def feature_gates_are_known(configuration: Configuration) -> Iterator[Problem]:
    """A gate's name exists in the kubelet's own minor; one that is gone stops it as one that never was."""
    for name in configuration.written.get("featureGates") or {}:
        if name not in known_gates(configuration.minor):
            fault, fix = _unknown(name, configuration.minor)
            yield Problem(f"featureGates.{name}", f"{fault}, {NO_START}", fix)


@rule("kubelet", ("featureGates",), _GATES)
def feature_gates_keep_locked_defaults(configuration: Configuration) -> Iterator[Problem]:
    """A gate that is locked to its default can be written with that value alone."""
    for name, value in (configuration.written.get("featureGates") or {}).items():
        gate = feature_gate(configuration.minor, name)
        if gate is not None and gate.locked and gate.default is not value:
            wanted = "true" if gate.default else "false"
            yield Problem(
                f"featureGates.{name}",
                f"locked to {wanted} in 1.{configuration.minor}, {NO_START}",
                "leave it out",
            )


@rule("kubelet", ("featureGates",), _GATES)
def feature_gates_have_what_they_need(configuration: Configuration) -> Iterator[Problem]:
    """A gate that is on, by default too, needs the gates that it builds on."""
    written = configuration.written.get("featureGates")
    if not written:
        return
    gates = configuration.gates
    for name, needs in _needs(configuration.minor):
        missing = [needed for needed in needs if not gates.get(needed, False)] if gates.get(name, False) else []
        if missing:
            off = next((needed for needed in missing if needed in written), name)
            yield Problem(
                f"featureGates.{off}",
                f"{name} is on and needs {', '.join(missing)}, {NO_START}",
                f"set {' and '.join(missing)}: true, or {name}: false",
            )


def _unknown(name: str, minor: int) -> tuple[str, str]:
    removed = removed_in(name)
    if removed is not None and removed <= minor:
        last = feature_gate(removed - 1, name)
        what = "on for good" if last is not None and last.default else "gone"
        return f"removed in 1.{removed}, what it guarded is {what}", "leave it out"
    first = next((later for later in gate_minors() if later > minor and feature_gate(later, name)), None)
    if first is not None:
        return f"no gate before 1.{first}", f"leave it out until Kubernetes 1.{first}"
    nearest = nearest_names(name, known_gates(minor))
    return f"no gate of 1.{minor}", f"write {' or '.join(nearest)}, or leave it out" if nearest else "leave it out"


@lru_cache(maxsize=16)
def _needs(minor: int) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((gate.name, gate.needs) for gate in feature_gates(minor).values() if gate.needs)


RULES: tuple[Rule, ...] = (
    feature_gates_are_known,
    feature_gates_keep_locked_defaults,
    feature_gates_have_what_they_need,
)
