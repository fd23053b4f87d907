"""The node pools of one pool on GKE: offerings, accelerators, drivers, capacity, placement, drives, node settings."""

import dataclasses

import pulumi
import pytest

from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
from gpucloud.plan.mirror_model import MirrorPlan
from gpucloud.plan.node_pool import plan_single_pool
from tests.components.gcp_outputs import reservation
from tests.components.gcp_programs import (
    B200,
    GB200,
    H100_TCPX,
    H100_TCPXO,
    H200,
    L4,
    REGION,
    RESERVED,
    T4,
    ZONE,
    cluster_ref,
    pool_spec,
    record_pool,
)
from tests.components.recorder import record

EMPTY = {"min": 0, "desired": 0, "max": 2}
FLEX = {"type": "flex-start", "max_run_seconds": 3600}


def pool_of(found, ending=""):
    return next(entry for entry in found.of_type("NodePool") if entry.custom and entry.name.endswith(ending)).inputs


def config_of(found, ending=""):
    return pool_of(found, ending)["nodeConfig"]


# --- one node pool an offering ---


def test_each_offering_is_a_node_pool_in_its_zone_under_its_physical_name():
    found = record_pool(zones=[ZONE, "us-central1-b"], capacity=["on-demand", "spot"])
    pools = [entry for entry in found.of_type("NodePool") if entry.custom]
    assert [(entry.name, entry.inputs["name"], entry.inputs["nodeLocations"]) for entry in pools] == [
        ("pool-us-central1-a-od", "gpu-a-od", ["us-central1-a"]),
        ("pool-us-central1-a-spot", "gpu-a-spot", ["us-central1-a"]),
        ("pool-us-central1-b-od", "gpu-b-od", ["us-central1-b"]),
        ("pool-us-central1-b-spot", "gpu-b-spot", ["us-central1-b"]),
    ]


def test_the_pool_belongs_to_the_cluster_where_that_is():
    assert pool_of(record_pool())["location"] == REGION
    zonal = record_pool(ref=cluster_ref(location=ZONE, project="theirs"))
    assert (pool_of(zonal)["location"], pool_of(zonal)["project"]) == (ZONE, "theirs")


def test_sizes_are_the_autoscalers_after_creation():
    found = record_pool(size={"min": 1, "desired": 2, "max": 5})
    pool = found.one("nodePool:NodePool")
    assert pool.inputs["autoscaling"] == {"locationPolicy": "ANY", "maxNodeCount": 5, "minNodeCount": 1}
    assert pool.inputs["initialNodeCount"] == 2
    assert "nodeCount" not in pool.inputs
    assert pool.ignore_changes == ("initialNodeCount",)


def test_a_fixed_name_is_freed_before_it_is_taken_again():
    assert record_pool().one("nodePool:NodePool").delete_before_replace


def test_pools_that_start_empty_come_after_those_that_start_with_nodes():
    found = record_pool(zones=[ZONE, "us-central1-b"])
    first, second = (entry for entry in found.of_type("nodePool:NodePool"))
    assert second.dependencies == (first.key,)
    assert first.dependencies == ()


def test_every_pool_explains_its_stock_out_by_the_error_hook():
    assert record_pool().one("nodePool:NodePool").error_hooks == ("pool-stock-out",)


def test_mirrors_are_containerds_registry_hosts():
    mirror = MirrorPlan("nvcr.io", "https://m.example.com/nvcr")
    pool = dataclasses.replace(plan_single_pool("gcp", REGION, "pool", pool_spec()), mirrors=(mirror,))
    found = record(lambda: GcpGpuNodePool("pool", pool, cluster_ref()) and None)
    assert config_of(found)["containerdConfig"]["registryHosts"] == [
        {
            "server": "nvcr.io",
            "hosts": [
                {
                    "host": "https://m.example.com/v2/nvcr",
                    "capabilities": ["HOST_CAPABILITY_PULL", "HOST_CAPABILITY_RESOLVE"],
                    "overridePath": True,
                }
            ],
        }
    ]


def test_nodes_are_upgraded_one_at_a_time_and_repaired():
    pool = pool_of(record_pool())
    assert pool["upgradeSettings"] == {"maxSurge": 0, "maxUnavailable": 1, "strategy": "SURGE"}
    assert pool["management"] == {"autoRepair": True, "autoUpgrade": True}
    assert "version" not in pool


# --- accelerators and their driver ---


def test_a_machine_type_that_implies_its_accelerators_names_none():
    config = config_of(record_pool())
    assert config["machineType"] == L4
    assert "guestAccelerators" not in config


def test_attached_accelerators_are_named_with_gkes_driver():
    config = config_of(record_pool(machine_type=T4))
    assert config["machineType"] == "n1-standard-8"
    assert config["guestAccelerators"] == [
        {"count": 2, "gpuDriverInstallationConfig": {"gpuDriverVersion": "DEFAULT"}, "type": "nvidia-tesla-t4"}
    ]


@pytest.mark.parametrize(
    ("changes", "driver"),
    [
        ({"driver_version": "latest"}, "LATEST"),
        ({"driver_owner": "operator", "image": {"family": "ubuntu"}}, "INSTALLATION_DISABLED"),
    ],
)
def test_another_driver_than_the_default_is_said_beside_type_and_count(changes, driver):
    (accelerator,) = config_of(record_pool(**changes))["guestAccelerators"]
    assert accelerator == {
        "count": 1, "gpuDriverInstallationConfig": {"gpuDriverVersion": driver}, "type": "nvidia-l4",
    }  # fmt: skip


def test_the_default_driver_by_word_is_the_one_that_gke_installs_anyway():
    assert "guestAccelerators" not in config_of(record_pool(driver_version="default"))


def test_partitions_are_cut_by_gke():
    (accelerator,) = config_of(
        record_pool(machine_type="a2-ultragpu-1g", sharing={"type": "mig", "profile": "1g.10gb"})
    )["guestAccelerators"]
    assert (accelerator["type"], accelerator["count"], accelerator["gpuPartitionSize"]) == (
        "nvidia-a100-80gb", 1, "1g.10gb",
    )  # fmt: skip


@pytest.mark.parametrize(("way", "strategy"), [("time-slicing", "TIME_SHARING"), ("mps", "MPS")])
def test_gkes_own_plugin_is_told_how_many_share_a_gpu(way, strategy):
    (accelerator,) = config_of(record_pool(sharing={"type": way, "replicas": 6}))["guestAccelerators"]
    assert accelerator["gpuSharingConfig"] == {"gpuSharingStrategy": strategy, "maxSharedClientsPerGpu": 6}
    assert "gpuPartitionSize" not in accelerator


def test_the_operators_plugin_is_told_by_a_label_and_gke_is_not():
    sharing = {"type": "time-slicing", "replicas": 6}
    config = config_of(record_pool(driver_owner="operator", image={"family": "ubuntu"}, sharing=sharing))
    assert config["labels"]["nvidia.com/device-plugin.config"] == "time-slicing-6"
    assert all("gpuSharingConfig" not in accelerator for accelerator in config["guestAccelerators"])


def test_the_operators_nodes_have_neither_gkes_plugin_nor_secure_boot():
    config = config_of(record_pool(driver_owner="operator", image={"family": "ubuntu"}))
    assert config["imageType"] == "UBUNTU_CONTAINERD"
    assert config["labels"]["gke-no-default-nvidia-gpu-device-plugin"] == "true"
    assert config["shieldedInstanceConfig"] == {"enableIntegrityMonitoring": True, "enableSecureBoot": False}
    assert "gvnic" not in config


def test_googles_driver_on_googles_image_boots_securely():
    config = config_of(record_pool())
    assert config["imageType"] == "COS_CONTAINERD"
    assert config["shieldedInstanceConfig"]["enableSecureBoot"] is True
    assert config["gvnic"] == {"enabled": True}


# --- capacity ---


@pytest.mark.parametrize("capacity", ["on-demand", "spot", FLEX, "queued"])
def test_what_is_not_reserved_keeps_out_of_every_reservation(capacity):
    config = config_of(record_pool(capacity=[capacity], size=EMPTY))
    assert config["reservationAffinity"] == {"consumeReservationType": "NO_RESERVATION"}


def test_spot_flex_start_and_queued_each_have_a_field_of_their_own():
    spot = record_pool(capacity=["spot"], size=EMPTY)
    flex = record_pool(capacity=[FLEX], size=EMPTY)
    queued = record_pool(capacity=["queued"], size=EMPTY)
    plain = record_pool(size=EMPTY)
    assert config_of(spot)["spot"] is True
    assert config_of(flex)["flexStart"] is True
    assert config_of(flex)["maxRunDuration"] == "3600s"
    assert pool_of(queued)["queuedProvisioning"] == {"enabled": True}
    assert config_of(queued)["maxRunDuration"] == "604800s"
    for found in (plain, queued):
        assert not config_of(found).keys() & {"spot", "flexStart"}
    for found in (plain, spot, flex):
        assert "queuedProvisioning" not in pool_of(found)
    assert "maxRunDuration" not in config_of(plain)


def test_flex_start_nodes_are_not_repaired():
    pool = pool_of(record_pool(capacity=[FLEX], size=EMPTY))
    assert pool["management"] == {"autoRepair": False, "autoUpgrade": True}


def test_queued_nodes_have_the_label_that_pods_select_by():
    assert config_of(record_pool(capacity=["queued"], size=EMPTY))["labels"]["cloud.google.com/gke-queued"] == "true"
    assert "cloud.google.com/gke-queued" not in config_of(record_pool())["labels"]


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ({}, "capacity"),
        ({"blocks": ["block-1"]}, "capacity/reservationBlocks/block-1"),
        (
            {"reservation_id": "projects/other-project/reservations/shared", "blocks": ["block-1"]},
            "projects/other-project/reservations/shared/reservationBlocks/block-1",
        ),
    ],
)
def test_a_reservation_is_named_with_its_project_and_block(entry, value):
    answers = reservation(B200, "nvidia-b200", 8)
    found = record_pool(machine_type=B200, zones=["us-central1-b"], capacity=[RESERVED | entry], answers=answers)
    assert config_of(found)["reservationAffinity"] == {
        "consumeReservationType": "SPECIFIC_RESERVATION",
        "key": "compute.googleapis.com/reservation-name",
        "values": [value],
    }


# --- placement ---


def test_nodes_with_a_fabric_are_kept_close():
    found = record_pool(machine_type=H100_TCPXO, fabric="tcpxo", capacity=["spot"])
    assert pool_of(found)["placementPolicy"] == {"type": "COMPACT"}
    assert "placementPolicy" not in pool_of(record_pool())


def test_a_placement_that_is_there_is_named():
    found = record_pool(placement={"type": "existing", "name": "close"})
    assert pool_of(found)["placementPolicy"] == {"policyName": "close", "type": "COMPACT"}


def test_an_nvlink_domain_has_a_workload_policy_of_its_own():
    found = record_pool(
        machine_type=GB200, capacity=[RESERVED], fabric="roce", answers=reservation(GB200, "nvidia-gb200", 4)
    )
    policy = found.one("ResourcePolicy")
    assert policy.inputs["workloadPolicy"] == {"acceleratorTopology": "1x72", "type": "HIGH_THROUGHPUT"}
    assert policy.inputs["region"] == REGION
    assert pool_of(found)["placementPolicy"] == {"policyName": "pool-0000000", "type": "COMPACT"}
    assert not record_pool().of_type("ResourcePolicy")


# --- drives, taints, node settings ---


def test_local_drives_are_joined_left_raw_or_left_out():
    def drives(**changes):
        config = config_of(record_pool(machine_type=H100_TCPX, capacity=["spot"], **changes))
        return {key: value for key, value in config.items() if "Ssd" in key}

    assert drives() == {"ephemeralStorageLocalSsdConfig": {"localSsdCount": 16}}
    assert drives(local_nvme="mount") == {"localNvmeSsdBlockConfig": {"localSsdCount": 16}}
    assert drives(local_nvme="none") == {}


def test_the_boot_disks_type_is_left_to_gke_which_knows_what_the_machine_takes():
    config = config_of(record_pool(root_disk={"size_gib": 200}))
    assert config["diskSizeGb"] == 200
    assert "diskType" not in config


def test_taints_are_spelled_as_gke_spells_them_and_its_own_is_not_declared():
    taints = [
        {"key": "a", "value": "1", "effect": "NoExecute"},
        {"key": "b", "effect": "PreferNoSchedule"},
        {"key": "c", "effect": "NoSchedule"},
    ]
    found = record_pool(taints=taints, capacity=["queued"], size=EMPTY)
    assert config_of(found)["taints"] == [
        {"effect": "NO_EXECUTE", "key": "a", "value": "1"},
        {"effect": "PREFER_NO_SCHEDULE", "key": "b", "value": ""},
        {"effect": "NO_SCHEDULE", "key": "c", "value": ""},
    ]
    assert {taint.key for taint in plan_of(taints=taints).taints} == {"a", "b", "c", "nvidia.com/gpu"}


def plan_of(**changes):
    return plan_single_pool("gcp", REGION, "pool", pool_spec(**changes))


def test_kubelet_settings_stand_under_gkes_names_and_levels():
    kubelet = {
        "cpuManagerPolicy": "static",
        "memoryManagerPolicy": "Static",
        "topologyManagerPolicy": "restricted",
        "topologyManagerScope": "pod",
        "readOnlyPort": 0,
        "maxPods": 32,
        "evictionSoft": {"memory.available": "500Mi"},
        "evictionSoftGracePeriod": {"memory.available": "1m"},
    }
    found = record_pool(kubelet=kubelet)
    assert config_of(found)["kubeletConfig"] == {
        "cpuManagerPolicy": "static",
        "evictionSoft": {"memoryAvailable": "500Mi"},
        "evictionSoftGracePeriod": {"memoryAvailable": "1m"},
        "insecureKubeletReadonlyPortEnabled": "FALSE",
        "memoryManager": {"policy": "Static"},
        "topologyManager": {"policy": "restricted", "scope": "pod"},
    }
    assert pool_of(found)["maxPodsPerNode"] == 32
    assert "kubeletConfig" not in config_of(record_pool())


def test_kernel_settings_stand_under_gkes_names():
    linux = {
        "sysctls": {"net.core.rmem_max": 16777216},
        "transparent_hugepages": "madvise",
        "hugepages_2mi": 1024,
    }
    assert config_of(record_pool(linux=linux))["linuxNodeConfig"] == {
        "hugepagesConfig": {"hugepageSize2m": 1024},
        "sysctls": {"net.core.rmem_max": "16777216"},
        "transparentHugepageEnabled": "TRANSPARENT_HUGEPAGE_ENABLED_MADVISE",
    }
    assert "linuxNodeConfig" not in config_of(record_pool())


def test_nodes_are_the_clusters_account_and_pods_see_no_more_of_it():
    config = config_of(record_pool())
    assert config["serviceAccount"] == "nodes@project-1.iam.gserviceaccount.com"
    assert config["oauthScopes"] == ["https://www.googleapis.com/auth/cloud-platform"]
    assert config["workloadMetadataConfig"] == {"mode": "GKE_METADATA"}
    assert config["resourceLabels"] == {"team": "ml"}


# --- the component ---


def test_names_in_gke_are_given_by_offering():
    names = {}

    def program():
        pool = GcpGpuNodePool("pool", pool_spec(), cluster_ref())
        for offering, name in pool.node_pool_names.items():
            name.apply(lambda value, offering=offering: names.setdefault(offering, value))

    record(program)
    assert names == {"us-central1-a-od": "gpu-a-od"}


def test_a_plan_and_its_spec_declare_the_same():
    by_plan = record(lambda: GcpGpuNodePool("pool", plan_of(), cluster_ref()) and None)
    assert by_plan.to_json() == record_pool().to_json()


def test_the_order_of_labels_and_taints_does_not_matter():
    labels, taints = {"a": "1", "b": "2"}, [{"key": "a"}, {"key": "b", "effect": "NoExecute"}]
    ref = cluster_ref(labels={"x": "1", "y": "2"})
    other = dataclasses.replace(ref, labels={"y": "2", "x": "1"})
    first = record_pool(ref=ref, labels=labels, taints=taints)
    second = record_pool(ref=other, labels=dict(reversed(labels.items())), taints=taints[::-1])
    assert first.to_json() == second.to_json()


def test_all_problems_of_a_pool_come_at_once_and_nothing_is_declared():
    declared = []

    def program():
        try:
            GcpGpuNodePool("pool", pool_spec(zones=["us-east4-a"], fabric="tcpxo", gpu_taint=False), cluster_ref())
        except pulumi.RunError as error:
            declared.append(str(error))

    found = record(program)
    assert declared[0].startswith("pool:\n")
    for part in ("zones[0]", "fabric", "gpu_taint"):
        assert part in declared[0]
    assert not [entry for entry in found.resources.values() if entry.custom]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"machine_type": H100_TCPXO, "fabric": "tcpxo", "capacity": ["spot"]},
        {"machine_type": H200, "fabric": "roce", "capacity": ["spot"], "zones": ["us-central1-b"]},
    ],
)
def test_a_preview_works_when_everything_about_the_cluster_is_unknown(changes):
    def program():
        # A resource of the preview, whose computed outputs nobody knows.
        unknown = pulumi.CustomResource("gcp:compute/network:Network", "later", {"autoCreateSubnetworks": False})
        value = pulumi.Output.all(unknown.id).apply(lambda found: found[0])
        GcpGpuNodePool(
            "pool", pool_spec(**changes), cluster_ref(cluster_name=value, node_service_account=value, project=value)
        )

    before = record(program, preview=True)
    after = record(program)
    assert sorted(before.resources) == sorted(after.resources)
