"""What a changed configuration finds in the state files of the kubelet before it."""

import pytest

from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.state_files import state_file_conflicts
from tests.kubelet.configurations import TWO_SOCKETS, of

STATIC = {"cpuManagerPolicy": "static", "kubeReserved": {"cpu": "1"}}
STRICT = {**STATIC, "cpuManagerPolicyOptions": {"strict-cpu-reservation": "true"}}


def _memory(*shares: str):
    return {
        "memoryManagerPolicy": "Static",
        "reservedMemory": [{"numaNode": node, "limits": {"memory": size}} for node, size in enumerate(shares)],
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({}, {"maxPods": 64}),
        ({}, {"cpuManagerPolicy": "none"}),
        ({"kubeReserved": {"cpu": "1"}}, {"kubeReserved": {"cpu": "2"}}),
        (STATIC, {**STATIC, "cpuManagerPolicyOptions": {"full-pcpus-only": "true"}}),
        (STATIC, {**STATIC, "kubeReserved": {"cpu": "900m"}}),
        (_memory("50Mi", "50Mi"), _memory("51200Ki", "50Mi")),
    ],
)
def test_changes_that_the_state_files_do_not_mind(old, new):
    assert state_file_conflicts(of(**old), of(**new)) == ()


@pytest.mark.parametrize(
    ("old", "new", "file", "certain", "text"),
    [
        ({}, STATIC, "cpu_manager_state", True, 'configured policy "static" differs from state checkpoint'),
        (STATIC, {}, "cpu_manager_state", True, 'policy "none" differs from state checkpoint policy "static"'),
        (STATIC, STRICT, "cpu_manager_state", True, "present in defaultCpuSet"),
        (STRICT, STATIC, "cpu_manager_state", True, "not all reserved cpus"),
        (STRICT, {**STRICT, "kubeReserved": {"cpu": "2"}}, "cpu_manager_state", True, "strictly reserved"),
        (STATIC, {**STATIC, "kubeReserved": {"cpu": "2"}}, "cpu_manager_state", False, "may not start"),
        (STATIC, {**STATIC, "reservedSystemCPUs": "7"}, "cpu_manager_state", False, "may not start"),
        ({}, _memory("50Mi", "50Mi"), "memory_manager_state", True, "differs from state checkpoint"),
        (_memory("50Mi", "50Mi"), _memory("60Mi", "40Mi"), "memory_manager_state", True, "expected machine state"),
    ],
)
def test_changes_that_the_kubelet_does_not_start_over(old, new, file, certain, text):
    (conflict,) = state_file_conflicts(of(**old), of(**new))
    assert (conflict.file, conflict.certain) == (file, certain)
    assert text in conflict.problem.problem
    assert file in conflict.problem.fix


def test_a_machine_that_changed_under_a_static_policy():
    smaller = NodeMachine(memory=TWO_SOCKETS.memory - 2**20)
    (conflict,) = state_file_conflicts(of(**_memory("50Mi", "50Mi")), of(smaller, **_memory("50Mi", "50Mi")))
    assert conflict.file == "memory_manager_state"
    (conflict,) = state_file_conflicts(of(**STATIC), of(NodeMachine(threads=1), **STATIC))
    assert conflict.file == "cpu_manager_state"
    assert state_file_conflicts(of(), of(smaller)) == ()
