"""Every rule about kubelet configurations has cases that it finds and cases that it leaves; every case is judged."""

import importlib
import pkgutil
from collections.abc import Mapping

import pytest

from gpucloud.kubelet import rules
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.reading import read_file
from gpucloud.kubelet.rules import ALWAYS, RULES
from tests.kubelet import cases
from tests.kubelet.case import Case

MODULES = {
    module.name: importlib.import_module(f"tests.kubelet.cases.{module.name}")
    for module in pkgutil.iter_modules(cases.__path__)
}
CASES: list[tuple[str, Case]] = [(name, case) for name, module in MODULES.items() for case in module.CASES]
PARAMETERS = [pytest.param(case, id=f"{name}-{index}-{case.rule}") for index, (name, case) in enumerate(CASES)]
DECODING_RULES = {case.rule for name, case in CASES if name == "decoding"}
BY_NAME = {rule.name: rule for rule in RULES}

NUMBERED: Mapping[int, tuple[str, ...]] = {
    1: ("topology-manager-policy-is-known",),
    2: ("topology-manager-scope-is-known",),
    3: ("cpu-manager-policy-is-known", "static-cpu-policy-has-a-reservation"),
    4: (
        "cpu-manager-options-are-known",
        "cpu-manager-options-have-their-gate",
        "cpu-manager-options-are-true-or-false",
        "cpu-manager-options-agree",
        "none-cpu-policy-has-no-options",
    ),
    5: ("align-by-socket-fits-policy-and-machine",),
    6: ("memory-manager-policy-is-known",),
    7: (
        "reserved-memory-sums-to-what-is-reserved",
        "reserved-memory-is-of-numa-nodes-that-exist",
        "reserved-memory-limits-are-kept-as-int64",
        "static-memory-policy-reserves-something",
        "reserved-memory-fits-each-numa-node",
    ),
    8: (
        "reserved-memory-limits-are-memory",
        "reserved-memory-limits-are-not-zero",
        "reserved-memory-limits-stand-once",
        "reserved-memory-limits-are-above-zero",
        "reserved-memory-has-the-static-policy",
    ),
    9: (
        "reserved-cpus-are-a-list-of-cpus",
        "reserved-cpus-are-of-the-machine",
        "reserved-cpus-stand-without-reserved-cgroups",
        "reserved-cpus-are-the-only-cpu-reservation",
    ),
    10: ("image-thresholds-are-percentages", "image-collection-stops-below-its-start"),
    11: (
        "image-ages-are-not-negative",
        "image-maximum-age-is-above-the-minimum",
        "image-maximum-age-has-its-gate",
        "zero-durations-are-left-out",
    ),
    12: ("parallel-pulls-are-positive", "parallel-pulls-are-not-serialized"),
    13: ("rates-are-not-negative", "zero-counts-are-left-out"),
    14: ("counts-are-not-negative", "reported-images-are-counted", "pods-find-ids"),
    15: ("oom-score-is-the-kernels", "packet-marks-are-bits", "ports-are-ports"),
    16: ("node-lease-lasts",),
    17: ("critical-pods-get-a-part-of-the-grace", "shutdown-grace-is-a-second-or-none", "shutdown-grace-has-its-gate"),
    18: ("shutdown-grace-is-said-once", "grace-by-priority-has-its-gate"),
    19: (
        "swap-behavior-is-known",
        "swap-behavior-has-its-gate",
        "limited-swap-runs-on-cgroup-v2",
        "limited-swap-has-swap",
    ),
    20: ("crash-loops-wait-a-second-to-five-minutes", "crash-loop-wait-has-its-gate"),
    21: (
        "enforcements-are-known",
        "enforcements-stand-once",
        "enforcing-nothing-stands-alone",
        "enforcements-are-whole-or-compressible",
        "enforced-reservations-have-cgroups",
        "enforced-reservations-are-not-empty",
        "enforcement-has-cgroups-per-qos",
    ),
    22: ("hairpin-mode-is-known",),
    23: ("cpu-quota-period-is-the-kernels",),
    24: (
        "container-logs-have-two-files",
        "container-logs-have-a-worker",
        "container-logs-are-watched-at-leisure",
        "container-log-size-is-whole-bytes",
    ),
    25: ("pod-logs-have-a-clean-absolute-path", "pod-logs-path-is-ascii"),
    26: ("container-runtime-is-a-unix-socket",),
    27: ("system-log-query-has-its-gate", "system-log-query-has-its-handler"),
    28: (
        "memory-throttling-is-a-share",
        "memory-throttling-has-its-gate",
        "memory-reservation-policy-is-known",
        "tiered-reservation-has-its-gate",
    ),
    29: ("serving-certificate-rotation-has-its-gate",),
    30: (
        "image-credentials-policy-is-known",
        "image-credentials-have-their-gate",
        "image-allowlist-goes-with-its-policy",
        "image-allowlist-names-images",
    ),
    32: (
        "taint-keys-are-qualified-names",
        "taint-values-are-label-values",
        "taint-effects-are-known",
        "taints-have-no-time",
    ),
    33: ("kubelet-keeps-running", "system-cgroups-have-a-root"),
    34: ("feature-gates-are-known", "feature-gates-keep-locked-defaults", "feature-gates-have-what-they-need"),
    35: (
        "eviction-signals-are-known",
        "eviction-thresholds-are-amounts-or-shares",
        "eviction-grace-periods-are-durations",
        "soft-evictions-have-grace-periods",
        "grace-periods-have-soft-evictions",
    ),
    36: ("eviction-minimum-reclaims-are-amounts-or-shares",),
    37: (
        "numa-nodes-are-not-too-many",
        "topology-manager-options-are-known",
        "allowable-numa-nodes-option-is-a-number",
        "topology-manager-options-have-a-policy",
    ),
    39: ("swapping-host-is-wanted", "host-has-cgroup-v2"),
    41: ("reservations-name-known-resources", "reservations-are-amounts", "reservations-fit-the-machine"),
    42: ("single-processes-die-alone-on-cgroup-v1",),
    45: ("pods-have-a-process-limit", "parallel-pulls-leave-the-disk-room", "hard-evictions-keep-the-other-defaults"),
}
"""The rules that each number of the list in the reference on kubelets (D4, as D6 corrects it) has become."""

ELSEWHERE: Mapping[int, str] = {
    31: "gpucloud.kubelet.decoding:decode",  # draManagerReconcilePeriod is no field of 1.36.3: unknown, so ignored
    38: "gpucloud.kubelet.state_files:state_file_conflicts",  # of two configurations, old and new
    40: "gpucloud.kubelet.kernel_defaults:other_kernel_defaults",  # of a configuration and the node's sysctls
    43: "gpucloud.facts.kubelet_platforms:unsupported",  # of a configuration and a platform
    44: "gpucloud.facts.kubelet_platforms:unsupported",
}
"""The functions that judge what one configuration alone does not show."""


@pytest.mark.parametrize("case", PARAMETERS)
def test_a_case_is_found_or_left(case: Case):
    file = read_file(case.text, file="case.yaml")
    machine = file.machine or NodeMachine()
    findings = (*file.findings, *judge(file.values, machine, minor=case.minor).findings)

    assert (case.rule in {finding.rule for finding in findings}) is case.found, findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_both_cases_a_source_and_a_meaning(rule):
    assert {case.found for _, case in CASES if case.rule == rule.name} == {True, False}
    assert rule.source
    assert (rule.find.__doc__ or "").strip()
    assert rule.fields


def test_rules_have_names_of_their_own():
    assert len(BY_NAME) == len(RULES)
    assert {rule.level for rule in RULES} == {"kubelet", "ignored", "library"}


def test_cases_are_of_rules_that_exist():
    unknown = {case.rule for name, case in CASES} - BY_NAME.keys() - DECODING_RULES

    assert not unknown


def test_every_module_of_rules_is_among_the_rules():
    names = {module.name for module in pkgutil.iter_modules(rules.__path__)}
    found = {
        rule.name
        for name in names
        for rule in getattr(importlib.import_module(f"gpucloud.kubelet.rules.{name}"), "RULES", ())
    }

    assert found == BY_NAME.keys()


def test_rules_asked_always_are_rules():
    assert set(ALWAYS) <= set(RULES)


@pytest.mark.parametrize("number", range(1, 46))
def test_every_number_of_the_reference_has_become_something(number: int):
    if number in ELSEWHERE:
        module, _, function = ELSEWHERE[number].partition(":")
        assert callable(getattr(importlib.import_module(module), function))
    else:
        assert set(NUMBERED[number]) <= BY_NAME.keys()
