"""The arguments of an agent pool, case by case, as they go to the provider."""

import csv
import re
from pathlib import Path

import pytest

from gpucloud.azure.agent_pool import CREATION_ONLY
from gpucloud.facts.kubelet_platforms import kubelet_settings
from gpucloud.facts.linux_platforms import linux_settings
from gpucloud.sim import azure_native
from tests.components.azure_programs import H100, RESERVATIONS, RESERVED, cluster_ref, record_pool

MI300X = "Standard_ND96isr_MI300X_v5"
POOL = "azure-native:containerservice:AgentPool"


def inputs_of(**changes):
    return record_pool(**changes).one("AgentPool").inputs


def test_the_zone_is_the_pools_and_regional_is_no_zone_at_all():
    assert inputs_of(zones=["2"])["availabilityZones"] == ["2"]
    assert "availabilityZones" not in inputs_of(zones=["regional"])


def test_the_autoscaler_owns_the_number_between_the_plans_bounds():
    pool = inputs_of(size={"min": 1, "desired": 2, "max": 5})
    assert (pool["enableAutoScaling"], pool["minCount"], pool["count"], pool["maxCount"]) == (True, 1, 2, 5)
    assert (pool["mode"], pool["type"], pool["osType"]) == ("User", "VirtualMachineScaleSets", "Linux")


@pytest.mark.parametrize(("owner", "driver"), [("vendor", "Install"), ("operator", "None")])
def test_the_drivers_owner_is_the_pools_field_and_never_the_retired_tag(owner, driver):
    pool = inputs_of(driver_owner=owner)
    assert pool["gpuProfile"] == {"driver": driver}
    assert not [key for key in pool["tags"] if "skip" in key.lower()]


def test_aks_is_told_to_leave_amds_driver_to_the_operator():
    pool = inputs_of(machine_type=MI300X, zones=["regional"], driver_owner="operator")
    assert pool["gpuProfile"] == {"driver": "None"}
    assert pool["nodeTaints"] == ["amd.com/gpu=present:NoSchedule"]


def test_spot_nodes_are_deleted_at_no_price_and_carry_akss_own_label_and_taint():
    pool = inputs_of(capacity=["spot"])
    assert (pool["scaleSetPriority"], pool["scaleSetEvictionPolicy"], pool["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert pool["nodeLabels"]["kubernetes.azure.com/scalesetpriority"] == "spot"
    assert "kubernetes.azure.com/scalesetpriority=spot:NoSchedule" in pool["nodeTaints"]
    assert "upgradeSettings" not in pool


def test_other_nodes_are_regular_and_upgraded_in_place_one_at_a_time():
    pool = inputs_of()
    assert pool["scaleSetPriority"] == "Regular"
    assert not pool.keys() & {"scaleSetEvictionPolicy", "spotMaxPrice", "capacityReservationGroupID"}
    assert "kubernetes.azure.com/scalesetpriority" not in pool["nodeLabels"]
    assert pool["upgradeSettings"] == {"maxSurge": "0", "maxUnavailable": "1"}


def test_a_reservation_is_the_pools_group_and_on_demand_beside_it_has_none():
    found = record_pool(capacity=[RESERVED, "on-demand"])
    groups = {pool.name: pool.inputs.get("capacityReservationGroupID") for pool in found.of_type("AgentPool")}
    assert groups == {"pool-2-reserved": RESERVATIONS, "pool-2-od": None}


@pytest.mark.parametrize(("profile", "name"), [("1g.10gb", "MIG1g"), ("2g.20gb", "MIG2g"), ("7g.80gb", "MIG7g")])
def test_a_mig_profile_is_akss_name_of_it(profile, name):
    assert inputs_of(sharing={"type": "mig", "profile": profile})["gpuInstanceProfile"] == name
    assert "gpuInstanceProfile" not in inputs_of()


@pytest.mark.parametrize(("family", "sku"), [("ubuntu", "Ubuntu"), ("azure-linux", "AzureLinux")])
def test_the_image_family_is_the_os_sku(family, sku):
    assert inputs_of(image={"family": family})["osSKU"] == sku


def test_taints_have_a_value_where_there_is_one():
    taints = [{"key": "a", "value": "1", "effect": "NoExecute"}, {"key": "b", "effect": "PreferNoSchedule"}]
    assert inputs_of(taints=taints, gpu_taint=False)["nodeTaints"] == ["a=1:NoExecute", "b:PreferNoSchedule"]


def test_the_disk_is_as_large_as_asked_and_its_kind_is_left_to_aks():
    pool = inputs_of(root_disk={"size_gib": 512})
    assert pool["osDiskSizeGB"] == 512
    assert "osDiskType" not in pool


def test_nodes_follow_the_control_planes_version():
    assert inputs_of(ref=cluster_ref(kubernetes_version="1.34"))["orchestratorVersion"] == "1.34"
    assert "orchestratorVersion" not in inputs_of()


def test_the_kubelets_settings_stand_in_the_pool_under_akss_names():
    kubelet = {
        "cpuManagerPolicy": "static",
        "topologyManagerPolicy": "restricted",
        "containerLogMaxSize": "20Mi",
        "podPidsLimit": 4096,
        "maxPods": 60,
    }
    pool = inputs_of(kubelet=kubelet)
    assert pool["maxPods"] == 60
    assert pool["kubeletConfig"] == {
        "cpuManagerPolicy": "static",
        "topologyManagerPolicy": "restricted",
        "containerLogMaxSizeMB": 20,
        "podMaxPids": 4096,
    }


def test_kernel_settings_stand_in_the_pool_under_akss_names():
    linux = {"sysctls": {"net.core.rmem_max": 134217728, "vm.swappiness": "10"}, "transparent_hugepages": "madvise"}
    assert inputs_of(linux=linux)["linuxOSConfig"] == {
        "sysctls": {"netCoreRmemMax": 134217728, "vmSwappiness": 10},
        "transparentHugePageEnabled": "madvise",
    }


def test_without_settings_there_is_no_block_of_them():
    assert not inputs_of().keys() & {"kubeletConfig", "linuxOSConfig", "maxPods"}


KUBELET_SAMPLES = {
    "allowedUnsafeSysctls": ["net.core.somaxconn"], "containerLogMaxFiles": 3, "containerLogMaxSize": "20Mi",
    "cpuCFSQuota": True, "cpuCFSQuotaPeriod": "200ms", "cpuManagerPolicy": "static", "failSwapOn": False,
    "imageGCHighThresholdPercent": 90, "imageGCLowThresholdPercent": 70, "maxPods": 60, "podPidsLimit": 4096,
    "topologyManagerPolicy": "restricted",
}  # fmt: skip


def test_every_kubelet_setting_that_aks_takes_reaches_its_field():
    assert KUBELET_SAMPLES.keys() == {setting.field for setting in kubelet_settings("aks")}
    pool = inputs_of(kubelet=KUBELET_SAMPLES)
    for setting in kubelet_settings("aks"):
        assert setting.path[-1] in (pool if setting.on_pool else pool["kubeletConfig"]), setting.field


def sample(setting):
    """Return a value that AKS takes for a kernel setting."""
    if setting.setting == "net.ipv4.ip_local_port_range":
        return "20000 60000"
    if setting.form.values:
        return setting.form.values[0].partition("=")[0]
    return int(setting.form.minimum or 1)


def test_every_kernel_setting_that_aks_takes_reaches_its_field():
    settings = linux_settings("aks")
    linux = {"sysctls": {entry.setting: sample(entry) for entry in settings if "." in entry.setting}}
    linux |= {entry.setting: sample(entry) for entry in settings if "." not in entry.setting}
    given = inputs_of(linux=linux)["linuxOSConfig"]
    for setting in settings:
        *levels, last = setting.path
        block = given[levels[0]] if levels else given
        assert last in block, setting.setting


def test_what_aks_fixes_at_creation_replaces_the_pool_instead_of_being_refused():
    table = Path(azure_native.__file__).with_name("properties.csv")
    rows = [row for row in csv.DictReader(table.read_text("utf-8").splitlines()) if row["type"] == POOL]
    refused = {row["path"] for row in rows if row["behaviour"] == "refused"}
    replaced = {row["path"] for row in rows if row["behaviour"] == "replaces"}
    every = [
        {"capacity": [RESERVED, "spot"], "placement": "cluster", "sharing": {"type": "mig", "profile": "1g.10gb"}},
        {"kubelet": {"maxPods": 60, "cpuManagerPolicy": "static"}, "linux": {"transparent_hugepages": "never"}},
    ]
    given = {key for changes in every for pool in record_pool(**changes).of_type("AgentPool") for key in pool.inputs}
    assert given & refused == set(CREATION_ONLY)
    assert not replaced & set(CREATION_ONLY)


def test_every_agent_pools_name_is_one_that_aks_takes():
    found = record_pool(capacity=[RESERVED, "on-demand", "spot"], zones=["2", "3", "regional"])
    names = [pool.inputs["agentPoolName"] for pool in found.of_type("AgentPool")]
    assert len(set(names)) == len(names) == 7
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,11}", name) for name in names)


def test_the_machine_type_is_the_vm_size():
    assert inputs_of(machine_type=H100, zones=["1"])["vmSize"] == H100
