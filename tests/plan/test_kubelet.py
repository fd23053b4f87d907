"""What a kubelet block resolves to: written keys before the NUMA intent, that before the profile."""

from typing import Any

import pytest

from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.facts.machine_types import clouds, machine_type, machine_types
from gpucloud.facts.numa_layouts import numa_layout
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.reserved_memory import required_memory
from gpucloud.plan.kubelet import NodeKubelet, node_machine, over, resolve_kubelet
from gpucloud.plan.kubelet_platform import kubelet_minor, kubelet_platform
from gpucloud.plan.kubelet_profile import _GOES_WITH, SPOT_NOTICE_SECONDS
from gpucloud.plan.kubelet_reserved import platform_baseline, reserve_for_kubernetes
from gpucloud.spec.kubelet import KubeletSpec
from tests.plan.pools import pool_plan

P5 = machine_type("aws", "p5.48xlarge")


def resolved(block: dict[str, Any], platform: Any = "kubeadm", kind: Any = P5, **more: Any) -> NodeKubelet:
    return resolve_kubelet(KubeletSpec.model_validate(block), platform, kind, **more)


# The NUMA intent


@pytest.mark.parametrize("scope", ["pod", "container"])
@pytest.mark.parametrize("align", ["single-numa-node", "restricted", "best-effort"])
def test_an_intent_becomes_the_managers_policies(align, scope):
    values = resolved({"numa": {"align": align, "scope": scope}}, "nodeadm").values
    options = {} if align == "single-numa-node" else {"prefer-closest-numa-nodes": "true"}
    assert {**values, "topologyManagerPolicyOptions": values.get("topologyManagerPolicyOptions", {})} == {
        "cpuManagerPolicy": "static",
        "cpuManagerPolicyOptions": {"full-pcpus-only": "true"},
        "topologyManagerPolicy": align,
        "topologyManagerScope": scope,
        "topologyManagerPolicyOptions": options,
    }


@pytest.mark.parametrize("align", ["single-numa-node", "restricted", "best-effort"])
def test_memory_is_reserved_to_the_byte_over_both_numa_nodes(align):
    kubelet = resolved({"profile": "training", "numa": {"align": align, "memory": True}})
    assert kubelet.values["memoryManagerPolicy"] == "Static"
    shares = kubelet.values["reservedMemory"]
    assert [share["numaNode"] for share in shares] == [0, 1]
    # 1 GiB for Kubernetes, 2 GiB for the system, 1 GiB before anything is evicted.
    assert [share["limits"] for share in shares] == [{"memory": "2Gi"}] * 2
    configuration = configuration_of(kubelet.effective, kubelet.machine, minor=36)
    assert sum(parse_quantity(share["limits"]["memory"]) for share in shares) == required_memory(configuration)
    assert judge(kubelet.effective, kubelet.machine).findings == ()


def test_written_reservations_change_the_shares_and_written_shares_are_kept():
    numa = {"align": "restricted", "memory": True}
    odd = {"kubeReserved": {"cpu": "500m", "memory": "1000001"}, "numa": numa, "profile": "training"}
    kubelet = resolved(odd)
    total = sum(parse_quantity(share["limits"]["memory"]) for share in kubelet.values["reservedMemory"])
    assert total == 1000001 + 3 * 2**30
    assert judge(kubelet.effective, kubelet.machine).ok
    mine = [{"numaNode": 0, "limits": {"memory": "4Gi"}}]
    assert resolved({"profile": "training", "numa": numa, "reservedMemory": mine}).values["reservedMemory"] == mine


def test_the_reservation_that_an_image_would_compute_is_written_beside_its_shares():
    values = resolved({"numa": {"align": "restricted", "memory": True}}, "nodeadm").values
    assert parse_quantity(values["kubeReserved"]["memory"]) >= 2**30


def test_gke_keeps_memory_by_itself():
    kind = machine_type("gcp", "a3-megagpu-8g")
    values = resolved({"numa": {"align": "restricted", "memory": True}}, "gke", kind).values
    assert values["memoryManagerPolicy"] == "Static"
    assert "reservedMemory" not in values


def test_gpus_lie_as_written_else_as_the_catalogue_says():
    assert resolved({"numa": {"align": "restricted"}}).gpus_per_numa == (4, 4)
    assert resolved({}).gpus_per_numa == (4, 4)
    assert resolved({"numa": {"align": "restricted", "gpusPerNuma": 8}}).gpus_per_numa == (8, 0)
    assert resolved({"numa": {"align": "restricted", "gpusPerNuma": 3}}).gpus_per_numa == (3, 3)


@pytest.mark.parametrize("block", [{"profile": "training"}, {"numa": {"align": "restricted"}}])
def test_machines_with_many_numa_nodes_get_the_option_without_which_nothing_starts(block):
    kind = machine_type("aws", "p6e-gb200.36xlarge")
    kubelet = resolved(block, "nodeadm", kind)
    assert kubelet.machine.numa_nodes == 34
    assert kubelet.values["topologyManagerPolicyOptions"]["max-allowable-numa-nodes"] == "34"
    assert judge(kubelet.effective, kubelet.machine).ok


def test_where_that_option_is_missing_a_profile_leaves_the_topology_manager_off():
    kind = machine_type("aws", "p6e-gb200.36xlarge")
    kubelet = resolved({"profile": "training"}, "bottlerocket", kind)
    assert not {key for key in kubelet.values if key.startswith("topologyManager")}
    assert kubelet.values["cpuManagerPolicy"] == "static"
    assert judge(kubelet.effective, kubelet.machine).ok


def test_cores_of_one_thread_need_no_option_about_threads():
    kind = machine_type("aws", "g5g.16xlarge")
    assert numa_layout(kind).threads == 1
    for block in ({"profile": "training"}, {"numa": {"align": "restricted"}}):
        assert "cpuManagerPolicyOptions" not in resolved(block, kind=kind).values


# Who comes before whom


def test_written_keys_come_before_the_intent_and_that_before_the_profile():
    block = {"profile": "inference", "numa": {"align": "single-numa-node"}, "maxPods": 30, "podPidsLimit": 100}
    values = resolved(block).values
    assert (values["maxPods"], values["podPidsLimit"]) == (30, 100)
    assert values["topologyManagerPolicy"] == "single-numa-node"
    assert values["topologyManagerScope"] == "pod"
    assert values["registryPullQPS"] == 20
    assert list(values) == sorted(values)


def test_an_empty_block_delivers_nothing_and_a_written_key_itself():
    assert resolved({}).values == {}
    assert resolved({"maxPods": 40}).values == {"maxPods": 40}


@pytest.mark.parametrize(
    ("written", "gone"),
    [
        ({"cpuManagerPolicy": "none"}, ["cpuManagerPolicyOptions"]),
        ({"evictionSoft": {"memory.available": "3Gi"}}, ["evictionSoftGracePeriod"]),
        ({"serializeImagePulls": True}, ["maxParallelImagePulls"]),
        ({"maxParallelImagePulls": 7}, ["serializeImagePulls"]),
        ({"shutdownGracePeriod": "40s"}, ["shutdownGracePeriodCriticalPods"]),
        (
            {"shutdownGracePeriodByPodPriority": [{"priority": 0, "shutdownGracePeriodSeconds": 9}]},
            ["shutdownGracePeriod", "shutdownGracePeriodCriticalPods"],
        ),
        ({"topologyManagerPolicy": "none"}, ["topologyManagerPolicyOptions", "topologyManagerScope"]),
    ],
)
def test_what_a_profile_sets_beside_a_key_goes_with_it(written, gone):
    profile = resolved({"profile": "training"}).values
    values = resolved({"profile": "training", **written}).values
    assert sorted(set(profile) - set(values)) == gone
    assert {key for key, heads in _GOES_WITH.items() if set(heads) & set(written)} == set(gone)


# Capacity and size


@pytest.mark.parametrize(
    ("cloud", "name"), [("aws", "p5.48xlarge"), ("azure", "Standard_ND96isr_H100_v5"), ("gcp", "a3-megagpu-8g")]
)
def test_spot_nodes_shut_down_within_their_notice(cloud, name):
    kind = machine_type(cloud, name)
    for capacity in (("spot",), ("on-demand", "spot")):
        values = resolved({"profile": "training"}, kind=kind, capacity=capacity).values
        whole, critical = (
            parse_duration(values[key]) for key in ("shutdownGracePeriod", "shutdownGracePeriodCriticalPods")
        )
        assert 0 < critical < whole <= SPOT_NOTICE_SECONDS[cloud] * 10**9
    assert resolved({"profile": "training"}, kind=kind, capacity=("on-demand",)).values["shutdownGracePeriod"] == "300s"
    mine = resolved({"profile": "training", "shutdownGracePeriod": "20s"}, kind=kind, capacity=("spot",)).values
    assert mine["shutdownGracePeriod"] == "20s"


def test_small_machines_keep_most_of_their_memory():
    small = [kind for cloud in clouds() for kind in machine_types(cloud) if kind.memory_mib < 16 * 1024]
    assert small
    for kind in small:
        kubelet = resolved({"profile": "training"}, kind=kind)
        assert kubelet.values["evictionHard"]["memory.available"] == "100Mi"
        configuration = configuration_of(kubelet.effective, kubelet.machine, minor=36)
        assert required_memory(configuration) < kubelet.machine.memory * 3 // 5, kind.name


def test_fewer_pods_reserve_less_but_never_less_than_a_gibibyte():
    machine = node_machine(P5, numa_layout(P5))
    assert [reserve_for_kubernetes(machine, pods)["memory"] for pods in (10, 64, 110, 250)] == [
        "1024Mi",
        "1024Mi",
        "1465Mi",
        "3005Mi",
    ]
    assert resolved({"profile": "training", "maxPods": 250}).values["kubeReserved"]["memory"] == "3005Mi"


# Platforms


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
def test_what_a_platform_sets_by_itself_starts_a_kubelet(platform):
    for kind in (P5, machine_type("aws", "g5g.xlarge")):
        machine = node_machine(kind, numa_layout(kind))
        baseline = platform_baseline(platform, machine, 58, {})
        assert baseline["maxPods"] == 58
        assert judge(baseline, machine).ok
        assert resolved({"maxPods": 58}, platform, kind).effective == baseline


def test_nodeadm_names_cgroups_and_bottlerocket_does_not_beside_reserved_cpus():
    machine = node_machine(P5, numa_layout(P5))
    cgroups = {"kubeReservedCgroup", "systemReservedCgroup"}
    assert cgroups <= set(platform_baseline("nodeadm", machine, 110, {}))
    assert cgroups & set(platform_baseline("bottlerocket", machine, 110, {})) == {"kubeReservedCgroup"}
    assert cgroups <= set(platform_baseline("bottlerocket", machine, 110, {"systemReserved": {"memory": "1Gi"}}))
    assert not cgroups & set(platform_baseline("bottlerocket", machine, 110, {"reservedSystemCPUs": "0"}))


def test_values_lie_above_a_baseline_key_by_key():
    below = {"evictionHard": {"a": "1", "b": "2"}, "maxPods": 110, "x": [1]}
    above = {"evictionHard": {"b": "3"}, "maxPods": 5, "x": [2]}
    assert over(below, above) == {"evictionHard": {"a": "1", "b": "3"}, "maxPods": 5, "x": [2]}
    assert below["evictionHard"] == {"a": "1", "b": "2"}


def test_pools_are_judged_by_their_clouds_platform_and_the_nearest_known_version():
    assert [
        kubelet_platform("aws", "al2023"),
        kubelet_platform("aws", "bottlerocket"),
        kubelet_platform("aws", "custom"),
        kubelet_platform("azure", "ubuntu"),
        kubelet_platform("gcp", "cos"),
    ] == ["nodeadm", "bottlerocket", "nodeadm", "aks", "gke"]
    assert [kubelet_minor(version) for version in (None, "1.20", "1.33", "1.99")] == [36, 31, 33, 36]


def test_a_plan_holds_the_resolved_keys():
    plan = pool_plan(kubelet={"profile": "training", "maxPods": 40})
    assert plan.kubelet["maxPods"] == 40
    assert plan.kubelet["cpuManagerPolicy"] == "static"
    assert "profile" not in plan.kubelet


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
def test_an_intent_alone_starts_a_kubelet(platform):
    spec = KubeletSpec.model_validate({"numa": {"align": "restricted"}})
    kubelet = resolve_kubelet(spec, platform, machine_type("aws", "p5.48xlarge"))
    assert kubelet.values["cpuManagerPolicy"] == "static"
    assert judge(kubelet.effective, kubelet.machine).findings == ()
