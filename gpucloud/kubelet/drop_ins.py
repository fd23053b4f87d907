"""A configuration file and the drop-ins of `--config-dir` over it, merged as the kubelet merges them.

The main file is decoded and defaulted first; each drop-in is a JSON merge patch (RFC 7386) over it, in the order of its
path: mappings are merged, a null takes a field back to its default, lists are replaced.

Facts: mergeKubeletConfigurations in cmd/kubelet/app/server.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from gpucloud.kubelet.decoding import decode
from gpucloud.kubelet.eviction import DEFAULT_EVICTION_HARD
from gpucloud.kubelet.reading import ReadFile, read_file
from gpucloud.kubelet.rule import Finding

_EXTENSION = ".conf"
_MERGE = "mergeDefaultEvictionSettings"


def read_with_drop_ins(
    main: str | bytes, drop_ins: Mapping[str, str | bytes], *, file: str = "", minor: int = 36
) -> ReadFile:
    """The main file with its drop-ins merged in; `drop_ins` by path below the directory.

    A finding about a drop-in has its file's name before the path. What has another extension is skipped by the kubelet,
    and said to be ignored. `mergeDefaultEvictionSettings` works in the main file alone.
    """
    read = read_file(main, file=file)
    if any(finding.level == "kubelet" for finding in read.findings) or not drop_ins:
        return read
    written, found = decode(read.values, minor=minor)
    findings = [*read.findings, *found]
    merged: dict[str, Any] = dict(written)
    hard = merged.get("evictionHard")
    if hard is None:
        merged["evictionHard"] = dict(DEFAULT_EVICTION_HARD)
    elif merged.get(_MERGE):
        merged["evictionHard"] = {**DEFAULT_EVICTION_HARD, **hard}
    for name in sorted(drop_ins, key=lambda path: PurePosixPath(path).parts):
        if PurePosixPath(name).suffix != _EXTENSION:
            text = f"is no {_EXTENSION} file, the kubelet skips it"
            findings.append(Finding("drop-in-is-read", name, text, f"name it like 10-name{_EXTENSION}", "ignored"))
            continue
        patch = read_file(drop_ins[name], file=name, drop_in=True)
        findings += [_in(name, finding) for finding in patch.findings]
        given, found = decode(patch.values, drop_in=True, minor=minor)
        findings += [_in(name, finding) for finding in found]
        if given.pop(_MERGE, None):
            text = "works in the main file alone, the kubelet ignores it here"
            findings.append(Finding("drop-in-is-read", f"{name}: {_MERGE}", text, "write it there", "ignored"))
        nulls = [key for key, value in patch.values.items() if value is None]
        merged = _patched(merged, {**given, **dict.fromkeys(nulls)})
    values = {key: read.values[key] for key in ("apiVersion", "kind") if key in read.values}
    return ReadFile({**values, **merged}, read.machine, tuple(findings))


def _patched(below: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            under = merged.get(key)
            merged[key] = _patched(under if isinstance(under, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def _in(name: str, finding: Finding) -> Finding:
    path = finding.path if finding.path == name else f"{name}: {finding.path}"
    return Finding(finding.rule, path, finding.problem, finding.fix, finding.level)
