"""Rules about the topology manager's options and the NUMA nodes that it takes on."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.manager_options import (
    is_on,
    options_gate_is_off,
    options_of,
    options_that_are_no_truth,
    options_without_their_gate,
    unknown_options,
)
from gpucloud.kubelet.rule import Rule, rule

_OPTIONS = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/topologymanager/policy_options.go"
_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/topologymanager/topology_manager.go"
_FIELD = "topologyManagerPolicyOptions"
_FIELDS = ("topologyManagerPolicy", _FIELD)
_LIMIT_OPTION = "max-allowable-numa-nodes"
_LIMIT = 8
_WHOLE_NUMBER = re.compile(r"[+-]?0*[0-9]{1,18}")


@rule("kubelet", (*_FIELDS, "featureGates"), "k8s.io/kubernetes v1.31.14 cmd/kubelet/app/server.go")
def topology_manager_options_are_enabled(configuration: Configuration) -> Iterator[Problem]:
    """Until 1.31 the gate for options as such can be off; from 1.32 it is locked on."""
    if configuration.minor < 32:  # noqa: PLR2004  # a minor
        yield from options_gate_is_off(configuration, "topology")


@rule("kubelet", _FIELDS, _OPTIONS)
def topology_manager_options_are_known(configuration: Configuration) -> Iterator[Problem]:
    """An option that the kubelet of that minor does not know."""
    if _aligns(configuration):
        yield from unknown_options(configuration, "topology")


@rule("kubelet", (*_FIELDS, "featureGates"), _OPTIONS)
def topology_manager_options_have_their_gate(configuration: Configuration) -> Iterator[Problem]:
    """From 1.35 all options are stable; before, beta ones need TopologyManagerPolicyBetaOptions, which is on."""
    if _aligns(configuration):
        yield from options_without_their_gate(configuration, "topology")


@rule("kubelet", _FIELDS, _OPTIONS)
def closest_numa_nodes_option_is_true_or_false(configuration: Configuration) -> Iterator[Problem]:
    """The value of prefer-closest-numa-nodes is text that reads as true or false."""
    if _aligns(configuration):
        yield from options_that_are_no_truth(configuration, "topology", frozenset({"prefer-closest-numa-nodes"}))


@rule("kubelet", _FIELDS, _OPTIONS)
def allowable_numa_nodes_option_is_a_number(configuration: Configuration) -> Iterator[Problem]:
    """The value of max-allowable-numa-nodes is a whole number, as text, and not below 8."""
    text = options_of(configuration, "topology").get(_LIMIT_OPTION)
    if text is None or not _aligns(configuration):
        return
    limit = _whole_number(text)
    if limit is None:
        yield Problem(
            f"{_FIELD}.{_LIMIT_OPTION}",
            f"unable to convert policy option {text!r} to integer, the kubelet would not start",
            f'write a number such as "{max(_LIMIT, configuration.machine.numa_nodes)}", in quotes',
        )
    elif limit < _LIMIT:
        yield Problem(
            f"{_FIELD}.{_LIMIT_OPTION}",
            f"the minimum value should not be less than {_LIMIT}, not {limit}: the kubelet would not start",
            "remove it, or raise it",
        )


@rule("kubelet", _FIELDS, _MANAGER)
def numa_nodes_are_not_too_many(configuration: Configuration) -> Iterator[Problem]:
    """Hints double with every NUMA node, so more than eight need the option; nodes without CPUs count (GB200)."""
    nodes = configuration.machine.numa_nodes
    if nodes <= _LIMIT or not _aligns(configuration):
        return
    limit = _whole_number(options_of(configuration, "topology").get(_LIMIT_OPTION, str(_LIMIT)))
    if limit is not None and nodes > max(limit, _LIMIT):
        yield Problem(
            f"{_FIELD}.{_LIMIT_OPTION}",
            f"unsupported on machines with more than {max(limit, _LIMIT)} NUMA Nodes, this one has {nodes}: the "
            "kubelet would not start",
            f'set {_FIELD}: {{{_LIMIT_OPTION}: "{nodes}"}}, or topologyManagerPolicy: none',
        )


@rule("ignored", _FIELDS, _MANAGER)
def topology_manager_options_have_a_policy(configuration: Configuration) -> Iterator[Problem]:
    """With policy `none` the options are not even read."""
    if _aligns(configuration):
        return
    for name in configuration.written.get(_FIELD) or ():
        yield Problem(
            f"{_FIELD}.{name}",
            "has no effect with topologyManagerPolicy none",
            "set topologyManagerPolicy: best-effort, restricted or single-numa-node, or remove it",
        )


@rule("ignored", _FIELDS, "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/topologymanager/policy.go NewHintMerger")
def closest_numa_nodes_have_a_choice(configuration: Configuration) -> Iterator[Problem]:
    """Where a pod must fit one NUMA node there is no pair of nodes that could be closer than another."""
    if configuration.values.get("topologyManagerPolicy") == "single-numa-node" and is_on(
        options_of(configuration, "topology"), "prefer-closest-numa-nodes"
    ):
        yield Problem(
            f"{_FIELD}.prefer-closest-numa-nodes",
            "has no effect with topologyManagerPolicy single-numa-node",
            "remove it, or set topologyManagerPolicy: restricted",
        )


def _whole_number(text: str) -> int | None:
    """The number that Go's strconv.Atoi reads; None where it has an error. No one has 10^18 NUMA nodes."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def _aligns(configuration: Configuration) -> bool:
    return (configuration.values.get("topologyManagerPolicy") or "none") != "none"


RULES: tuple[Rule, ...] = (
    topology_manager_options_are_enabled,
    topology_manager_options_are_known,
    topology_manager_options_have_their_gate,
    closest_numa_nodes_option_is_true_or_false,
    allowable_numa_nodes_option_is_a_number,
    numa_nodes_are_not_too_many,
    topology_manager_options_have_a_policy,
    closest_numa_nodes_have_a_choice,
)
