"""From plain values to the fields that a kubelet knows, each of its kind, as its decoder takes them.

Unknown fields make the kubelet's strict decoder fail, and its lenient one, which it tries next, drops them: it starts
without them. A value of another kind ends both.

Facts: pkg/kubelet/kubeletconfig/util/codec of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping
from typing import Any

from gpucloud.facts.kubelet_fields import kubelet_field, kubelet_fields
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.field_kinds import Reader, reader_of
from gpucloud.kubelet.plain_values import shown
from gpucloud.kubelet.rule import Finding

API_VERSION = "kubelet.config.k8s.io/v1beta1"
KIND = "KubeletConfiguration"
_NO_START = "the kubelet would not start"


def decode(
    values: Mapping[str, Any], *, drop_in: bool = False, minor: int = 36
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """The known fields of the right kind, and what is wrong with the others; durations and quantities stay text.

    `apiVersion` and `kind` are looked at where they are there. A drop-in's keys are matched whatever their case, the
    last one of several wins (Go's encoding/json). A null is as if the field were not there.
    """
    written: dict[str, Any] = {}
    findings: list[Finding] = []
    for key, expected in (("apiVersion", API_VERSION), ("kind", KIND)):
        if key in values and values[key] != expected:
            findings.append(
                Finding(
                    "file-is-a-kubelet-configuration",
                    key,
                    f"{shown(values[key])} is not {expected}, {_NO_START}",
                    f"write {key}: {expected}",
                    "kubelet",
                )
            )
    for given in sorted(values, key=str) if drop_in else values:
        key = str(given)
        value = values[given]
        name = _by_case().get(key.lower(), key) if drop_in else key
        reader = _readers().get(name)
        if reader is None:
            if name not in {"apiVersion", "kind"}:
                findings.append(_unknown(key))
            continue
        field = kubelet_field(name)
        if field is not None and field.since > minor:
            findings.append(_too_new(name, field.since, minor))
            continue
        before = len(findings)
        read = reader(value, name, findings)
        if value is not None and all(finding.level != "kubelet" for finding in findings[before:]):
            written[name] = read
    return written, tuple(findings)


def _unknown(key: str) -> Finding:
    near = nearest_names(key, _readers())
    hint = f"did you mean {' or '.join(near)}?" if near else "remove it"
    return Finding(
        "field-is-known", key, "KubeletConfiguration has no such field, the kubelet starts without it", hint, "ignored"
    )


def _too_new(name: str, since: int, minor: int) -> Finding:
    return Finding(
        "field-is-known",
        name,
        f"the kubelet knows it since 1.{since}, one of 1.{minor} starts without it",
        f"remove it, or use Kubernetes 1.{since}",
        "ignored",
    )


_READERS: dict[str, Reader] = {}
_BY_CASE: dict[str, str] = {}


def _readers() -> Mapping[str, Reader]:
    if not _READERS:
        _READERS.update({field.name: reader_of(field.name) for field in kubelet_fields()})
    return _READERS


def _by_case() -> Mapping[str, str]:
    if not _BY_CASE:
        _BY_CASE.update({name.lower(): name for name in _readers()})
    return _BY_CASE
