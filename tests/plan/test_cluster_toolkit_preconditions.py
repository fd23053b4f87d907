"""The preconditions of cluster-toolkit's gke-node-pool module (main.tf:317-459, 559-566), each passing and failing.

Three of them have no failing document, because the plan has no field to write it in: the tests below show that no plan
contains such a thing. Two need the account, which the planner never asks: that a reservation is active, and that its
machine type and accelerators are the pool's. Only the cloud (or the local cloud) knows those.
"""

import dataclasses
from typing import Any

import pytest

from gpucloud.facts.machine_types import machine_types
from gpucloud.plan import EnvironmentPlan, NodePoolPlan, OfferingPlan, plan_to_document
from tests.plan.documents import accepted, refused

A4 = {"machine_type": "a4-highgpu-8g", "zones": ["us-central1-b"]}
ULTRA = {"machine_type": "a3-ultragpu-8g", "zones": ["us-central1-b"]}
A4X = {
    "machine_type": "a4x-highgpu-4g",
    "zones": ["us-central1-a"],
    "capacity": [{"type": "reserved", "reservation_id": "gb200"}],
}
RESERVED = {"type": "reserved", "reservation_id": "h100", "zone": "us-central1-a"}
EVERY_WAY = ["on-demand", "spot", RESERVED, "flex-start", "queued"]

# What a document passes with, what it fails with, and at which field.
PRECONDITIONS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "compact placement has exactly one zone": (
        {"zones": ["us-central1-a"], "placement": {"type": "existing", "name": "near"}},
        {"placement": {"type": "existing", "name": "near"}},
        "placement",
    ),
    "queued has no minimum": (
        {"capacity": ["queued"], "size": {"max": 4}},
        {"capacity": ["queued"], "size": {"min": 1, "desired": 1, "max": 4}},
        "size.min",
    ),
    "queued is not compact": (
        {"capacity": ["queued"]},
        {"capacity": ["queued"], "placement": "cluster"},
        "capacity[0]",
    ),
    "queued takes no reservation": (
        {"capacity": [RESERVED, "queued"]},
        {"capacity": [{"type": "queued", "reservation_id": "h100"}]},
        "capacity[0].reservation_id",
    ),
    "queued is not spot": (
        {"capacity": ["queued", "spot"]},
        {"capacity": [{"type": "queued", "spot": True}]},
        "capacity[0].spot",
    ),
    "flex-start is not repaired": (
        {"capacity": ["flex-start"], "repair": False},
        {"capacity": ["flex-start"], "repair": True},
        "repair",
    ),
    "flex-start has no static number of nodes": (
        {"capacity": ["flex-start"], "size": {"max": 4}},
        {"capacity": ["flex-start"], "size": {"desired": 1, "max": 4}},
        "size.desired",
    ),
    "flex-start takes no reservation": (
        {"capacity": [RESERVED, "flex-start"]},
        {"capacity": [{"type": "flex-start", "reservation_id": "h100"}]},
        "capacity[0].reservation_id",
    ),
    "flex-start is not spot": (
        {"capacity": ["flex-start", "spot"]},
        {"capacity": [{"type": "flex-start", "spot": True}]},
        "capacity[0].spot",
    ),
    "compact flex-start is A4's": (
        {**A4, "capacity": ["flex-start"], "placement": "cluster"},
        {"machine_type": "a3-highgpu-8g", "capacity": ["flex-start"], "placement": "cluster"},
        "capacity[0]",
    ),
    "compact flex-start is A3 Ultra's": (
        {**ULTRA, "capacity": ["flex-start"], "placement": "cluster"},
        {"capacity": ["flex-start"], "placement": "cluster"},
        "capacity[0]",
    ),
    "spot takes no reservation": (
        {"capacity": [RESERVED, "spot"]},
        {"capacity": [{"type": "spot", "reservation_id": "h100"}]},
        "capacity[0]",
    ),
    "the first number of nodes is within the limits": (
        {"size": {"min": 1, "desired": 2, "max": 3}},
        {"size": {"min": 1, "desired": 4, "max": 3}},
        "size",
    ),
    "a number that is static is none that the autoscaler owns": (
        {"size": {"min": 2, "desired": 2, "max": 2}},
        {"size": {"min": 2, "desired": 2, "max": 2, "static": 2}},
        "size.static",
    ),
    "the name of a pool fits": ({"name": "n" * 35}, {"name": "n" * 36}, "name"),
    "an accelerator is a machine type's own": (
        {"accelerator": "h100-sxm-80gb", "accelerators_per_node": 8},
        {"accelerator": "h100-sxm-80gb", "accelerators_per_node": 3},
        "accelerator",
    ),
}


@pytest.mark.parametrize("name", PRECONDITIONS)
def test_the_precondition_holds_before_anything_is_created(name):
    passes, fails, field = PRECONDITIONS[name]
    assert refused("gcp", **passes) == ()
    found = refused("gcp", **fails)
    assert field in {problem.path for problem in found}
    assert all(problem.fix for problem in found)


def test_dranet_needs_its_version_of_gke():
    """Dataplane V2 is what the library's clusters always have, so that only the version can be wrong."""
    newest, older = {"kubernetes_version": "1.34"}, {"kubernetes_version": "1.33"}
    assert refused("gcp", newest, **A4X, fabric="native") == ()
    (problem,) = refused("gcp", older, **A4X, fabric="native")
    assert problem.path == "clusters[train].kubernetes_version"
    assert "1.34.1-gke.1829001 (dranet)" in problem.problem


def test_dranet_has_no_networks_of_its_own():
    for entry in machine_types("gcp"):
        if entry.fabric == "none":
            continue
        capacity = "reserved" if entry.capacity_types == ("reserved",) else "spot"
        fields = {"capacity": [{**RESERVED, "zone": None} if capacity == "reserved" else capacity]}
        zone = "us-central1-b" if entry.name.startswith(("a3-ultra", "a4-")) else "us-central1-a"
        pool = _pool(accepted("gcp", machine_type=entry.name, zones=[zone], fabric="native", **fields))
        assert (pool.networks == ()) == entry.vendor.dranet, entry.name
        subnets = [len(network.interfaces) for network in pool.networks if network.kind == "rdma"]
        plain = [network for network in pool.networks if network.kind == "net-device"]
        assert len(plain) == entry.vendor.gpu_networks
        assert sum(subnets) == (entry.fabric_nics if entry.vendor.rdma_subnets else 0)


@pytest.mark.parametrize("fabric", ["none", "tcpxo"])
def test_every_offering_keeps_to_one_zone_and_one_way_of_being_sold(fabric):
    """What the module forbids together cannot come together: each is a node pool of its own."""
    pool = _pool(accepted("gcp", capacity=EVERY_WAY, fabric=fabric, size={"max": 4}))
    assert len(pool.offerings) == 4 * 2 + 1
    assert len({offering.physical_name for offering in pool.offerings}) == len(pool.offerings)
    for offering in pool.offerings:
        assert (offering.reservation_id is not None) == (offering.capacity_type == "reserved")
        assert (offering.max_run_seconds is not None) == (offering.capacity_type in {"flex-start", "queued"})
        if offering.capacity_type in {"flex-start", "queued"}:
            assert not offering.close_placement
            assert (offering.size.min, offering.size.desired) == (0, 0)
        assert offering.repair == (offering.capacity_type != "flex-start")
        assert offering.size.min <= offering.size.desired <= offering.size.max


def test_no_plan_says_how_nodes_are_upgraded_or_how_many_are_static():
    """BLUE_GREEN with COMPACT, no surge and none unavailable, static beside autoscaled: no field says it."""
    said = {field.name for kind in (NodePoolPlan, OfferingPlan) for field in dataclasses.fields(kind)}
    text = str(plan_to_document(accepted("gcp", capacity=EVERY_WAY, size={"max": 4}))).lower()
    for word in ("surge", "unavailable", "blue", "static", "upgrade"):
        assert not any(word in name for name in said)
        assert word not in text
    for word in ("upgrade", "max_surge", "static_node_count", "node_count"):
        assert [problem.path for problem in refused("gcp", **{word: 1})] == [word]


def _pool(plan: EnvironmentPlan) -> NodePoolPlan:
    return plan.clusters[0].node_pools[0]
