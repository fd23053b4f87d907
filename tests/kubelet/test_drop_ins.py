"""Drop-ins against what mergeKubeletConfigurations of kubelet 1.36.3 was measured to make of them."""

from typing import Any

import pytest

from gpucloud.kubelet.drop_ins import read_with_drop_ins
from gpucloud.kubelet.eviction import DEFAULT_EVICTION_HARD
from gpucloud.kubelet.judge import judge
from tests.kubelet.case import HEAD


def merged(main: str, *drop_ins: str) -> dict[str, Any]:
    files = {f"{number}.conf": HEAD + text for number, text in enumerate(drop_ins)}
    read = read_with_drop_ins(HEAD + main, files, file="main")
    assert [finding for finding in read.findings if finding.level == "kubelet"] == []
    return {key: value for key, value in read.values.items() if key not in {"apiVersion", "kind"}}


@pytest.mark.parametrize(
    ("main", "drop_in", "values"),
    [
        ("maxPods: 7\n", "port: 5\n", {"maxPods": 7, "port": 5}),
        ("maxPods: 7\n", "maxPods: 5\n", {"maxPods": 5}),
        ("maxPods: 7\n", "maxPods: null\n", {}),
        ("", "maxpods: -1\n", {"maxPods": -1}),
        ("maxPods: 7\n", "MAXPODS: 5\n", {"maxPods": 7}),
        ("", "memorySwap: {swapbehavior: LimitedSwap}\n", {"memorySwap": {"swapBehavior": "LimitedSwap"}}),
        ("clusterDNS: [a, b]\n", "clusterDNS: [c]\n", {"clusterDNS": ["c"]}),
        ("kubeReserved: {cpu: '1'}\n", "kubeReserved: {pid: '5'}\n", {"kubeReserved": {"cpu": "1", "pid": "5"}}),
        ("", "maxParallelImagePulls: 5\n", {"maxParallelImagePulls": 5, "serializeImagePulls": True}),
        ("", "nodeStatusUpdateFrequency: 20s\n", {"nodeStatusUpdateFrequency": "20s"}),
        ("enforceNodeAllocatable: []\n", "maxPods: 5\n", {"maxPods": 5}),
        ("", "maxPods: 5.0\nunknown: 1\n", {"maxPods": 5}),
    ],
)
def test_a_drop_in_is_merged_as_the_kubelet_does_it(main: str, drop_in: str, values: dict[str, Any]):
    found = merged(main, drop_in)

    assert {key: found.get(key) for key in values} == values
    assert found.keys() - values.keys() <= {"nodeStatusReportFrequency"}


@pytest.mark.parametrize(
    ("main", "drop_in", "hard"),
    [
        ("", "maxPods: 5\n", None),
        ("", "evictionHard: {memory.available: 1Gi}\n", {**DEFAULT_EVICTION_HARD, "memory.available": "1Gi"}),
        ("evictionHard: {a: b}\n", "evictionHard: {c: d}\n", {"a": "b", "c": "d"}),
        ("evictionHard: {a: b}\n", "evictionHard: null\n", {}),
        ("evictionHard: {a: b}\n", "mergeDefaultEvictionSettings: true\n", {"a": "b"}),
        (
            "evictionHard: {a: b}\nmergeDefaultEvictionSettings: true\n",
            "port: 5\n",
            {**DEFAULT_EVICTION_HARD, "a": "b"},
        ),
    ],
)
def test_thresholds_are_merged_with_the_main_files_defaults(main: str, drop_in: str, hard: dict[str, str] | None):
    assert merged(main, drop_in).get("evictionHard") == hard


def test_files_are_taken_in_the_order_of_their_paths_and_only_conf():
    files = {name: f"{HEAD}maxPods: {pods}\n" for pods, name in enumerate(["20.conf", "10.conf", "5.conf", "z.yaml"])}
    files["5.conf.d/.conf"] = f"{HEAD}port: 7\n"
    read = read_with_drop_ins(HEAD, files, file="main")

    assert read.values["maxPods"] == 2
    assert read.values["port"] == 7
    assert [(finding.path, finding.level) for finding in read.findings] == [("z.yaml", "ignored")]


@pytest.mark.parametrize(
    ("drop_in", "rule"),
    [
        (f"{HEAD}maxPods: 5\nmaxPods: 6\n", "key-stands-once"),
        ("maxPods: 5\n", "file-is-a-kubelet-configuration"),
        ("", "file-is-a-kubelet-configuration"),
        (HEAD.replace("v1beta1", "v1"), "file-is-a-kubelet-configuration"),
        (HEAD + "podLogsDir: logs\n", "pod-logs-have-a-clean-absolute-path"),
        ("a: [", "file-can-be-parsed"),
    ],
)
def test_a_drop_in_that_stops_the_kubelet_is_named(drop_in: str, rule: str):
    found = read_with_drop_ins(HEAD, {"x.conf": drop_in}, file="main").findings

    assert {finding.rule for finding in found if finding.level == "kubelet"} == {rule}
    assert all("x.conf" in finding.path for finding in found)


def test_a_wrong_kind_that_a_later_file_overrides_is_nothing():
    assert judge(merged("", 'maxPods: "5"\n', "maxPods: 6\n")).ok
    assert not judge(merged("", "maxPods: 6\n", 'maxPods: "5"\n')).ok


def test_what_a_drop_in_says_in_vain_is_told_once():
    text = f"{HEAD}mergeDefaultEvictionSettings: true\nmaxPodz: 5\n"
    read = read_with_drop_ins(HEAD, {"a.conf": text}, file="main")
    found = [*read.findings, *judge(read.values).findings]

    assert sorted((finding.rule, finding.path, finding.level) for finding in found) == [
        ("drop-in-is-read", "a.conf: mergeDefaultEvictionSettings", "ignored"),
        ("field-is-known", "a.conf: maxPodz", "ignored"),
    ]


def test_quantities_of_the_main_file_are_spelled_anew():
    reserved = "reservedMemory: [{numaNode: 0, limits: {memory: 2664.5Mi}}]\n"

    assert merged(reserved, "maxPods: 5\n")["reservedMemory"][0]["limits"] == {"memory": "2728448Ki"}
