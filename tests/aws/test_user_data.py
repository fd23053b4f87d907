"""The text that nodes boot with, read back by parsers that know nothing of it."""

import configparser
import dataclasses
import email
import email.policy
import json
import os
import subprocess
import tomllib

import pytest
import yaml

from gpucloud import InvalidInputError
from gpucloud.aws.compute_mode import UNIT
from gpucloud.aws.user_data import USER_DATA_LIMIT, JoinFacts, user_data
from gpucloud.facts.kubelet_fields import kubelet_field
from gpucloud.facts.kubelet_platforms import kubelet_settings
from gpucloud.kubelet.delivery.linux_script import read_linux_script
from gpucloud.plan.hosts_toml import hosts_toml
from gpucloud.plan.mirror_model import MirrorPlan
from gpucloud.plan.seccomp import seccomp_profile

KUBELET = {
    "cpuManagerPolicy": "static",
    "topologyManagerPolicy": "restricted",
    "topologyManagerScope": "pod",
    "evictionHard": {
        "imagefs.inodesFree": "5%",
        "memory.available": "500Mi",
        "nodefs.available": "10%",
        "nodefs.inodesFree": "5%",
    },
    "kubeReserved": {"cpu": "500m", "memory": "1Gi"},
    "maxPods": 58,
    "seccompDefault": True,
    "cpuManagerReconcilePeriod": "5s",
    "allowedUnsafeSysctls": ["net.core.somaxconn", "kernel.msg*"],
}
OWN = {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}, "driver_owner": "host"}
JOIN = JoinFacts("theirs", "https://api", "Q0E=", "172.20.0.0/16")


def node_config(text):
    """Return the one NodeConfig of a MIME message, which must have no defect."""
    message = email.message_from_string(text, policy=email.policy.default)
    assert message.get_content_type() == "multipart/mixed"
    assert not message.defects
    (part,) = message.iter_parts()
    assert not part.defects
    assert part.get_content_type() == "application/node.eks.aws"
    return yaml.safe_load(part.get_payload())


def test_the_node_config_of_al2023_parses_and_holds_the_kubelet_block(plan_pool):
    config = node_config(user_data(plan_pool(kubelet=KUBELET)))
    assert config["apiVersion"] == "node.eks.aws/v1alpha1"
    assert config["kind"] == "NodeConfig"
    assert config["spec"] == {
        "kubelet": {"config": KUBELET},
        "instance": {"localStorage": {"strategy": "RAID0"}},
    }


def test_the_message_names_its_version_and_ends_its_boundary(plan_pool):
    text = user_data(plan_pool())
    assert text.startswith("MIME-Version: 1.0\n")
    assert text.endswith("--\n")
    assert text.isascii()


@pytest.mark.parametrize(("local", "strategy"), [("raid0", "RAID0"), ("raid10", "RAID10"), ("mount", "Mount")])
def test_the_strategy_for_local_drives_is_nodeadms_word(plan_pool, local, strategy):
    config = node_config(user_data(plan_pool(local_nvme=local)))
    assert config["spec"]["instance"]["localStorage"]["strategy"] == strategy


def test_a_machine_without_drives_or_kubelet_block_needs_no_user_data(plan_pool):
    assert user_data(plan_pool(local_nvme="none")) is None
    assert user_data(plan_pool(machine_type="p3.2xlarge")) is None
    assert user_data(plan_pool(local_nvme="none", image={"family": "bottlerocket"})) is None


def test_yaml_does_not_change_what_looks_like_another_type(plan_pool):
    tricky = {"evictionHard": {"memory.available": "10"}, "clusterDomain": "no", "podCIDR": "1e3"}
    config = node_config(user_data(plan_pool(kubelet=tricky)))
    assert config["spec"]["kubelet"]["config"] == tricky


def test_an_own_image_is_told_of_its_cluster_labels_and_taints(plan_pool):
    pool = plan_pool(labels={"team": "a"}, taints=[{"key": "tier", "effect": "NoExecute"}], **OWN)
    spec = node_config(user_data(pool, JOIN))["spec"]
    assert spec["cluster"] == {
        "name": "theirs", "apiServerEndpoint": "https://api", "certificateAuthority": "Q0E=", "cidr": "172.20.0.0/16"
    }  # fmt: skip
    labels, taints = spec["kubelet"]["flags"]
    assert dict(entry.split("=") for entry in labels.removeprefix("--node-labels=").split(",")) == dict(pool.labels)
    assert taints == "--register-with-taints=nvidia.com/gpu=present:NoSchedule,tier=:NoExecute"


def test_an_own_image_without_taints_has_no_flag_for_them(plan_pool):
    spec = node_config(user_data(plan_pool(gpu_taint=False, **OWN), JOIN))["spec"]
    assert len(spec["kubelet"]["flags"]) == 1


def test_the_settings_of_bottlerocket_load_and_keep_their_types(plan_pool):
    settings = tomllib.loads(user_data(plan_pool(kubelet=KUBELET, image={"family": "bottlerocket"})))["settings"]
    assert settings["kubernetes"] == {
        "cpu-manager-policy": "static",
        "topology-manager-policy": "restricted",
        "topology-manager-scope": "pod",
        "eviction-hard": KUBELET["evictionHard"],
        "kube-reserved": {"cpu": "500m", "memory": "1Gi"},
        "max-pods": 58,
        "seccomp-default": True,
        "cpu-manager-reconcile-period": "5s",
        "allowed-unsafe-sysctls": ["net.core.somaxconn", "kernel.msg*"],
    }
    commands = settings["bootstrap-commands"]["local-nvme"]
    assert commands["commands"][0] == ["apiclient", "ephemeral-storage", "init"]
    assert commands["essential"] is True


LINUX = {
    "sysctls": {"kernel.numa_balancing": 0},
    "memlock": "unlimited",
    "modules": ["nvidia_peermem"],
    "transparent_hugepages": "never",
}


def test_kernel_settings_are_a_script_before_the_kubelets(plan_pool):
    pool = plan_pool(linux={**LINUX, "hugepages_2mi": 64}, kubelet={"maxPods": 58}, local_nvme="none")
    message = email.message_from_string(user_data(pool), policy=email.policy.default)
    script, config = message.iter_parts()
    assert script.get_content_type() == "text/x-shellscript"
    assert script.get_content().startswith("#!/bin/sh\nset -eu\n")
    assert read_linux_script(script.get_content()) == {**pool.linux.settings, "modules": ["nvidia_peermem"]}
    assert yaml.safe_load(config.get_content())["spec"] == {"kubelet": {"config": {"maxPods": 58}}}


def test_kernel_settings_alone_are_user_data(plan_pool):
    message = email.message_from_string(
        user_data(plan_pool(linux=LINUX, local_nvme="none")), policy=email.policy.default
    )
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/x-shellscript"]


def test_the_compute_mode_is_set_by_a_unit(plan_pool, tmp_path):
    pool = plan_pool(compute_mode="exclusive-process", local_nvme="none")
    (part,) = email.message_from_string(user_data(pool), policy=email.policy.default).iter_parts()
    called = tmp_path / "systemctl"
    called.write_text(f"#!/bin/sh\necho $* >> {tmp_path}/calls\n", "utf-8")
    called.chmod(0o755)
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GPUCLOUD_ROOT": str(tmp_path)}
    subprocess.run(["sh"], input=part.get_content(), env=path, check=True, text=True)
    unit = configparser.ConfigParser()
    unit.read_string((tmp_path / UNIT.removeprefix("/")).read_text("utf-8"))
    assert unit["Service"]["ExecStart"] == "/usr/bin/nvidia-smi --compute-mode=EXCLUSIVE_PROCESS"
    assert unit["Unit"]["After"] == "nvidia-persistenced.service"
    calls = (tmp_path / "calls").read_text("utf-8").splitlines()
    assert calls == ["daemon-reload", "enable --now gpucloud-compute-mode.service"]


def test_the_seccomp_profile_is_a_file_where_the_kubelet_looks(plan_pool, tmp_path):
    pool = plan_pool(seccomp_profile=True, local_nvme="none")
    (part,) = email.message_from_string(user_data(pool), policy=email.policy.default).iter_parts()
    path = {"PATH": os.environ["PATH"], "GPUCLOUD_ROOT": str(tmp_path)}
    subprocess.run(["sh"], input=part.get_content(), env=path, check=True, text=True)
    written = tmp_path / "var/lib/kubelet/seccomp/gpucloud.json"
    assert json.loads(written.read_text("utf-8")) == seccomp_profile()
    assert len(user_data(pool).encode()) < USER_DATA_LIMIT / 2


MIRRORS = (MirrorPlan("docker.io", "https://m.example.com"), MirrorPlan("nvcr.io", "https://m.example.com/nvcr"))


def test_mirrors_are_files_that_a_script_writes(plan_pool, tmp_path):
    pool = dataclasses.replace(plan_pool(local_nvme="none"), mirrors=MIRRORS)
    (part,) = email.message_from_string(user_data(pool), policy=email.policy.default).iter_parts()
    script = part.get_content()
    subprocess.run(["sh"], input=script, env={"GPUCLOUD_ROOT": str(tmp_path), **os.environ}, check=True, text=True)
    for mirror in MIRRORS:
        written = tmp_path / "etc/containerd/certs.d" / mirror.registry / "hosts.toml"
        assert written.read_text("utf-8") == hosts_toml(mirror)


def test_mirrors_of_bottlerocket_are_settings(plan_pool):
    pool = dataclasses.replace(plan_pool(image={"family": "bottlerocket"}), mirrors=MIRRORS[:1])
    settings = tomllib.loads(user_data(pool))["settings"]
    assert settings["container-registry"]["mirrors"] == [
        {"registry": "docker.io", "endpoint": ["https://m.example.com"]}
    ]


def test_bottlerockets_own_plugin_is_told_of_turns_in_its_settings(plan_pool):
    sharing = {"type": "time-slicing", "replicas": 6}
    settings = tomllib.loads(user_data(plan_pool(image={"family": "bottlerocket"}, sharing=sharing)))["settings"]
    assert settings["kubelet-device-plugins"]["nvidia"] == {
        "device-sharing-strategy": "time-slicing",
        "time-slicing": {"replicas": 6, "rename-by-default": False, "fail-requests-greater-than-one": True},
    }


def test_bottlerocket_has_settings_of_its_own_for_the_kernel(plan_pool):
    settings = tomllib.loads(user_data(plan_pool(image={"family": "bottlerocket"}, linux=LINUX, local_nvme="none")))
    assert settings["settings"] == {
        "boot": {"kernel-parameters": {"transparent_hugepage": ["never"]}, "reboot-to-reconcile": True},
        "kernel": {
            "modules": {"nvidia_peermem": {"allowed": True, "autoload": True}},
            "sysctl": {"kernel.numa_balancing": "0"},
        },
        "oci-defaults": {
            "resource-limits": {"max-locked-memory": {"hard-limit": "unlimited", "soft-limit": "unlimited"}}
        },
    }


def test_kernel_setting_of_two_lines_is_refused(plan_pool):
    with pytest.raises(InvalidInputError, match=r"linux\.sysctls\[net\.core\.rmem_max\]: .*more than one line"):
        plan_pool(linux={"sysctls": {"net.core.rmem_max": "1\nrm"}})


SAMPLES = {
    "true or false": True,
    "a whole number": 7,
    "a number": 7,
    "text": "text",
    "a duration such as 10s": "10s",
    "a quantity such as 10Mi": "10Mi",
    "a map of text": {"memory.available": "10%", 'odd "key"': "1"},
    "a map of true or false": {"One": True},
    "a list of text": ["a", 'b"c'],
    "a list of whole numbers": [1],
}


@pytest.mark.parametrize(
    "setting",
    [setting for setting in kubelet_settings("bottlerocket") if setting.form.kind == "any"],
    ids=lambda setting: setting.field,
)
def test_every_key_that_bottlerocket_takes_renders_under_its_name(plan_pool, setting):
    value = SAMPLES[kubelet_field(setting.field).kind]
    # Below the rules about values: what is looked at here is the rendering of each kind.
    pool = dataclasses.replace(
        plan_pool(image={"family": "bottlerocket"}, local_nvme="none"), kubelet={setting.field: value}
    )
    assert tomllib.loads(user_data(pool)) == {"settings": {"kubernetes": {setting.setting: value}}}


def test_user_data_of_exactly_the_limit_is_taken_and_one_byte_more_refused(plan_pool):
    def pool_of(length):
        return plan_pool(kubelet={"clusterDomain": "d" * length}, local_nvme="none")

    rest = USER_DATA_LIMIT - len(user_data(pool_of(1)).encode()) + 1
    assert len(user_data(pool_of(rest)).encode()) == USER_DATA_LIMIT == 16_384
    with pytest.raises(InvalidInputError) as caught:
        user_data(pool_of(rest + 1))
    (problem,) = caught.value.problems
    assert problem.path == "node_pools[pool].kubelet"
    assert "16385 bytes" in problem.problem
    assert "16384" in problem.problem


def test_bottlerocket_settings_beyond_the_limit_are_refused(plan_pool):
    sysctls = [f"net.ipv4.setting_{number:04}" for number in range(800)]
    with pytest.raises(InvalidInputError, match="16384"):
        user_data(plan_pool(kubelet={"allowedUnsafeSysctls": sysctls}, image={"family": "bottlerocket"}))


def test_the_same_pool_gives_the_same_bytes_whatever_the_order_of_keys(plan_pool):
    turned = json.loads(json.dumps(dict(reversed(KUBELET.items()))))
    for image in ({}, {"image": {"family": "bottlerocket"}}):
        assert user_data(plan_pool(kubelet=KUBELET, **image)) == user_data(plan_pool(kubelet=turned, **image))
