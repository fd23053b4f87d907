"""What a platform asks of two keys together: each check holds and is broken once."""

from typing import Any

import pytest

from gpucloud.facts.kubelet_comparisons import comparisons
from gpucloud.facts.kubelet_fields import kubelet_field
from gpucloud.facts.kubelet_platforms import (
    KUBELET_PLATFORMS,
    KubeletPlatform,
    kubelet_setting,
    unsupported,
)
from gpucloud.facts.tables import read_table

ROWS = read_table("kubelet_comparisons")
HIGH, LOW = "imageGCHighThresholdPercent", "imageGCLowThresholdPercent"
SOFT, GRACE = {"memory.available": "2Gi"}, {"memory.available": "90s"}
MORE_SOFT, MORE_GRACE = {**SOFT, "pid.available": "20%"}, {**GRACE, "pid.available": "1m"}
CASES: list[tuple[KubeletPlatform, str, dict[str, Any], dict[str, Any]]] = [
    ("aks", LOW, {LOW: 80, HIGH: 80}, {LOW: 81, HIGH: 80}),
    ("gke", LOW, {LOW: 79, HIGH: 80}, {LOW: 80, HIGH: 80}),
    ("karpenter", LOW, {LOW: 79, HIGH: 80}, {LOW: 80, HIGH: 80}),
    (
        "gke",
        "imageMaximumGCAge",
        {"imageMaximumGCAge": "0s", "imageMinimumGCAge": "2m"},
        {"imageMaximumGCAge": "120s", "imageMinimumGCAge": "2m"},
    ),
    (
        "gke",
        "shutdownGracePeriodCriticalPods",
        {"shutdownGracePeriodCriticalPods": "30s", "shutdownGracePeriod": "30s"},
        {"shutdownGracePeriodCriticalPods": "1m", "shutdownGracePeriod": "30s"},
    ),
    *(
        case
        for platform in ("gke", "karpenter")
        for case in (
            (
                platform,
                "evictionSoft",
                {"evictionSoft": SOFT, "evictionSoftGracePeriod": GRACE},
                {"evictionSoft": MORE_SOFT, "evictionSoftGracePeriod": GRACE},
            ),
            (
                platform,
                "evictionSoftGracePeriod",
                {"evictionSoft": MORE_SOFT, "evictionSoftGracePeriod": MORE_GRACE},
                {"evictionSoft": SOFT, "evictionSoftGracePeriod": MORE_GRACE},
            ),
        )
    ),
    *(
        ("karpenter", field, {field: {"memory.available": good}}, {field: {"containerfs.available": good}})
        for field, good in (
            ("evictionHard", "1Gi"),
            ("evictionMinimumReclaim", "1Gi"),
            ("evictionSoft", "1Gi"),
            ("evictionSoftGracePeriod", "1m"),
        )
    ),
    *(
        ("karpenter", field, {field: {"cpu": "1"}}, {field: {"hugepages-2Mi": "1Gi"}})
        for field in ("kubeReserved", "systemReserved")
    ),
]


@pytest.mark.parametrize(("platform", "field", "good", "bad"), CASES)
def test_check_holds_and_is_broken(
    platform: KubeletPlatform, field: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    assert unsupported(platform, good) == ()
    (problem,) = unsupported(platform, bad)
    assert problem.path == field
    assert problem.fix


def test_every_row_has_a_case() -> None:
    broken = {
        (platform, problem.path, problem.problem.count(" key that ") > 0)
        for platform, _, _, bad in CASES
        for problem in comparisons(platform, bad)
    }
    assert broken == {(row["platform"], row["field"], row["check"] == "known-keys") for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['platform']} {row['field']} {row['check']}")
def test_row_is_about_keys_that_the_platform_takes(row: dict[str, str]) -> None:
    platform = next(name for name in KUBELET_PLATFORMS if name == row["platform"])
    for field in filter(None, (row["field"], row["other"])):
        assert kubelet_field(field) is not None
        assert kubelet_setting(platform, field) is not None
    assert row["source"]
    assert bool(row["other"]) != bool(row["values"])


def test_one_key_alone_is_not_compared() -> None:
    assert unsupported("gke", {LOW: 85}) == ()
    assert unsupported("karpenter", {"evictionSoft": SOFT}) == ()


def test_value_of_another_kind_is_said_once() -> None:
    (problem,) = unsupported("gke", {LOW: "70", HIGH: 80})
    assert problem.problem == "GKE refuses it: takes a whole number, not 70"
