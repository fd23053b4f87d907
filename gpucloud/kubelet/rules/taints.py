"""Taints that a node registers with."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_TAINTS = (
    "k8s.io/kubernetes v1.36.3 pkg/util/taints/taints.go; k8s.io/apimachinery v0.36.3 pkg/api/validate/content/kube.go"
)
_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_LONGEST_NAME, _LONGEST_DOMAIN = 63, 253


def _taints(configuration: Configuration) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, taint in enumerate(configuration.written.get("registerWithTaints") or ()):
        yield f"registerWithTaints[{index}]", taint


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def _is_key(text: str) -> bool:
    domain, slash, name = text.rpartition("/")
    return _is_name(name) and (not slash or (len(domain) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(domain) is not None))


@rule("kubelet", ("registerWithTaints",), _TAINTS)
def taint_keys_are_qualified_names(configuration: Configuration) -> Iterator[Problem]:
    """A key is a name of up to 63 characters, with or without a domain and a slash before it."""
    for path, taint in _taints(configuration):
        key = taint.get("key") or ""
        if not _is_key(key):
            yield Problem(f"{path}.key", f"{key!r} is no key of a taint, {NO_START}", "write such as nvidia.com/gpu")


@rule("kubelet", ("registerWithTaints",), _TAINTS)
def taint_values_are_label_values(configuration: Configuration) -> Iterator[Problem]:
    """A value is empty or up to 63 letters, digits, dashes, dots and underscores between a letter or digit each."""
    for path, taint in _taints(configuration):
        value = taint.get("value") or ""
        if value and not _is_name(value):
            yield Problem(f"{path}.value", f"{value!r} is no value of a taint, {NO_START}", "write such as present")


@rule("kubelet", ("registerWithTaints",), _TAINTS)
def taint_effects_are_known(configuration: Configuration) -> Iterator[Problem]:
    """An effect is one of three words, or none."""
    for path, taint in _taints(configuration):
        effect = taint.get("effect") or ""
        if effect and effect not in _EFFECTS:
            yield Problem(
                f"{path}.effect", f"{effect!r} is no effect, {NO_START}", f"write one of {', '.join(_EFFECTS)}"
            )


@rule("kubelet", ("registerWithTaints",), _VALIDATION)
def taints_have_no_time(configuration: Configuration) -> Iterator[Problem]:
    """The time of a taint is the cluster's to write."""
    for path, taint in _taints(configuration):
        if taint.get("timeAdded") is not None:
            yield Problem(f"{path}.timeAdded", f"set, {NO_START}", "leave it out")


@rule("library", ("registerWithTaints",), _TAINTS)
def taints_have_an_effect(configuration: Configuration) -> Iterator[Problem]:
    """The kubelet takes a taint without effect; the API server then refuses the node, which never joins."""
    for path, taint in _taints(configuration):
        if not taint.get("effect"):
            yield Problem(f"{path}.effect", "missing, the node could not register", "write such as NoSchedule")


RULES: tuple[Rule, ...] = (
    taint_keys_are_qualified_names,
    taint_values_are_label_values,
    taint_effects_are_known,
    taints_have_no_time,
    taints_have_an_effect,
)
