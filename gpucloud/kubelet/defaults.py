"""What a kubelet takes for fields that are not written.

Facts: pkg/kubelet/apis/config/v1beta1/defaults.go and cmd/kubelet/app/server.go (loadConfigFile) of k8s.io/kubernetes
v1.36.3; the values themselves are printed by that code (`toolchain/kubelet-check`).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from gpucloud.facts.kubelet_fields import kubelet_defaults, nested_field
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.eviction import DEFAULT_EVICTION_HARD

_PULLS_THAT_NEED_PARALLEL = 2
# Objects whose members have defaults of their own.
_OBJECTS = ("authentication", "authorization", "crashLoopBackOff", "logging")
# Whose default hangs on a gate, and the gate.
_GATED = {
    "crashLoopBackOff": "KubeletCrashLoopBackOffMax",
    "imagePullCredentialsVerificationPolicy": "KubeletEnsureSecretPulledImages",
}


def with_defaults(written: Mapping[str, Any], gates: Mapping[str, bool]) -> dict[str, Any]:
    """The written fields over the kubelet's defaults, with those defaults that follow from other fields.

    A zero or an empty text stands for the default wherever Go's type cannot tell it from a field left out.
    `evictionHard` has none here: the defaults hold only where nothing is written at all (`hard_evictions`), or where
    `mergeDefaultEvictionSettings` puts them beside what is.
    """
    values = {**_plain_defaults(), **written}
    if written.get("mergeDefaultEvictionSettings") and "evictionHard" in written:
        values["evictionHard"] = {**DEFAULT_EVICTION_HARD, **written["evictionHard"]}
    for name in _zero_able().keys() & written.keys():
        if _is_zero(written[name], is_duration=_is_duration(name)):
            values[name] = _plain_defaults()[name]
    for name in _OBJECTS:
        if name in written:
            values[name] = _merged(_plain_defaults()[name], written[name], name)
    for name, gate in _GATED.items():
        if not gates.get(gate, False):
            values[name] = written.get(name)
    return values | _following(written)


def _following(written: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults that follow from other fields."""
    values: dict[str, Any] = {}
    if "maxParallelImagePulls" in written and "serializeImagePulls" not in written:
        values["serializeImagePulls"] = written["maxParallelImagePulls"] < _PULLS_THAT_NEED_PARALLEL
    if written.get("podPidsLimit", 0) < 0:
        values["podPidsLimit"] = -1
    if _is_unset(written, "nodeStatusReportFrequency") and not _is_unset(written, "nodeStatusUpdateFrequency"):
        values["nodeStatusReportFrequency"] = written["nodeStatusUpdateFrequency"]
    return values


def _is_unset(written: Mapping[str, Any], duration: str) -> bool:
    return _is_zero(written.get(duration, ""), is_duration=True)


@cache
def _plain_defaults() -> Mapping[str, Any]:
    return MappingProxyType(dict(kubelet_defaults()))


@cache
def _zero_able() -> Mapping[str, str]:
    """Fields with a default whose Go type is no pointer, and the type."""
    types = {name: field.go_type for name in kubelet_defaults() if (field := nested_field(name)) is not None}
    return {name: kind for name, kind in types.items() if not kind.startswith(("*", "[]", "map")) and kind != "bool"}


def _is_zero(value: Any, *, is_duration: bool) -> bool:
    if isinstance(value, str):
        return not value or (is_duration and parse_duration(value) == 0)
    return isinstance(value, int) and not isinstance(value, bool) and value == 0


def _merged(default: Mapping[str, Any], given: Mapping[str, Any], path: str) -> dict[str, Any]:
    found = dict(default)
    for key, value in given.items():
        below, below_path = found.get(key), f"{path}.{key}"
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            found[key] = _merged(below, value, below_path)
        elif not (
            key in found and _is_no_pointer(below_path) and _is_zero(value, is_duration=_is_duration(below_path))
        ):
            found[key] = value
    return found


@cache
def _is_duration(path: str) -> bool:
    field = nested_field(path)
    return field is not None and field.kind.startswith("a duration")


@cache
def _is_no_pointer(path: str) -> bool:
    field = nested_field(path)
    return field is not None and not field.go_type.startswith("*")
