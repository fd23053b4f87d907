"""Every profile on every machine type for every platform passes the kubelet's own check."""

import pytest

from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.facts.kubelet_profiles import PROFILES
from gpucloud.facts.machine_types import clouds, machine_types
from gpucloud.plan.kubelet import resolve_kubelet
from gpucloud.spec.kubelet import KubeletSpec
from tests.kubelet.test_differential import file_of


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
def test_what_a_profile_delivers_starts_a_kubelet(oracle, platform):
    files = set()
    for cloud in clouds():
        for machine_type in machine_types(cloud):
            for profile in PROFILES:
                kubelet = resolve_kubelet(KubeletSpec(profile=profile), platform, machine_type)
                assert kubelet.effective
                files.add(file_of(dict(kubelet.effective), kubelet.machine))
    answers = {file: oracle.judge(file) for file in sorted(files)}
    assert {file: answer["problems"] for file, answer in answers.items() if not answer["ok"]} == {}
    assert len(answers) > 100


def test_numa_intent_with_memory_starts_a_kubelet(oracle):
    numa = {"align": "restricted", "memory": True}
    for cloud in clouds():
        for machine_type in machine_types(cloud):
            spec = KubeletSpec.model_validate({"profile": "training", "numa": numa})
            kubelet = resolve_kubelet(spec, "kubeadm", machine_type)
            answer = oracle.judge(file_of(dict(kubelet.effective), kubelet.machine))
            assert answer["ok"], (machine_type.name, answer["problems"])
            assert kubelet.values["reservedMemory"]
