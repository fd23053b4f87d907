"""What the options of the CPU and the topology manager have in common: names, stages with their gates, truth values."""

from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem
from gpucloud.facts.policy_options import Manager, policy_options
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.configuration import Configuration

_FIELDS: Mapping[Manager, str] = {"cpu": "cpuManagerPolicyOptions", "topology": "topologyManagerPolicyOptions"}
_GATES: Mapping[Manager, str] = {"cpu": "CPUManagerPolicy", "topology": "TopologyManagerPolicy"}
_GATE_DEFAULTS = {"alpha": False, "beta": True}

# What Go's strconv.ParseBool takes.
_TRUE = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def options_of(configuration: Configuration, manager: Manager) -> Mapping[str, str]:
    """The options as written, none where the field is not."""
    options: Mapping[str, str] | None = configuration.values.get(_FIELDS[manager])
    return options or {}


def is_on(options: Mapping[str, str], name: str) -> bool:
    """Whether an option is true."""
    return options.get(name) in _TRUE


def unknown_options(configuration: Configuration, manager: Manager) -> Iterator[Problem]:
    """A problem for every name that the kubelet of that minor does not know."""
    known = policy_options(manager, configuration.minor)
    for name in options_of(configuration, manager):
        if name not in known:
            near = nearest_names(name, known)
            yield Problem(
                f"{_FIELDS[manager]}.{name}",
                f"unknown policy option {name!r} in Kubernetes 1.{configuration.minor}, the kubelet would not start",
                f"use {', '.join(near or sorted(known))}, or remove it",
            )


def options_without_their_gate(configuration: Configuration, manager: Manager) -> Iterator[Problem]:
    """A problem for every alpha or beta option whose gate is off; that its value is `false` makes no difference."""
    known = policy_options(manager, configuration.minor)
    for name in options_of(configuration, manager):
        stage = known.get(name, "stable")
        gate = f"{_GATES[manager]}{stage.capitalize()}Options"
        if stage != "stable" and not configuration.gates.get(gate, _GATE_DEFAULTS[stage]):
            yield Problem(
                f"{_FIELDS[manager]}.{name}",
                f"{stage}-level options are not enabled in Kubernetes 1.{configuration.minor}, the kubelet would not "
                "start",
                f"set featureGates.{gate}: true, or remove the option",
            )


def options_that_are_no_truth(
    configuration: Configuration, manager: Manager, names: frozenset[str]
) -> Iterator[Problem]:
    """A problem for every one of these options whose text is neither true nor false."""
    for name, text in options_of(configuration, manager).items():
        if name in names and text not in _TRUE and text not in _FALSE:
            yield Problem(
                f"{_FIELDS[manager]}.{name}",
                f"bad value {text!r} for the option, the kubelet would not start",
                'write "true" or "false", in quotes',
            )


def options_gate_is_off(configuration: Configuration, manager: Manager) -> Iterator[Problem]:
    """A problem where options are written, be it none of them, while the gate for options as such is off."""
    gate = f"{_GATES[manager]}Options"
    if configuration.values.get(_FIELDS[manager]) is not None and not configuration.gates.get(gate, True):
        yield Problem(
            _FIELDS[manager],
            f"policy options require the feature gate {gate}, the kubelet would not start",
            f"remove featureGates.{gate}, which is on by default, or the options",
        )
