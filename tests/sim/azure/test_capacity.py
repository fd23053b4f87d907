"""Capacity, quotas, reservations, lost zones: a pool that fails late, stays, and is mended by the next update."""

import asyncio

import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError
from gpucloud.facts.capacity_errors import classify
from gpucloud.sim import control
from gpucloud.sim.azure_native import tokens
from gpucloud.sim.capacity import Offering, free_of
from gpucloud.sim.status import read_status
from gpucloud.sim.values import decode, encode
from tests.sim.azure.estate import GPU, PLAIN, RESERVABLE, cluster_inputs
from tests.sim.servicer import Context, Made, Refused

H100 = Offering(GPU, "swedencentral-1", "on-demand")


def failure_of(cloud, token, name, inputs):
    """Create what fails late, and return what the engine gets: the partial failure and the text."""
    checked, failures = cloud.check(token, name, inputs)
    assert failures == []
    context = Context("test")
    request = provider_pb2.CreateRequest(urn=cloud.urn(token, name), properties=encode(checked))
    with pytest.raises(Refused) as refusal:
        asyncio.run(cloud.providers["azure-native"].Create(request, context))
    ((_, value),) = context.details
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status_pb2.Status.FromString(value).details[0].Unpack(detail)
    return Made(token, name, detail.id, checked, decode(detail.properties)), list(detail.reasons), str(refusal.value)


def fail_pool(azure, name="h100", **changes):
    made, (reason,), _ = failure_of(azure.cloud, tokens.POOL, name, azure.pool(agentPoolName=name, **changes))
    return made, reason


def test_a_pool_takes_nodes_and_gives_them_back(azure):
    made = azure.create()
    assert free_of(azure.cloud.store, H100) == 14
    grown = azure.cloud.update(made, azure.pool(count=5))
    assert free_of(azure.cloud.store, H100) == 11
    azure.cloud.delete(grown)
    assert free_of(azure.cloud.store, H100) == 16


def test_nodes_are_spread_over_zones_and_a_pool_without_zones_is_regional(azure):
    sized = {"vmSize": RESERVABLE, "count": 5}
    azure.create("zonal", **sized, availabilityZones=["3", "2"])
    azure.create("regional", **sized, availabilityZones=None)
    keys = ("swedencentral-2", "swedencentral-3", "swedencentral-regional")
    free = [free_of(azure.cloud.store, Offering(RESERVABLE, key, "on-demand")) for key in keys]
    assert free == [13, 14, 11]


def test_a_stock_out_leaves_a_failed_pool_that_the_next_update_mends(azure):
    cloud = azure.cloud
    control.set_capacity(cloud.root, GPU, "swedencentral-1", 1)
    made, reason = fail_pool(azure)
    assert made.id.endswith("/agentPools/h100")
    assert made.outputs["provisioningState"] == "Failed"
    assert reason.startswith('Status=200 Code="ZonalAllocationFailed" Message="Allocation failed. We do not have')
    assert f"requested VM size {GPU} in zone 1." in reason
    assert "1 of 2 nodes allocated; capacity is in swedencentral-2, swedencentral-3, swedencentral-regional" in reason
    assert [row.status for row in cloud.store.find("type = ?", tokens.POOL)] == ["failed"]
    assert read_status(cloud.root).failed[0]["mended_by"] == "update"

    with pytest.raises(Refused, match="ZonalAllocationFailed"):
        cloud.update(made, made.inputs)
    assert list(cloud.diff(made, made.inputs).replaces) == []
    control.clear_faults(cloud.root)
    mended = cloud.update(made, made.inputs)
    assert mended.outputs["provisioningState"] == "Succeeded"
    assert read_status(cloud.root).failed == []
    assert free_of(cloud.store, H100) == 14


def test_a_failed_pool_is_deleted_as_any(azure):
    control.set_capacity(azure.cloud.root, GPU, "swedencentral-1", 1)
    made, _ = fail_pool(azure)
    azure.cloud.delete(made)
    assert azure.cloud.store.find("type = ?", tokens.POOL) == []
    assert azure.cloud.store.db.execute("SELECT 1 FROM allocation WHERE machine_type = ?", (GPU,)).fetchone() is None


def test_growth_beyond_the_offering_fails_and_keeps_what_there_is(azure):
    made = azure.create()
    with pytest.raises(Refused, match="16 of 20 nodes allocated"):
        azure.cloud.update(made, azure.pool(count=20))
    row = azure.cloud.store.find("type = ?", tokens.POOL)[0]
    assert (row.status, row.outputs["provisioningState"]) == ("active", "Failed")


def test_a_failed_system_pool_leaves_a_failed_cluster(azure):
    control.set_capacity(azure.cloud.root, PLAIN, "swedencentral-regional", 3)
    inputs = cluster_inputs(azure.identity, azure.subnet, resourceName="other")
    made, (reason,), text = failure_of(azure.cloud, tokens.CLUSTER, "other", inputs)
    assert 'Code="AllocationFailed"' in reason
    assert reason in text
    assert made.outputs["agentPoolProfiles"][0]["provisioningState"] == "Failed"
    control.clear_faults(azure.cloud.root)
    assert azure.cloud.update(made, made.inputs).outputs["provisioningState"] == "Succeeded"


NEAR = "/subscriptions/other/resourceGroups/g/providers/Microsoft.Compute/proximityPlacementGroups/p"
REGIONAL = {"vmSize": RESERVABLE, "availabilityZones": None}
SPOT = {"scaleSetPriority": "Spot"}


@pytest.mark.parametrize(
    ("changes", "zone", "nodes", "code"),
    [
        ({}, "1", 0, "ZonalAllocationFailed"),
        (REGIONAL, "regional", 0, "AllocationFailed"),
        ({"osDiskType": "Ephemeral"}, "1", 0, "OverconstrainedZonalAllocationRequest"),
        ({"proximityPlacementGroupID": NEAR}, "1", 0, "OverconstrainedZonalAllocationRequest"),
        ({**REGIONAL, "osDiskType": "Ephemeral"}, "regional", 0, "OverconstrainedAllocationRequest"),
        (SPOT, "1", 1, "OverconstrainedZonalAllocationRequest"),
        ({**REGIONAL, **SPOT}, "regional", 1, "OverconstrainedAllocationRequest"),
        (SPOT, "1", 0, "SkuNotAvailable"),
    ],
)
def test_each_shortage_has_its_code(azure, changes, zone, nodes, code):
    size = changes.get("vmSize", GPU)
    control.set_capacity(azure.cloud.root, size, f"swedencentral-{zone}", nodes)
    _, reason = fail_pool(azure, **changes)
    assert f'Code="{code}"' in reason
    assert classify("azure", reason).code == code


def test_spot_and_on_demand_are_apart(azure):
    control.set_capacity(azure.cloud.root, GPU, "swedencentral-1", 0, "on-demand")
    azure.create(**SPOT)
    fail_pool(azure, "plain")


def test_spot_cores_are_counted_late(azure):
    control.set_quota(azure.cloud.root, "swedencentral", "lowPriorityCores", 96)
    _, reason = fail_pool(azure, **SPOT)
    assert 'Code="QuotaExceeded"' in reason
    assert "Current Limit: 96, Current Usage: 0, Additional Required: 192, (Minimum) New Limit Required: 192." in reason
    assert classify("azure", reason).code == "QuotaExceeded"
    azure.create("one", **SPOT, count=1)


def test_a_lost_zone_allocates_nothing_until_it_is_back(azure):
    control.lose_zone(azure.cloud.root, "swedencentral-1")
    made, _ = fail_pool(azure)
    azure.create("elsewhere", **REGIONAL)
    control.restore_zone(azure.cloud.root, "swedencentral-1")
    azure.cloud.update(made, made.inputs)


def reserved(group, **changes):
    return {"vmSize": RESERVABLE, "availabilityZones": ["2"], "capacityReservationGroupID": group, **changes}


def test_a_reservation_is_used_first_and_what_is_beyond_is_on_demand(azure):
    offering = Offering(RESERVABLE, "swedencentral-2", "on-demand")
    group = azure.reserve(nodes=4)
    azure.grant(group.id)
    assert free_of(azure.cloud.store, offering) == 12
    made = azure.create(**reserved(group.id, count=4))
    assert free_of(azure.cloud.store, offering) == 12
    grown = azure.cloud.update(made, {**made.inputs, "count": 6})
    assert free_of(azure.cloud.store, offering) == 10
    reservation = next(one for one in azure.cloud.made if one.token == tokens.RESERVATION)
    with pytest.raises(Refused, match="cannot be deleted: 4 nodes use it"):
        azure.cloud.delete(reservation)
    control.set_capacity(azure.cloud.root, RESERVABLE, "swedencentral-2", 6)
    with pytest.raises(Refused, match="6 of 7 nodes allocated"):
        azure.cloud.update(grown, {**made.inputs, "count": 7})


def test_a_group_of_the_account_is_used_as_one_of_the_program(azure):
    group = f"{azure.group.id}/providers/Microsoft.Compute/capacityReservationGroups/bought"
    control.add_reservation(azure.cloud.root, group, GPU, "swedencentral-1", 2)
    azure.grant(azure.group.id)
    control.set_capacity(azure.cloud.root, GPU, "swedencentral-1", 0)
    azure.create(capacityReservationGroupID=group)
    _, reason = fail_pool(azure, "more", capacityReservationGroupID=group)
    assert "0 of 2 nodes allocated" in reason


def test_an_empty_group_is_passed_over(azure):
    inputs = {"resourceGroupName": "gpu", "capacityReservationGroupName": "empty"}
    group = azure.cloud.create(tokens.RESERVATION_GROUP, "empty", inputs)
    azure.grant(group.id)
    azure.create(**reserved(group.id))
    assert free_of(azure.cloud.store, Offering(RESERVABLE, "swedencentral-2", "on-demand")) == 14


def test_status_says_what_holds_nodes(azure):
    azure.create()
    found = read_status(azure.cloud.root)
    pool = next(row for row in found.pools if row["type"] == tokens.POOL)
    assert (pool["machine_type"], pool["zone"], pool["nodes"], pool["status"]) == (GPU, "swedencentral-1", 2, "active")
    system = next(row for row in found.pools if row["type"] == tokens.CLUSTER)
    assert (system["zone"], system["nodes"]) == ("swedencentral-regional", 3)
    assert {row["zone"] for row in found.offerings} == {"swedencentral-1", "swedencentral-regional"}


def test_the_printed_status_says_that_the_next_up_tries_again(azure):
    control.set_capacity(azure.cloud.root, GPU, "swedencentral-1", 1)
    fail_pool(azure)
    answer = CliRunner().invoke(app, ["sim", "status", "--dir", str(azure.cloud.root)], env={"COLUMNS": "100"})
    shown = answer.stdout.splitlines()
    heading = next(line for line in shown if line.startswith("FAILED"))
    assert heading == "FAILED: it stands there unfinished; the next up tries again, destroy removes it"
    assert shown[shown.index(heading) + 1] == f"  h100  {tokens.POOL}"
    assert any("ZonalAllocationFailed" in line for line in shown)
    holders = shown[next(n for n, line in enumerate(shown) if line.startswith("What holds nodes")) :]
    assert any("AgentPool" in line and "swedencentral-1" in line and "failed" in line for line in holders)


BAD = {
    "a zone of another cloud": (control.set_capacity, (GPU, "us-east-1a", 0), "is a zone of aws"),
    "a region for a zone": (control.set_capacity, (GPU, "swedencentral", 0), "swedencentral-regional"),
    "a zone that there is not": (control.lose_zone, ("swedencentral-4",), "nearest: swedencentral-"),
    "a capacity type of another cloud": (
        control.set_capacity,
        (GPU, "swedencentral-1", 0, "capacity-block"),
        "one of on-demand, spot",
    ),
    "a quota of another cloud": (control.set_quota, ("swedencentral", "L-417A185B", 1), "there is no vCPU quota"),
    "a reservation by its name": (
        control.add_reservation,
        ("bought", GPU, "swedencentral-1", 2),
        "is no id of a capacity reservation group",
    ),
    "a feature": (control.set_feature, ("AKSInfinibandSupport", "Registered"), "is no feature"),
    "a state": (control.set_feature, ("Microsoft.ContainerService/X", "On"), "'On' is unknown"),
}


@pytest.mark.parametrize(("command", "arguments", "text"), BAD.values(), ids=BAD)
def test_a_bad_command_is_refused(cloud, command, arguments, text):
    with pytest.raises(InvalidInputError, match=text):
        command(cloud.root, *arguments)


def test_throttling_ends_after_four_attempts(azure):
    control.throttle(azure.cloud.root, "AgentPools_CreateOrUpdate", 3)
    azure.create("slow", count=0)
    control.throttle(azure.cloud.root, "AgentPools_CreateOrUpdate", 4)
    with pytest.raises(Refused, match='Status=429 Code="Throttled"'):
        azure.create("refused", count=0)
    control.fail(azure.cloud.root, "Microsoft.ContainerService:AgentPools_*", "InternalServerError", "try again")
    with pytest.raises(Refused, match='Code="InternalServerError" Message="try again"'):
        azure.create("broken", count=0)
