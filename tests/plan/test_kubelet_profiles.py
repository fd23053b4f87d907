"""Every profile on every machine type for every platform: it renders, comes back as it was, and nothing is found."""

import json

import pytest

from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS, takes, unsupported
from gpucloud.facts.kubelet_profiles import PROFILES, profile_settings
from gpucloud.facts.machine_types import clouds, machine_types
from gpucloud.kubelet.delivery import read_for, render_for
from gpucloud.kubelet.judge import judge
from gpucloud.plan.kubelet import resolve_kubelet
from gpucloud.spec.kubelet import KubeletSpec


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
@pytest.mark.parametrize("cloud", clouds())
def test_every_profile_on_every_machine_type(cloud, platform):
    seen: set[str] = set()
    for machine_type in machine_types(cloud):
        for profile in PROFILES:
            kubelet = resolve_kubelet(KubeletSpec(profile=profile), platform, machine_type)
            where = (machine_type.name, profile)
            assert kubelet.values, where
            key = json.dumps([kubelet.effective, str(kubelet.machine)], sort_keys=True)
            if key in seen:
                continue
            seen.add(key)
            assert unsupported(platform, kubelet.values) == (), where
            assert judge(kubelet.effective, kubelet.machine).findings == (), where
            assert read_for(render_for(platform, kubelet.values)) == (dict(kubelet.values), {}), where
    assert len(seen) > len(PROFILES)


@pytest.mark.parametrize("minor", range(31, 36))
@pytest.mark.parametrize("platform", ["aks", "bottlerocket", "gke", "nodeadm"])
def test_every_profile_under_older_kubelets(platform, minor):
    for cloud in clouds():
        for machine_type in machine_types(cloud)[::6]:
            for profile in PROFILES:
                kubelet = resolve_kubelet(KubeletSpec(profile=profile), platform, machine_type, minor=minor)
                found = judge(kubelet.effective, kubelet.machine, minor=minor).findings
                assert found == (), (machine_type.name, profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_whole_file_carries_every_row_of_a_profile(profile):
    machine_type = next(kind for kind in machine_types("aws") if kind.name == "p5.48xlarge")
    values = resolve_kubelet(KubeletSpec(profile=profile), "kubeadm", machine_type).values
    rows = {setting.field: setting.value for setting in profile_settings(profile)}
    assert {key: values[key] for key in rows} == rows
    assert sorted({*values} - {*rows}) == ["kubeReserved"]


def test_platforms_without_a_field_leave_the_profiles_key_out():
    machine_type = next(kind for kind in machine_types("gcp") if kind.name == "a3-megagpu-8g")
    rows = {setting.field: setting.value for setting in profile_settings("training")}
    values = resolve_kubelet(KubeletSpec(profile="training"), "gke", machine_type).values
    assert "registryPullQPS" in rows
    assert not takes("gke", "registryPullQPS", rows["registryPullQPS"])
    assert "registryPullQPS" not in values
