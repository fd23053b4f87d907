"""The same verdict from ours and from the kubelet's own code: every rule's cases, and thousands of generated files.

Only `ok` is compared: findings of the levels `ignored` and `library` leave it true. GPUCLOUD_EXAMPLES=20000 asks for
more.
"""

import dataclasses
import json
import os
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.reading import read_file
from tests.kubelet.case import HEAD
from tests.kubelet.documents import documents
from tests.kubelet.generated import node_configurations
from tests.kubelet.oracle import Oracle
from tests.kubelet.test_rules import CASES

EXAMPLES = int(os.environ.get("GPUCLOUD_EXAMPLES", "1500"))
FAIR = 0.2
"""Either verdict's least part of the generated node configurations: a comparison of one verdict alone shows nothing."""

DISAGREEMENTS: dict[str, str] = {}
"""A file's text to the reason why ours differs; empty: none is known."""


def ours(text: str) -> tuple[bool, list[str]]:
    """Whether ours says that the kubelet would start, and what it says otherwise."""
    read = read_file(text)
    findings = list(read.findings)
    if not any(finding.level == "kubelet" for finding in findings):
        findings += judge(read.values, read.machine or NodeMachine()).findings
    fatal = [f"{finding.rule} {finding.path}: {finding.problem}" for finding in findings if finding.level == "kubelet"]
    return not fatal, fatal


def same(oracle: Oracle, text: str) -> bool:
    """Whether the kubelet would start; fails where ours does not say so, too."""
    mine, why = ours(text)
    answer = oracle.judge(text)
    if text not in DISAGREEMENTS:
        assert mine == answer["ok"], (
            f"{text}\nours: {why or 'would start'}\nkubelet: {answer['problems'] or 'would start'}"
        )
    return answer["ok"]


def file_of(fields: dict[str, object], machine: NodeMachine) -> str:
    """A file with a machine in its first line; JSON is YAML, too, behind a comment."""
    described = dataclasses.asdict(machine)
    described["ephemeralStorage"] = str(described.pop("ephemeral_storage"))
    described["cpulessNuma"] = described.pop("cpuless_numa")
    described["memory"] = str(described["memory"])
    body = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
    return f"# machine: {json.dumps(described)}\n{HEAD}{body}"


@pytest.mark.parametrize("case", [case for _, case in CASES if case.minor == 36], ids=lambda case: case.rule)
def test_cases_have_the_kubelets_verdict(oracle, case):
    same(oracle, case.text)


def test_generated_node_configurations_have_the_kubelets_verdict(oracle):
    verdicts: Counter[bool] = Counter()

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(node_configurations())
    def compare(drawn):
        fields, machine = drawn
        verdicts[same(oracle, file_of(fields, machine))] += 1

    compare()
    assert min(verdicts[True], verdicts[False]) >= FAIR * sum(verdicts.values()), verdicts


def test_generated_documents_have_the_kubelets_verdict(oracle):
    verdicts: Counter[bool] = Counter()

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(documents())
    def compare(fields):
        verdicts[same(oracle, file_of(fields, NodeMachine()))] += 1

    compare()
    assert min(verdicts.values()) > 0, verdicts
    assert len(verdicts) == 2
