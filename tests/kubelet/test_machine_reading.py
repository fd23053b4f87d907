"""Machines described in a file or a comment."""

import pytest

from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.machine_reading import machine_in_comment, machine_of


def test_what_is_left_out_is_the_default():
    assert machine_of({}) == NodeMachine()
    assert machine_of({"memory": "1Gi", "ephemeralStorage": 5, "cgroup": "v1", "swap": True}) == NodeMachine(
        memory=2**30, ephemeral_storage=5, cgroup="v1", swap=True
    )


def test_all_problems_are_told_at_once():
    with pytest.raises(ValueError, match="sockets") as refusal:
        machine_of({"sockets": 0, "core": 5, "memory": "1GB", "cgroup": "v3", "swap": "no", "cpulessNuma": -1})

    for word in ("did you mean cores", "memory", "cgroup", "swap", "cpulessNuma"):
        assert word in str(refusal.value)


@pytest.mark.parametrize("description", [{"cores": 1, "numa": 2}, {"cores": True}, {"memory": "0"}, {"memory": "0.5"}])
def test_a_machine_that_cannot_be_is_refused(description: dict[str, object]):
    with pytest.raises(ValueError, match=r"cores|memory"):
        machine_of(description)


@pytest.mark.parametrize("text", ["", "# machine\n", "a: b\n# machine: {}\n", "# machines: {}\n"])
def test_a_text_without_the_comment_has_no_machine(text: str):
    assert machine_in_comment(text) is None


@pytest.mark.parametrize("text", ["# machine: {]}", "# machine: {" + '"a":{' * 50_000 + "}"])
def test_a_broken_comment_is_refused(text: str):
    with pytest.raises(ValueError, match="JSON"):
        machine_in_comment(text)
