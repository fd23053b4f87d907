"""Files as the kubelet reads them, and files that are meant to do harm."""

import json
import tracemalloc

import pytest

from gpucloud.kubelet.bounds import LARGEST_FILE
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.reading import read_file
from tests.kubelet.case import HEAD

META = {"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration"}
JSON = json.dumps(META)[1:-1]


def rules_of(text: str | bytes, *, drop_in: bool = False) -> list[tuple[str, str, str]]:
    found = read_file(text, file="f", drop_in=drop_in).findings
    return [(finding.rule, finding.path, finding.level) for finding in found]


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD.encode(),
        "\ufeff" + HEAD,
        HEAD.replace("\n", "\r\n"),
        f"---\n{HEAD}...\n",
        f"%YAML 1.1\n---\n{HEAD}",
        f" \n{{{JSON}}}",
        b"\xff\xfe" + HEAD.encode("utf-16-le"),
        f'# machine: {{"cores": 8}}\n{HEAD}',
    ],
)
def test_a_file_is_read_without_findings(data: str | bytes):
    read = read_file(data)

    assert read.values == META
    assert read.findings == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "file-is-a-kubelet-configuration"),
        ("# nothing\n", "file-is-a-kubelet-configuration"),
        ("---\n...\n", "file-is-a-kubelet-configuration"),
        ("- a\n", "file-is-a-kubelet-configuration"),
        ("apiVersion: kubelet.config.k8s.io/v1beta1\n", "file-is-a-kubelet-configuration"),
        ("{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration}", "file-can-be-parsed"),
        (f"{{{JSON},}}", "file-can-be-parsed"),
        (f'{{{JSON},"maxPods":NaN}}', "file-can-be-parsed"),
        (f'{{{JSON},"maxPods":{"9" * 5000}}}', "file-can-be-parsed"),
        (f"{HEAD}evictionHard:\n\tmemory.available: 1Gi\n", "file-can-be-parsed"),
        (f"{HEAD}cpuManagerPolicy: a\x00b\n", "file-can-be-parsed"),
        (f"{HEAD}a: &a [*a]\n", "file-can-be-parsed"),
        (HEAD.encode() + b"cpuManagerPolicy: \xff\n", "file-is-text"),
        (f"{HEAD}cpuManagerPolicy: \ud800\n", "file-is-text"),
        (f"{HEAD}a: {'[' * 5000}", "file-is-of-a-size"),
        (f'{{{JSON},"a":{"[" * 100_000}', "file-is-of-a-size"),
        (HEAD + "#" * LARGEST_FILE, "file-is-of-a-size"),
        (f'# machine: {{"cores": 0}}\n{HEAD}', "machine-is-described"),
        (f"# machine: {{cores: 1}}\n{HEAD}", "machine-is-described"),
    ],
)
def test_what_cannot_be_read_is_one_finding_that_stops(text: str | bytes, rule: str):
    found = rules_of(text)

    assert {name for name, _, _ in found} == {rule}
    assert {level for _, _, level in found} == {"kubelet"}


def test_a_bomb_takes_neither_memory_nor_a_traceback():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    bomb = HEAD + "\n".join(lines)

    tracemalloc.start()
    try:
        found = [rules_of(bomb), rules_of(b"x" * 10_000_000)]
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert found == [[("file-is-of-a-size", "f", "kubelet")]] * 2
    assert most < 32 * 2**20


def test_the_first_document_counts_and_the_rest_is_told():
    read = read_file(f"{HEAD}maxPods: 5\n---\nmaxPods: 6\n", file="f")

    assert read.values["maxPods"] == 5
    assert [(finding.rule, finding.level) for finding in read.findings] == [("file-has-one-document", "ignored")]


def test_doubled_keys_are_ignored_in_a_main_file_and_stop_in_a_drop_in():
    text = f"{HEAD}maxPods: 5\nmaxPods: 6\n"

    assert read_file(text).values["maxPods"] == 6
    assert rules_of(text) == [("key-stands-once", "maxPods", "ignored")]
    assert rules_of(text, drop_in=True) == [("key-stands-once", "maxPods", "kubelet")]


def test_doubled_keys_of_json_grow_together():
    text = f'{{{JSON},"evictionHard":{{"a":"1"}},"evictionHard":{{"b":"2"}},"maxPods":5,"maxPods":null}}'

    assert read_file(text).values == {**META, "evictionHard": {"a": "1", "b": "2"}, "maxPods": 5}


def test_kind_is_found_in_any_case_and_the_last_one_counts():
    assert read_file(HEAD.replace("kind", "KIND")).findings == ()
    assert not judge(read_file(HEAD + "kinD: 5\n").values).ok
    assert judge(read_file(HEAD.replace("v1beta1", "v1") + f"apiversioN: {META['apiVersion']}\n").values).ok
    assert rules_of(HEAD.replace("kind", "KIND"), drop_in=True) == [
        ("file-is-a-kubelet-configuration", "kind", "kubelet")
    ]


def test_half_a_surrogate_pair_can_be_printed():
    policy = read_file(f'{{{JSON},"cpuManagerPolicy":"\\ud800"}}').values["cpuManagerPolicy"]

    assert policy == "\ufffd"


def test_the_machine_comes_from_the_first_line():
    assert read_file(f'# machine: {{"cores": 8, "sockets": 1, "numa": 1}}\n{HEAD}').machine == NodeMachine(
        cores=8, sockets=1, numa=1
    )
    assert read_file(f'{HEAD}# machine: {{"cores": 8}}\n').machine is None
