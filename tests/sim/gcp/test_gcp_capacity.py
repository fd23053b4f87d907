"""Stock-outs of node pools: what the engine is told, what stays behind, and what mends it."""

import pytest

from gpucloud.facts.capacity_errors import classify
from gpucloud.sim import control
from gpucloud.sim.capacity import Offering, free_of
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.status import read_status
from gpucloud.sim.values import decode, encode
from tests.sim.gcp.estate import GPU, KEY, ZONE, fail_late
from tests.sim.servicer import Refused

H100 = Offering(GPU, ZONE, "on-demand")
OTHER = Offering(GPU, "us-central1-b", "on-demand")


def row_of(google, name="h100"):
    (row,) = google.cloud.store.find("type = ? AND name = ?", NODE_POOL, name)
    return row


def test_a_pool_takes_nodes_in_each_zone_and_gives_them_back(google):
    made = google.create(nodeLocations=[ZONE, "us-central1-b"])
    assert (free_of(google.cloud.store, H100), free_of(google.cloud.store, OTHER)) == (14, 14)
    grown = google.cloud.update(made, google.pool(nodeLocations=[ZONE], nodeCount=5, initialNodeCount=None))
    assert (free_of(google.cloud.store, H100), free_of(google.cloud.store, OTHER)) == (11, 16)
    google.cloud.delete(grown)
    assert free_of(google.cloud.store, H100) == 16


def test_a_stock_out_leaves_a_pool_in_an_error_state_that_the_engine_keeps(google):
    control.set_capacity(google.cloud.root, GPU, ZONE, 1, "on-demand")
    detail, text = google.fail()
    assert detail.id == f"{google.cluster.id}/nodePools/h100"
    (reason,) = detail.reasons
    assert reason in text
    assert reason.startswith(
        f"creating {google.cloud.urn(NODE_POOL, 'h100')}: NodePool h100 was created in the error state"
    )
    assert '"RUNNING_WITH_ERROR"' in reason
    assert "Not all instances running in IGM after 35m0s. Expected 2, running 1, transitioning 1." in reason
    assert "Current errors: [GCE_STOCKOUT]: Instance 'gke-train-h100-" in reason
    assert "The zone 'projects/gpucloud-local/zones/us-central1-a' does not have enough resources available" in reason
    assert "1 of 2 nodes launched; zones with capacity: us-central1-b, us-central1-c" in reason
    found = classify("gcp", reason)
    assert (found.code, found.meaning, found.scope) == ("GCE_STOCKOUT", "no-capacity", "zone")
    assert decode(detail.properties)["nodeCount"] == 2
    assert row_of(google).status == "failed"


def test_a_pool_without_any_node_is_in_state_error(google):
    control.set_capacity(google.cloud.root, GPU, ZONE, 0)
    assert '"ERROR"' in google.fail()[0].reasons[0]


def update(google, row, inputs):
    fields = {"id": row.id, "olds": encode(row.outputs), "news": encode(inputs), "old_inputs": encode(row.inputs)}
    return google.cloud.call("Update", NODE_POOL, urn=row.urn, **fields)


def test_the_next_update_goes_on_with_the_pool_and_replaces_nothing(google):
    control.set_capacity(google.cloud.root, GPU, ZONE, 1)
    google.fail()
    row = row_of(google)
    fields = {"id": row.id, "olds": encode(row.outputs), "news": encode(row.inputs), "old_inputs": encode(row.inputs)}
    assert not google.cloud.call("Diff", NODE_POOL, urn=row.urn, **fields).replaces
    update(google, row, row.inputs)  # pulumi-gcp asks nothing of the state: it passes though nodes are missing
    assert row_of(google).health
    control.clear_faults(google.cloud.root)
    update(google, row_of(google), row.inputs)
    assert (row_of(google).status, row_of(google).health) == ("active", [])
    assert free_of(google.cloud.store, H100) == 14


def test_growth_beyond_the_offering_is_told_and_keeps_what_there_is(google):
    made = google.create(initialNodeCount=None, nodeCount=1)
    inputs = google.pool(initialNodeCount=None, nodeCount=20)
    fields = {"id": made.id, "olds": encode(made.outputs), "news": encode(inputs), "old_inputs": encode(made.inputs)}
    detail, _ = fail_late(google.cloud, "Update", NODE_POOL, "h100", **fields)
    assert (
        "Error waiting for updating GKE node pool size: Google Compute Engine: Not all instances" in detail.reasons[0]
    )
    assert row_of(google).status == "active"
    assert free_of(google.cloud.store, H100) == 0


def test_a_pool_that_failed_is_removed_by_a_destroy(google):
    control.set_capacity(google.cloud.root, GPU, ZONE, 1)
    google.fail()
    row = row_of(google)
    google.cloud.call("Delete", NODE_POOL, urn=row.urn, id=row.id, properties=encode(row.outputs))
    control.clear_faults(google.cloud.root)
    assert not google.cloud.store.find("type = ?", NODE_POOL)
    assert free_of(google.cloud.store, H100) == 16


@pytest.mark.parametrize(
    ("changes", "capacity_type"),
    [
        ({"config": {"spot": True}}, "spot"),
        ({"config": {"preemptible": True}}, "spot"),
        ({"initialNodeCount": None, "autoscaling": {"minNodeCount": 2, "maxNodeCount": 4}}, "on-demand"),
        ({"initialNodeCount": None, "autoscaling": {"totalMinNodeCount": 2, "totalMaxNodeCount": 4}}, "on-demand"),
    ],
)
def test_each_capacity_type_has_its_own_machines(google, changes, capacity_type):
    google.create(**changes)
    assert free_of(google.cloud.store, Offering(GPU, ZONE, capacity_type)) == 14


def test_flex_start_and_queued_pools_begin_without_nodes(google):
    none = {"reservationAffinity": {"consumeReservationType": "NO_RESERVATION"}}
    limits = {"totalMinNodeCount": 0, "totalMaxNodeCount": 4}
    repair = {"management": {"autoRepair": False}, "initialNodeCount": None, "autoscaling": limits}
    google.create("flex", config={"flexStart": True, **none}, **repair)
    google.create("queued", config=none, queuedProvisioning={"enabled": True}, **repair)
    assert google.cloud.store.db.execute("SELECT COUNT(*) FROM allocation").fetchone() == (0,)


def test_a_machine_type_that_is_not_sold_on_demand_has_none(google):
    detail, _ = google.fail(nodeLocations=["us-central1-b"], config={"machineType": "a3-ultragpu-8g"})
    assert "a3-ultragpu-8g is not sold on-demand" in detail.reasons[0]


def test_reserved_nodes_are_not_taken_from_the_offering(google):
    google.reserve(count=4)
    assert free_of(google.cloud.store, H100) == 12
    affinity = {"consumeReservationType": "SPECIFIC_RESERVATION", "key": KEY, "values": ["kept"]}
    google.create(initialNodeCount=4, config={"reservationAffinity": affinity})
    assert free_of(google.cloud.store, H100) == 12


def test_a_reservation_beyond_the_offering_is_refused_with_the_zones_that_have_some(google):
    control.set_capacity(google.cloud.root, GPU, "us-central1-c", 0)
    with pytest.raises(Refused) as refusal:
        google.reserve(count=17)
    text = str(refusal.value)
    assert "A a3-highgpu-8g VM instance is currently unavailable in the us-central1-a zone." in text
    assert "Consider trying your request in the us-central1-b zone(s)" in text
    assert classify("gcp", text).code == "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS"


def test_the_quota_of_all_regions_is_met_late(google):
    control.set_quota(google.cloud.root, "us-central1", "GPUS_ALL_REGIONS", 8)
    detail, _ = google.fail()
    assert "[GCE_QUOTA_EXCEEDED]: Instance 'gke-train-h100-" in detail.reasons[0]
    assert "Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 8.0 globally." in detail.reasons[0]
    assert classify("gcp", detail.reasons[0]).meaning == "quota"
    google.create("small", initialNodeCount=1)


def test_a_lost_zone_has_nothing_and_the_others_go_on(google):
    control.lose_zone(google.cloud.root, ZONE)
    google.fail()
    google.create("other", nodeLocations=["us-central1-b"])
    control.restore_zone(google.cloud.root, ZONE)
    google.create("third")


def test_status_shows_pools_and_what_they_miss(google):
    control.set_capacity(google.cloud.root, GPU, ZONE, 1, "on-demand")
    google.fail()
    found = read_status(google.cloud.root)
    assert found.resources[NODE_POOL] == 1
    (failed,) = found.failed
    assert (failed["type"], failed["status"]) == (NODE_POOL, "failed")
    assert "RUNNING_WITH_ERROR" in failed["health"][0]
    (offering,) = [row for row in found.offerings if row["used"]]
    assert (offering["machine_type"], offering["zone"], offering["used"], offering["nodes"]) == (GPU, ZONE, 1, 1)


def test_a_fault_gives_its_code_once(google):
    control.fail(google.cloud.root, "CreateNodePool", "RESOURCE_POOL_EXHAUSTED", "no machines")
    with pytest.raises(Refused, match=r"Error waiting for creating NodePool: no machines \(RESOURCE_POOL_EXHAUSTED\)"):
        google.create()
    google.create()


def test_throttling_ends_in_google_s_code(google):
    control.throttle(google.cloud.root, "CreateNodePool", 100)
    with pytest.raises(Refused, match="rateLimitExceeded"):
        google.create()
