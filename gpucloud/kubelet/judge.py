"""The verdict on one KubeletConfiguration: would its kubelet start, and what else is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.decoding import decode
from gpucloud.kubelet.defaults import with_defaults
from gpucloud.kubelet.feature_gates import effective_gates
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.rule import Finding, Rule
from gpucloud.kubelet.rules import ALWAYS, RULES

_NEWEST_MINOR = 36
_DEFAULT_MACHINE = NodeMachine()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `judge` says.

    Attributes:
        ok: Whether the kubelet would start; findings of the levels `ignored` and `library` leave it true.
        findings: Everything found, sorted by path, then rule.
    """

    ok: bool
    findings: tuple[Finding, ...]


def judge(
    values: Mapping[str, Any],
    machine: NodeMachine = _DEFAULT_MACHINE,
    *,
    minor: int = _NEWEST_MINOR,
    drop_in: bool = False,
) -> Verdict:
    """The verdict on a configuration as parsed from its file, on a described machine.

    It raises nothing, whatever JSON it is given: what is no KubeletConfiguration is a finding.

    Args:
        values: The file's object; `apiVersion` and `kind` may be left out.
        machine: The machine that the kubelet would start on.
        minor: The kubelet's minor version, 31 to 36. The rules are those of 1.36; fields and gates are the minor's.
        drop_in: Whether the file is one of a `--config-dir`, which the kubelet decodes otherwise.
    """
    if not isinstance(values, Mapping):
        finding = Finding(
            "configuration-is-an-object",
            "",
            "the file holds no object, the kubelet would not start",
            "write apiVersion, kind and fields as key: value",
            "kubelet",
        )
        return Verdict(False, (finding,))
    written, found = decode(values, drop_in=drop_in, minor=minor)
    gates = effective_gates(written.get("featureGates") or {}, minor)
    configuration = Configuration(written, with_defaults(written, gates), machine, minor, gates, drop_in)
    return _verdict([*found, *find_all(configuration)])


def judge_configuration(configuration: Configuration) -> Verdict:
    """The verdict of all rules on a configuration that is decoded and defaulted already."""
    return _verdict(list(find_all(configuration)))


def find_all(configuration: Configuration) -> Iterator[Finding]:
    """What the rules find: those about the written fields, and those that a machine alone can break."""
    for rule in _rules_about(frozenset(configuration.written)):
        yield from rule.findings(configuration)


@lru_cache(maxsize=4096)
def _rules_about(written: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that can find something: the default of a field that is not written breaks none of the others."""
    return tuple(rule for rule in RULES if rule in ALWAYS or not written.isdisjoint(rule.fields))


def _verdict(findings: list[Finding]) -> Verdict:
    findings.sort(key=_order)
    return Verdict(all(finding.level != "kubelet" for finding in findings), tuple(dict.fromkeys(findings)))


def _order(finding: Finding) -> tuple[str, str, str]:
    return finding.path, finding.rule, finding.problem
