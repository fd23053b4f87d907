"""What AKS refuses of a pool in the light of its cluster, of what is sold where, and of what it may not change."""

import pytest

from gpucloud.sim import control
from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.rules import pool_account
from tests.sim.azure.estate import GPU, PLAIN, RESERVABLE, cluster_inputs
from tests.sim.servicer import Refused

CPU = {"vmSize": PLAIN, "gpuProfile": None, "availabilityZones": None}


def test_a_pool_needs_its_cluster(azure):
    with pytest.raises(Refused, match=r"Status=404 Code=\"ParentResourceNotFound\".*managedClusters/other' could not"):
        azure.create(resourceName="other")
    with pytest.raises(Refused, match=r"ResourceGroupNotFound"):
        azure.create(resourceGroupName="other")


def test_what_a_pool_names_must_exist(azure):
    missing = azure.subnet.id.replace("nodes", "none")
    with pytest.raises(Refused, match=r"InvalidResourceReference.*subnets/none referenced by vnetSubnetID"):
        azure.create(vnetSubnetID=missing)
    azure.create(vnetSubnetID=azure.subnet.id.upper())


def test_a_size_is_asked_for_in_zones_that_sell_it(azure, monkeypatch):
    # No listing of today says so of a region with zones: what one leaves out may be sold all the same.
    monkeypatch.setattr(pool_account, "is_sold", lambda _region, zone, _size: zone == "1")
    with pytest.raises(Refused, match=r"The supported zones for location 'swedencentral' are '1'"):
        azure.create(availabilityZones=["1", "2"])
    azure.create("zonal")
    azure.create("regional", availabilityZones=None)


def test_a_region_without_zones_takes_no_zone(azure):
    cloud = azure.cloud
    named = {"resourceGroupName": "gpu", "location": "westus"}
    cloud.create(tokens.IDENTITY, "west", {**named, "resourceName": "west"})
    pools = [{"name": "system", "mode": "System", "count": 1, "vmSize": PLAIN}]
    west = {"resourceName": "west", "location": "West US", "agentPoolProfiles": pools}
    inputs = cluster_inputs(azure.identity, azure.subnet, **west)
    made = cloud.create(tokens.CLUSTER, "west", inputs)
    assert made.outputs["location"] == "westus"
    changes = {"resourceName": "west", "vmSize": "Standard_NC40ads_H100_v5", "vnetSubnetID": None}
    with pytest.raises(Refused, match=r"Availability zone is not supported in region westus"):
        azure.create(**changes)
    azure.create(**changes, availabilityZones=None)


@pytest.mark.parametrize("version", ["1.34", "1.34.0", "1.33", "1.32.7"])
def test_a_pool_may_be_two_minors_behind(azure, version):
    made = azure.create(orchestratorVersion=version)
    assert made.outputs["currentOrchestratorVersion"].startswith(version)


@pytest.mark.parametrize("version", ["1.35", "1.34.1", "1.31", "2.34"])
def test_a_pool_is_not_ahead_nor_far_behind(azure, version):
    with pytest.raises(Refused, match=r"NodePoolMcVersionIncompatible"):
        azure.create(orchestratorVersion=version)


def test_a_cluster_goes_up_one_minor_at_a_time_and_never_down(azure):
    later = azure.cloud.update(azure.cluster, {**azure.cluster.inputs, "kubernetesVersion": "1.35"})
    assert later.outputs["currentKubernetesVersion"] == "1.35.0"
    for version in ("1.37", "1.34"):
        with pytest.raises(Refused, match=r"minor versions cannot be skipped"):
            azure.cloud.update(later, {**later.inputs, "kubernetesVersion": version})


def test_entra_id_is_not_taken_off(azure):
    without = {key: value for key, value in azure.cluster.inputs.items() if key != "aadProfile"}
    with pytest.raises(Refused, match=r"can't be disabled"):
        azure.cloud.update(azure.cluster, {**without, "disableLocalAccounts": False})


def test_a_name_is_free_in_the_cluster(azure):
    azure.create("h100")
    with pytest.raises(Refused, match=r"cannot create already existing resource '/subscriptions/.*/agentPools/h100'"):
        azure.cloud.create(tokens.POOL, "again", azure.pool())
    with pytest.raises(Refused, match=r"cannot create already existing resource .*/agentPools/system'"):
        azure.create("system", **CPU)


def test_a_cluster_has_a_hundred_pools(azure):
    control.set_default_capacity(azure.cloud.root, 1000)
    for number in range(99):
        azure.create(f"p{number}", **CPU, count=0)
    with pytest.raises(Refused, match=r"at most 100 agent pools"):
        azure.create("p99", **CPU, count=0)


def test_pools_are_in_one_network(azure):
    named = {"resourceGroupName": "gpu", "virtualNetworkName": "far"}
    azure.cloud.create(tokens.NETWORK, "far", {**named, "addressSpace": {"addressPrefixes": ["10.3.0.0/16"]}})
    far = azure.cloud.create(tokens.SUBNET, "far", {**named, "subnetName": "far", "addressPrefix": "10.3.0.0/24"})
    with pytest.raises(Refused, match=r"must reside in the same virtual network"):
        azure.create(vnetSubnetID=far.id)


def test_a_placement_group_is_of_the_pools_region_and_zone(azure):
    groups = {}
    for name, changes in {
        "here": {"zones": ["1"], "intent": {"vmSizes": [GPU]}},
        "there": {"zones": ["2"], "intent": {"vmSizes": [GPU]}},
        "far": {"location": "westus"},
    }.items():
        inputs = {"resourceGroupName": "gpu", "proximityPlacementGroupName": name, **changes}
        groups[name] = azure.cloud.create(tokens.PLACEMENT, name, inputs).id
    for name in ("there", "far"):
        with pytest.raises(Refused, match=r"proximity placement group .* is in"):
            azure.create(proximityPlacementGroupID=groups[name])
    azure.create(proximityPlacementGroupID=groups["here"])


def test_cores_are_counted_before_anything_is_made(azure):
    control.set_quota(azure.cloud.root, "swedencentral", "cores", 3 * 4 + 2 * 96)
    azure.create("first")
    text = r"ErrCode_InsufficientVCPUQuota.*left regional vcpu quota 0, requested quota 96"
    with pytest.raises(Refused, match=text):
        azure.create("second", count=1)
    assert len(azure.cloud.store.find("type = ?", tokens.POOL)) == 1
    azure.create("none", count=0)


def test_a_reservation_group_needs_rights_size_and_zone(azure):
    group = azure.reserve()
    reserved = {"vmSize": RESERVABLE, "availabilityZones": ["2"], "capacityReservationGroupID": group.id}
    with pytest.raises(Refused, match=r'Status=403 Code="LinkedAuthorizationFailed"'):
        azure.create(**reserved)
    reader = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    read_only = azure.grant(group.id, reader)
    with pytest.raises(Refused, match=r"LinkedAuthorizationFailed"):
        azure.create(**reserved)
    azure.cloud.delete(read_only)
    azure.grant(azure.group.id)
    with pytest.raises(Refused, match=r"has no reservation of .* in swedencentral-3; it has .* in swedencentral-2"):
        azure.create(**{**reserved, "availabilityZones": ["3"]})
    with pytest.raises(Refused, match=r"has no reservation of Standard_NC40ads_H100_v5"):
        azure.create(**{**reserved, "vmSize": "Standard_NC40ads_H100_v5"})
    with pytest.raises(Refused, match=r"was not found in this subscription"):
        azure.create(**{**reserved, "capacityReservationGroupID": f"{group.id}x"})
    azure.create(**{**reserved, "capacityReservationGroupID": group.id.lower()})


def test_a_reservation_group_needs_an_identity_of_the_programs_own(azure):
    group = azure.reserve()
    pools = [{"name": "system", "mode": "System", "count": 1, "vmSize": PLAIN}]
    own = {"identity": {"type": "SystemAssigned"}, "resourceName": "own", "agentPoolProfiles": pools}
    azure.cloud.create(tokens.CLUSTER, "own", cluster_inputs(azure.identity, azure.subnet, **own))
    reserved = {"vmSize": RESERVABLE, "availabilityZones": ["2"], "capacityReservationGroupID": group.id}
    with pytest.raises(Refused, match=r"needs a cluster with a user-assigned managed identity"):
        azure.create(**reserved, resourceName="own", vnetSubnetID=None)


def test_a_reservation_is_in_the_zones_of_its_group(azure):
    azure.reserve()
    sku = {"name": RESERVABLE, "capacity": 1}
    inputs = {"resourceGroupName": "gpu", "capacityReservationGroupName": "kept", "sku": sku}
    for zones in ({"zones": ["3"]}, {}):
        with pytest.raises(Refused, match=r"are not among its group's"):
            azure.cloud.create(tokens.RESERVATION, "two", {**inputs, **zones})
    with pytest.raises(Refused, match=r"is in the region of its group"):
        azure.cloud.create(tokens.RESERVATION, "far", {**inputs, "zones": ["2"], "location": "westus2"})
    with pytest.raises(Refused, match=r"ZonalAllocationFailed"):
        azure.cloud.create(tokens.RESERVATION, "many", {**inputs, "zones": ["2"], "sku": {**sku, "capacity": 13}})


def test_a_new_cluster_and_its_pools_are_of_one_version(azure):
    pools = [{"name": "system", "mode": "System", "count": 1, "vmSize": PLAIN, "orchestratorVersion": "1.33"}]
    inputs = cluster_inputs(azure.identity, azure.subnet, resourceName="other", agentPoolProfiles=pools)
    with pytest.raises(Refused, match=r"the versions of a new cluster's pools must match 1\.34\.0"):
        azure.cloud.create(tokens.CLUSTER, "other", inputs)
    pools[0]["orchestratorVersion"] = "1.34.0"
    azure.cloud.create(tokens.CLUSTER, "other", inputs)
