"""Capacity, quotas, reservations, lost zones: refused late, as a cloud does, and given back."""

import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from gpucloud.facts.capacity_errors import classify
from gpucloud.sim import control
from gpucloud.sim.capacity import Offering, free_of, spread
from gpucloud.sim.status import NOTICE, read_status
from tests.sim.servicer import GROUP, TEMPLATE, Context, Refused

P5 = Offering("p5.48xlarge", "us-east-1a", "on-demand")


def failure_of(cloud, inputs, name="pool"):
    """Create a node group that fails late, and return what the engine gets: the partial failure."""
    checked, failures = cloud.check(GROUP, name, inputs)
    assert failures == []
    context = Context("test")
    from gpucloud.sim.values import encode

    request = provider_pb2.CreateRequest(urn=cloud.urn(GROUP, name), properties=encode(checked))
    import asyncio

    with pytest.raises(Refused) as refusal:
        asyncio.run(cloud.providers["aws"].Create(request, context))
    ((key, value),) = context.details
    assert key == "grpc-status-details-bin"
    detail = provider_pb2.ErrorResourceInitFailed()
    status = status_pb2.Status.FromString(value)
    assert status.details[0].Unpack(detail)
    return detail, str(refusal.value)


def test_nodes_are_spread_over_zones_as_even_as_it_goes():
    assert spread(5, {"a": 9, "b": 9}) == {"a": 3, "b": 2}
    assert spread(5, {"a": 1, "b": 9}) == {"a": 1, "b": 4}
    assert spread(5, {"a": 1, "b": 1}) == {"a": 1, "b": 1}


def test_a_node_group_takes_nodes_and_gives_them_back(estate):
    made = estate.cloud.create(GROUP, "pool", estate.group())
    assert free_of(estate.cloud.store, P5) == 14
    grown = estate.cloud.update(made, estate.group(scalingConfig={"minSize": 0, "desiredSize": 5, "maxSize": 8}))
    assert free_of(estate.cloud.store, P5) == 11
    estate.cloud.delete(grown)
    assert free_of(estate.cloud.store, P5) == 16


def test_a_stock_out_leaves_a_failed_group_that_only_a_replacement_mends(estate):
    cloud = estate.cloud
    control.set_capacity(cloud.root, "p5.48xlarge", "us-east-1a", 1)
    control.set_capacity(cloud.root, "p5.48xlarge", "us-east-1b", 0)
    detail, text = failure_of(cloud, estate.group())
    assert detail.id == "train-919d118:" + dict(detail.properties.fields)["nodeGroupName"].string_value
    assert detail.properties.fields["status"].string_value == "CREATE_FAILED"
    (reason,) = detail.reasons
    assert reason in text
    assert "AsgInstanceLaunchFailures: Could not launch On-Demand Instances. InsufficientInstanceCapacity - " in reason
    assert "sufficient p5.48xlarge capacity in the Availability Zone you requested (us-east-1a)" in reason
    assert "choosing us-east-1c, us-east-1d" in reason
    assert "1 of 2 nodes launched" in reason
    assert classify("aws", reason).code == "InsufficientInstanceCapacity"
    (row,) = cloud.store.find("type = ?", GROUP)
    assert row.status == "failed"

    control.clear_faults(cloud.root)
    from gpucloud.sim.values import encode

    inputs = encode(row.inputs)
    fields = {"id": row.id, "urn": row.urn, "olds": detail.properties, "news": inputs, "old_inputs": inputs}
    answer = cloud.call("Diff", GROUP, **fields)
    assert answer.deleteBeforeReplace
    assert list(answer.replaces) == ["status"]


def test_a_failed_create_that_the_engine_never_heard_of_is_tried_anew(estate):
    control.set_capacity(estate.cloud.root, "p5.48xlarge", "us-east-1a", 0)
    failure_of(estate.cloud, estate.group())
    control.clear_faults(estate.cloud.root)
    estate.cloud.create(GROUP, "pool", estate.group())
    assert [row.status for row in estate.cloud.store.find("type = ?", GROUP)] == ["active"]


def test_growth_beyond_the_offering_degrades_the_group(estate):
    made = estate.cloud.create(
        GROUP, "pool", estate.group(scalingConfig={"minSize": 0, "desiredSize": 1, "maxSize": 40})
    )
    with pytest.raises(Refused, match="16 of 20 nodes launched"):
        estate.cloud.update(made, estate.group(scalingConfig={"minSize": 0, "desiredSize": 20, "maxSize": 40}))
    (row,) = estate.cloud.store.find("type = ?", GROUP)
    assert (row.status, row.outputs["status"]) == ("active", "DEGRADED")


@pytest.mark.parametrize(
    ("capacity_type", "code"), [("ON_DEMAND", "InsufficientInstanceCapacity"), ("SPOT", "UnfulfillableCapacity")]
)
def test_each_capacity_type_has_its_own_code(estate, capacity_type, code):
    control.set_capacity(estate.cloud.root, "p5.48xlarge", "us-east-1a", 0)
    detail, _ = failure_of(estate.cloud, estate.group(capacityType=capacity_type))
    assert classify("aws", detail.reasons[0]).code == code


@pytest.mark.parametrize(
    ("capacity_type", "quota", "code"),
    [("ON_DEMAND", "L-417A185B", "VcpuLimitExceeded"), ("SPOT", "L-C4BD4855", "MaxSpotInstanceCountExceeded")],
)
def test_a_quota_counts_vcpus_of_its_class_in_the_region(estate, capacity_type, quota, code):
    control.set_quota(estate.cloud.root, "us-east-1", quota, 3 * 192)
    estate.cloud.create(GROUP, "first", estate.group(capacityType=capacity_type))
    detail, _ = failure_of(estate.cloud, estate.group(capacityType=capacity_type), "second")
    assert classify("aws", detail.reasons[0]).code == code
    assert quota in detail.reasons[0]
    one = {"minSize": 0, "desiredSize": 1, "maxSize": 1}
    estate.cloud.create(GROUP, "third", estate.group(capacityType=capacity_type, scalingConfig=one))


def test_a_reservation_is_used_up_and_the_offering_is_not_touched(estate):
    control.add_reservation(estate.cloud.root, "cr-1", "p5.48xlarge", "us-east-1a", 3)
    target = {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}
    template = estate.cloud.create(
        TEMPLATE, "lt", {"instanceType": "p5.48xlarge", "capacityReservationSpecification": target}
    )
    first = estate.cloud.create(GROUP, "first", estate.templated(template))
    assert free_of(estate.cloud.store, P5) == 16
    detail, _ = failure_of(estate.cloud, estate.templated(template), "second")
    assert classify("aws", detail.reasons[0]).code == "ReservationCapacityExceeded"
    assert "cr-1, p5.48xlarge in us-east-1a: 1 of 3 nodes free" in detail.reasons[0]
    estate.cloud.delete(first)


def test_a_reservation_of_the_program_holds_its_nodes(estate):
    inputs = {
        "availabilityZone": "us-east-1a",
        "instanceCount": 10,
        "instancePlatform": "Linux/UNIX",
        "instanceType": "p5.48xlarge",
    }
    made = estate.cloud.create("aws:ec2/capacityReservation:CapacityReservation", "cr", inputs)
    assert free_of(estate.cloud.store, P5) == 6
    estate.cloud.delete(made)
    assert free_of(estate.cloud.store, P5) == 16


def test_a_lost_zone_launches_nothing_until_it_is_back(estate):
    control.lose_zone(estate.cloud.root, "us-east-1a")
    failure_of(estate.cloud, estate.group())
    control.restore_zone(estate.cloud.root, "us-east-1a")
    estate.cloud.create(GROUP, "pool", estate.group())


def test_the_second_machine_type_is_taken_where_the_first_is_out(estate):
    control.set_capacity(estate.cloud.root, "p5.48xlarge", "us-east-1a", 0)
    estate.cloud.create(GROUP, "pool", estate.group(instanceTypes=["p5.48xlarge", "p5en.48xlarge"]))
    assert free_of(estate.cloud.store, Offering("p5en.48xlarge", "us-east-1a", "on-demand")) == 14


def test_status_says_what_is_there(estate):
    control.set_capacity(estate.cloud.root, "p5.48xlarge", "us-east-1a", 3)
    control.lose_zone(estate.cloud.root, "us-east-1b")
    control.throttle(estate.cloud.root, "CreateVpc", 3)
    estate.cloud.create(GROUP, "pool", estate.group())
    found = read_status(estate.cloud.root)
    assert found.notice == NOTICE
    assert not found.running
    assert found.resources[GROUP] == 1
    on_demand = next(row for row in found.offerings if row["capacity_type"] == "on-demand")
    assert (on_demand["machine_type"], on_demand["used"], on_demand["nodes"]) == ("p5.48xlarge", 2, 3)
    assert found.lost_zones == ["us-east-1b"]
    assert found.faults[0]["pattern"] == "CreateVpc"
    assert found.creating == found.failed == []
