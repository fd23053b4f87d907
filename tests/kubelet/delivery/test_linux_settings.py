"""Kernel settings ride along where a platform has a way, and are refused elsewhere; read back they mean the same."""

import subprocess

import pytest
from hypothesis import given, strategies as st

from gpucloud.facts.kubelet_platforms import KubeletPlatform
from gpucloud.kubelet.delivery import UndeliverableError, read_for, render_for
from gpucloud.kubelet.delivery.linux_script import linux_script, read_linux_script

BY_SCRIPT: tuple[KubeletPlatform, ...] = ("ack", "kubeadm", "nodeadm", "tke")
LINUX = {
    "hugepages_2mi": 64,
    "kernel.numa_balancing": "0",
    "memlock": "unlimited",
    "modules": ["nvidia_peermem"],
    "net.core.rmem_max": "2147483647",
    "transparent_hugepages": "never",
}


@pytest.mark.parametrize("platform", BY_SCRIPT)
def test_a_script_brings_all_of_them(platform: KubeletPlatform) -> None:
    assert read_for(render_for(platform, {"maxPods": 64}, LINUX)) == ({"maxPods": 64}, LINUX)


@pytest.mark.parametrize(
    ("platform", "name"), [("karpenter", "net.core.rmem_max"), ("bottlerocket", "hugepages_2mi"), ("aks", "memlock")]
)
def test_what_no_way_leads_to_is_refused(platform: KubeletPlatform, name: str) -> None:
    with pytest.raises(UndeliverableError, match=name):
        render_for(platform, {}, {name: LINUX[name]})


def test_bottlerocket_has_settings_for_most() -> None:
    linux = {name: value for name, value in LINUX.items() if name != "hugepages_2mi"}
    assert read_for(render_for("bottlerocket", {"maxPods": 64}, linux)) == ({"maxPods": 64}, linux)


def test_the_script_is_one_that_a_shell_reads() -> None:
    assert subprocess.run(["sh", "-n", "-c", linux_script(LINUX)], check=False).returncode == 0


@given(
    st.dictionaries(st.from_regex(r"\A[a-z]{1,8}\.[a-z_]{1,12}\Z"), st.from_regex(r"\A[0-9a-z]{1,9}( [0-9]{1,5})?\Z"))
)
def test_sysctls_come_back(sysctls: dict[str, str]) -> None:
    assert read_linux_script(linux_script(sysctls)) == sysctls
