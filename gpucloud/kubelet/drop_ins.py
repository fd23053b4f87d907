"""A configuration file and the drop-ins of `--config-dir` over it, merged as the kubelet merges them.

The main file is decoded, defaulted and written as JSON first; each drop-in is a merge patch over that, in the order of
its path; what comes out is decoded and defaulted again. So the defaults of the main file stand as if they had been
written: `maxParallelImagePulls: 5` in a drop-in meets `serializeImagePulls: true`.

Facts: mergeKubeletConfigurations in cmd/kubelet/app/server.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from posixpath import isabs
from typing import Any

from gpucloud.kubelet.decoding import API_VERSION, KIND, decode
from gpucloud.kubelet.defaults import with_defaults
from gpucloud.kubelet.eviction import DEFAULT_EVICTION_HARD
from gpucloud.kubelet.feature_gates import effective_gates
from gpucloud.kubelet.json_merging import fields_of, patched, through_json
from gpucloud.kubelet.plain_values import shown
from gpucloud.kubelet.quantity_spelling import canonical_quantity
from gpucloud.kubelet.reading import ReadFile, read_file
from gpucloud.kubelet.rule import Finding

_EXTENSION = ".conf"
_HARD = "evictionHard"
_MERGE = "mergeDefaultEvictionSettings"
_LOGS = "podLogsDir"
_NEWEST_MINOR = 36
_NO_START = "the kubelet would not start"


def read_with_drop_ins(
    main: str | bytes, drop_ins: Mapping[str, str | bytes], *, file: str = "", minor: int = 36
) -> ReadFile:
    """The main file with its drop-ins merged in; `drop_ins` by path below the directory.

    A finding about a drop-in has its file's name before the path. What has another extension is skipped by the kubelet,
    and said to be ignored. `mergeDefaultEvictionSettings` works in the main file alone.
    """
    read = read_file(main, file=file)
    written, found = decode(read.values, minor=minor)
    if any(finding.level == "kubelet" for finding in (*read.findings, *found)) or not drop_ins:
        return read
    findings = [*read.findings, *found]
    merged = _written_back(written, minor)
    touched, logs_of = set(written), ""
    for name in sorted(drop_ins, key=lambda path: PurePosixPath(path).parts):
        if not name.endswith(_EXTENSION):
            text = f"is no {_EXTENSION} file, the kubelet skips it"
            findings.append(Finding("drop-in-is-read", name, text, f"name it like 10-name{_EXTENSION}", "ignored"))
            continue
        patch = read_file(drop_ins[name], file=name, drop_in=True)
        findings += [_in(name, finding) for finding in (*patch.findings, *_about(patch.values))]
        keys = fields_of(dict.fromkeys(patch.values)).keys()
        logs_of = name if _LOGS in keys else logs_of
        touched |= keys
        merged = patched(merged, through_json(patch.values))
    if written.get("enforceNodeAllocatable") == [] and "enforceNodeAllocatable" not in merged:
        text = "is an empty list, which the kubelet loses when it merges drop-ins: it enforces [pods]"
        findings.append(Finding("drop-in-is-read", "enforceNodeAllocatable", text, "write [none]", "ignored"))
    settled = fields_of({key: value for key, value in merged.items() if key not in {"apiVersion", "kind", _MERGE}})
    if logs_of and not isabs(settled.get(_LOGS) or "/"):
        text = f"{settled[_LOGS]!r} is relative, {_NO_START}"
        path = f"{logs_of}: {_LOGS}"
        findings.append(Finding("pod-logs-have-a-clean-absolute-path", path, text, "write the whole path", "kubelet"))
    # Without thresholds it has none: the default ones were put into the main file's alone.
    settled.setdefault(_HARD, {})
    values = {"apiVersion": API_VERSION, "kind": KIND, **_without_plain_defaults(settled, touched, minor)}
    return ReadFile(values, read.machine, tuple(findings))


def _written_back(written: Mapping[str, Any], minor: int) -> dict[str, Any]:
    """The main file as the kubelet writes it as JSON: with its defaults, without what is empty."""
    values = with_defaults(written, effective_gates(written.get("featureGates") or {}, minor))
    values.setdefault(_HARD, dict(DEFAULT_EVICTION_HARD))
    if "reservedMemory" in values:
        values["reservedMemory"] = [_spelled(reservation) for reservation in values["reservedMemory"]]
    return {key: value for key, value in values.items() if value is not None and value not in ([], (), {})}


def _spelled(reservation: Mapping[str, Any]) -> dict[str, Any]:
    limits = reservation.get("limits") or {}
    return {**reservation, "limits": {name: canonical_quantity(str(size)) for name, size in limits.items()}}


def _without_plain_defaults(settled: Mapping[str, Any], touched: set[str], minor: int) -> Mapping[str, Any]:
    """The merged fields less those that nobody wrote and that would come out the same."""
    slim = {key: value for key, value in settled.items() if key in touched}
    if settled[_HARD] != DEFAULT_EVICTION_HARD:
        slim[_HARD] = settled[_HARD]
    whole, defaults = _defaulted(settled, minor), _defaulted(slim, minor)
    slim |= {key: value for key, value in settled.items() if whole.get(key) != defaults.get(key) and key != _HARD}
    whole, defaults = _defaulted(settled, minor), _defaulted(slim, minor)
    same = all(whole.get(key) == defaults.get(key) for key in (whole.keys() | defaults.keys()) - {_HARD})
    return slim if same else settled


def _defaulted(values: Mapping[str, Any], minor: int) -> dict[str, Any]:
    written, _ = decode(values, minor=minor)
    return with_defaults(written, effective_gates(written.get("featureGates") or {}, minor))


def _about(values: Mapping[str, Any]) -> list[Finding]:
    """What can be said of a drop-in alone: whether it is one, and what of it is ignored."""
    findings = [
        Finding(
            "file-is-a-kubelet-configuration",
            key,
            f"{shown(values[key])} is not {expected}, {_NO_START}",
            f"write {key}: {expected}",
            "kubelet",
        )
        for key, expected in (("apiVersion", API_VERSION), ("kind", KIND))
        if values.get(key) not in (None, "", expected)
    ]
    _, found = decode(values, drop_in=True, minor=_NEWEST_MINOR)
    findings += [finding for finding in found if finding.level == "ignored"]
    if values.get(_MERGE):
        text = "works in the main file alone, the kubelet ignores it here"
        findings.append(Finding("drop-in-is-read", _MERGE, text, "write it there", "ignored"))
    return findings


def _in(name: str, finding: Finding) -> Finding:
    path = finding.path if finding.path == name else f"{name}: {finding.path}"
    return Finding(finding.rule, path, finding.problem, finding.fix, finding.level)
