"""The judge gives a verdict on whatever it is given, and leaves out no rule that would find something."""

import pytest
from hypothesis import given, settings, strategies as st

from gpucloud.facts.kubelet_fields import kubelet_fields, nested_fields
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.judge import Verdict, find_all, judge, judge_configuration
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.rules import ALWAYS, RULES
from tests.kubelet.documents import documents

FIELDS = [field.name for field in kubelet_fields()]
PARTS = sorted({part for field in nested_fields() for part in field.path.replace("[]", "").split(".")})
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(("", "0", "1", "-1", "0s", "-5s", "1h", "10Mi", "-10Mi", "5%", "static", "Static", "none", "0-3")),
)
NUMBERS = st.one_of(st.integers(), st.sampled_from((-1, 0, 1, 2, 101, 65536)), st.floats())
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(PARTS), TEXTS), inner, max_size=3),
    ),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(st.one_of(st.sampled_from(FIELDS), st.text(max_size=8)), JSON, max_size=6)
MACHINES = st.builds(
    NodeMachine,
    sockets=st.integers(1, 2),
    numa=st.sampled_from((1, 2, 8)),
    cores=st.sampled_from((8, 96)),
    threads=st.integers(1, 2),
    memory=st.sampled_from((1, 2**30, 2**41)),
    ephemeral_storage=st.sampled_from((0, 2**40)),
    cgroup=st.sampled_from(("v1", "v2")),
    swap=st.booleans(),
    cpuless_numa=st.sampled_from((0, 16)),
)


def _found_by_all(configuration: Configuration) -> set:
    return {finding for rule in RULES for finding in rule.findings(configuration)}


@given(st.one_of(DOCUMENTS, documents()), MACHINES, st.integers(31, 36), st.booleans())
@settings(max_examples=800, deadline=None)
def test_any_document_has_a_verdict_from_all_rules(document, machine, minor, drop_in):
    verdict = judge(document, machine, minor=minor, drop_in=drop_in)
    configuration = configuration_of(document, machine, minor=minor, drop_in=drop_in)

    assert verdict.ok is all(finding.level != "kubelet" for finding in verdict.findings)
    assert [(finding.path, finding.rule) for finding in verdict.findings] == sorted(
        (finding.path, finding.rule) for finding in verdict.findings
    )
    assert set(find_all(configuration)) == _found_by_all(configuration) <= set(verdict.findings)
    assert set(judge_configuration(configuration).findings) == _found_by_all(configuration)


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_what_is_no_object_has_a_verdict(document):
    assert isinstance(judge(document), Verdict)


@given(MACHINES, st.integers(31, 36))
@settings(max_examples=100, deadline=None)
def test_an_empty_document_breaks_only_the_rules_that_are_always_asked(machine, minor):
    found = {finding.rule for finding in judge({}, machine, minor=minor).findings}

    assert found <= {rule.name for rule in ALWAYS}


def test_an_empty_document_starts_on_a_usual_machine():
    assert judge({}) == Verdict(ok=True, findings=())


def test_only_the_level_of_the_kubelet_keeps_it_from_starting():
    verdict = judge({"podPidsLimit": -1, "maxPods": 0, "unknownKey": 1})

    assert verdict.ok
    assert {finding.level for finding in verdict.findings} == {"library", "ignored"}
    assert not judge({"maxPods": -1}).ok


def test_a_list_is_no_configuration():
    verdict = judge([])  # type: ignore[arg-type]

    assert not verdict.ok
    assert [finding.rule for finding in verdict.findings] == ["configuration-is-an-object"]


@pytest.mark.parametrize(("directory", "found"), [("pods", True), ("/var/log/pods", False), ("/var/log/pods/", True)])
def test_a_drop_in_writes_its_log_directory_in_full(directory: str, found: bool):
    findings = judge({"podLogsDir": directory}, drop_in=True).findings

    assert ("pod-logs-have-a-clean-absolute-path" in {finding.rule for finding in findings}) is found


def test_all_problems_are_found_at_once():
    verdict = judge({"maxPods": -1, "imageGCLowThresholdPercent": 90, "runOnce": True, "hairpinMode": "veth"})

    assert [finding.rule for finding in verdict.findings] == [
        "hairpin-mode-is-known",
        "image-collection-stops-below-its-start",
        "counts-are-not-negative",
        "kubelet-keeps-running",
    ]
