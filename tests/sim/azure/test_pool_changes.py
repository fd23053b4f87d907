"""What AKS changes of a pool in place, what it refuses to change, and what azure-native replaces."""

import csv
from pathlib import Path

import pytest

import gpucloud.sim.azure_native
from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.replacement import changes_refused_of
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from tests.sim.servicer import Refused

CHANGED = {
    "availabilityZones": None,
    "capacityReservationGroupID": "/subscriptions/other/x",
    "creationData": {"sourceResourceId": "/subscriptions/x"},
    "enableEncryptionAtHost": True,
    "enableFIPS": True,
    "enableNodePublicIP": True,
    "enableUltraSSD": True,
    "gpuProfile": {"driver": "Install"},
    "hostGroupID": "/subscriptions/x",
    "kubeletConfig": {"cpuManagerPolicy": "static"},
    "kubeletDiskType": "Temporary",
    "linuxOSConfig": {"swapFileSizeMB": 1500},
    "maxPods": 100,
    "nodePublicIPPrefixID": "/subscriptions/x",
    "osDiskSizeGB": 256,
    "osDiskType": "Ephemeral",
    "osType": "Windows",
    "podSubnetID": "/subscriptions/other/x",
    "proximityPlacementGroupID": "/subscriptions/other/x",
    "scaleSetEvictionPolicy": "Delete",
    "scaleSetPriority": "Spot",
    "spotMaxPrice": -1,
    "type": "VirtualMachines",
    "vnetSubnetID": "/subscriptions/other/x",
    "workloadRuntime": "WasmWasi",
}


def rows(type_, behaviour):
    table = Path(gpucloud.sim.azure_native.__file__).with_name("properties.csv")
    with table.open(encoding="utf-8", newline="") as file:
        return [r["path"] for r in csv.DictReader(file) if (r["type"], r["behaviour"]) == (type_, behaviour)]


def test_every_immutable_input_of_a_pool_has_a_case():
    assert sorted(CHANGED) == rows(tokens.POOL, "refused")


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_that_aks_does_not_make_is_planned_as_an_update_and_refused(azure, name):
    made = azure.create()
    changed = {**made.inputs, name: CHANGED[name]}
    changed = {key: value for key, value in changed.items() if value is not None}
    assert list(azure.cloud.diff(made, changed).replaces) == []
    row = azure.cloud.store.find("type = ?", tokens.POOL)[0]
    (rule,) = changes_refused_of(tokens.POOL)
    with pytest.raises(CloudError, match=rf"PropertyChangeNotAllowed: Changing property 'agentPoolProfile.{name}"):
        rule(Draft(azure.cloud.store, tokens.POOL, made.id, "subscription", changed, previous=row))


def test_the_engine_hears_of_a_change_that_is_not_allowed(azure):
    made = azure.create()
    with pytest.raises(Refused, match=r'Status=400 Code="PropertyChangeNotAllowed" Message="Changing property'):
        azure.cloud.update(made, {**made.inputs, "gpuProfile": {"driver": "Install"}})


def test_what_aks_changes_in_place_is_changed(azure):
    made = azure.create()
    changes = {
        "count": 3,
        "nodeLabels": {"a": "b"},
        "nodeTaints": ["a=b:NoSchedule"],
        "tags": {"team": "x"},
        "upgradeSettings": {"maxSurge": "2"},
        "orchestratorVersion": "1.34",
    }
    assert list(azure.cloud.diff(made, {**made.inputs, **changes}).replaces) == []
    grown = azure.cloud.update(made, {**made.inputs, **changes})
    assert (grown.outputs["count"], grown.outputs["nodeTaints"]) == (3, ["a=b:NoSchedule"])


@pytest.mark.parametrize(
    ("name", "value"), [("vmSize", "Standard_ND96is_H100_v5"), ("gpuInstanceProfile", "MIG1g"), ("agentPoolName", "b")]
)
def test_what_azure_native_replaces_goes_before_its_successor_comes(azure, name, value):
    made = azure.create()
    answer = azure.cloud.diff(made, {**made.inputs, name: value})
    assert list(answer.replaces) == [name]
    assert answer.deleteBeforeReplace
