"""Same environment, same bytes; another pool, and the first ones stay."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from gpucloud.plan import plan_document, plan_environment, plan_to_json
from gpucloud.spec import EnvironmentSpec
from tests.golden_files import SCENARIOS, scenarios
from tests.plan.pools import EAST, cluster_on, environment, plan_of, pool, pool_on
from tests.spec.documents import valid_document

# Order in these lists has a meaning: failover.
_ORDERED = frozenset({"zones", "capacity", "reservedMemory"})


def _shuffled(value: Any, shuffle: random.Random, key: str = "") -> Any:
    if isinstance(value, dict):
        entries = list(value.items())
        shuffle.shuffle(entries)
        return {inner: _shuffled(entry, shuffle, inner) for inner, entry in entries}
    if isinstance(value, list):
        entries = [_shuffled(entry, shuffle) for entry in value]
        if key not in _ORDERED:
            shuffle.shuffle(entries)
        return entries
    return value


def _document(scenario: str) -> Any:
    return yaml.safe_load((SCENARIOS / scenario / "spec.yaml").read_text())


def _busy() -> dict[str, Any]:
    """The valid document with more of everything whose order means nothing."""
    document = valid_document()
    document["clusters"][0]["tags"] = {f"tag-{index}": str(index) for index in range(8)}
    document["clusters"][0]["access"]["admins"] = [f"arn:aws:iam::123456789012:role/r{index}" for index in range(4)]
    document["clusters"][0]["access"]["public_from"] = ["203.0.113.0/24", "198.51.100.0/24"]
    document["clusters"][0]["network"]["zones"] = list(EAST)
    h100 = document["clusters"][0]["node_pools"][0]
    h100["labels"] = {f"label-{index}": "x" for index in range(8)}
    h100["taints"] = [
        {"key": f"taint-{index}", "effect": effect} for index in range(4) for effect in ("NoSchedule", "NoExecute")
    ]
    h100["kubelet"] = {
        "kubeReserved": {"cpu": "1", "memory": "1Gi", "pid": "100"},
        "evictionHard": {"memory.available": "5%", "nodefs.available": "10%"},
        "maxPods": 58,
    }
    return document


def _three_clouds() -> dict[str, Any]:
    """A cluster on each cloud, with more of everything whose order means nothing there."""
    azure_group = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/capacityReservationGroups"
    document = _busy()
    document["clusters"] = [
        document["clusters"][0],
        {
            "name": "azure",
            "cloud": "azure",
            "region": "southcentralus",
            "tags": {f"Tag {index}": str(index) for index in range(6)},
            "access": {"admins": [f"00000000-0000-0000-0000-00000000000{index}" for index in range(4)]},
            "network": {"zones": [3, 1, 2]},
            "gpu_stack": {"amd_driver_image": "registry.example.com/amd/driver"},
            "node_pools": [
                {
                    "name": "a100",
                    "machine_type": "Standard_NC24ads_A100_v4",
                    "zones": [3, 1],
                    "size": {"desired": 3, "max": 6},
                    "capacity": [
                        {"type": "reserved", "reservation_id": f"{azure_group}/{name}", "zone": 1, "count": 1}
                        for name in ("b", "a")
                    ]
                    + ["on-demand", "spot"],
                    "kubelet": {"cpuManagerPolicy": "static", "maxPods": 60, "podPidsLimit": 4096},
                    "linux": {"sysctls": {"vm.max_map_count": 262144, "net.core.somaxconn": 8192}},
                    "labels": {f"label-{index}": "x" for index in range(6)},
                    "taints": [{"key": "b"}, {"key": "a", "effect": "NoExecute"}, {"key": "a"}],
                },
                {"name": "t4", "machine_type": "Standard_NC16as_T4_v3", "zones": [2], "taints": [{"key": "c"}]},
                {
                    "name": "amd",
                    "machine_type": "Standard_ND96isr_MI300X_v5",
                    "zones": ["regional"],
                    "driver_owner": "operator",
                    "fabric": "infiniband",
                },
            ],
        },
        {
            "name": "gcp",
            "cloud": "gcp",
            "region": "us-central1",
            "tags": {f"tag-{index}": str(index) for index in range(6)},
            "access": {"admins": ["user:b@example.com", "user:a@example.com", "group:c@example.com"]},
            "node_pools": [
                {
                    "name": "mega",
                    "machine_type": "a3-megagpu-8g",
                    "zones": ["us-central1-b", "us-central1-a"],
                    "capacity": ["spot", "flex-start", "queued"],
                    "fabric": "tcpxo",
                    "linux": {"sysctls": {"vm.max_map_count": 262144, "net.core.somaxconn": 8192}},
                    "taints": [{"key": "b"}, {"key": "a", "effect": "NoExecute"}, {"key": "a"}],
                },
                {
                    "name": "ultra",
                    "machine_type": "a3-ultragpu-8g",
                    "zones": ["us-central1-b"],
                    "capacity": ["flex-start"],
                    "fabric": "roce",
                },
                {
                    "name": "l4",
                    "machine_type": "g2-standard-4",
                    "zones": ["us-central1-c"],
                    "driver_owner": "operator",
                    "image": {"family": "ubuntu"},
                    "taints": [{"key": "d"}],
                },
            ],
        },
    ]
    return document


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_shuffling_the_clusters_of_three_clouds_changes_no_byte(shuffle):
    document = _three_clouds()
    assert {cluster.cloud for cluster in plan_document(document).clusters} == {"aws", "azure", "gcp"}
    assert plan_to_json(plan_document(_shuffled(document, shuffle))) == plan_to_json(plan_document(document))


def test_python_objects_of_three_clouds_give_the_same_bytes():
    document = _three_clouds()
    assert plan_to_json(plan_environment(EnvironmentSpec(**document))) == plan_to_json(plan_document(document))


@pytest.mark.parametrize("cloud", ["azure", "gcp"])
def test_a_pool_that_goes_moves_no_other_of_its_cluster(cloud):
    """Names, networks between accelerators and their ranges are a pool's own."""
    document = _three_clouds()
    before = {cluster.name: cluster for cluster in plan_document(document).clusters}[cloud]
    (cluster,) = [entry for entry in document["clusters"] if entry["name"] == cloud]
    for index in range(len(cluster["node_pools"])):
        fewer = [pool for at, pool in enumerate(cluster["node_pools"]) if at != index]
        after = plan_document({**document, "clusters": [{**cluster, "node_pools": fewer}]}).clusters[0]
        kept = {pool["name"] for pool in fewer}
        assert after.node_pools == tuple(pool for pool in before.node_pools if pool.name in kept)
        assert after.network == before.network


@pytest.mark.parametrize("cloud", ["azure", "gcp"])
def test_another_reservation_behind_renames_no_node_pool(cloud):
    """The clouds rename nothing: a node pool under another name is a new one, and the old one goes."""
    group = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/capacityReservationGroups/"
    start, zone = {"azure": (group, "1"), "gcp": ("", "us-central1-a")}[cloud]
    entries = [
        {"type": "reserved", "reservation_id": f"{start}r-{index}", "zone": zone, "count": 1} for index in range(3)
    ]
    for count in (1, 2):
        before, after = (
            plan_environment(environment(cluster_on(cloud, pool_on(cloud, capacity=entries[:some])))).clusters[0]
            for some in (count, count + 1)
        )
        names = [entry.physical_name for entry in after.node_pools[0].offerings]
        assert [entry.physical_name for entry in before.node_pools[0].offerings] == names[:count]
        assert len(set(names)) == count + 1


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_shuffling_what_has_no_order_changes_no_byte(shuffle):
    assert plan_to_json(plan_document(_shuffled(_busy(), shuffle))) == plan_to_json(plan_document(_busy()))


@pytest.mark.parametrize("scenario", scenarios())
def test_yaml_and_python_objects_give_the_same_bytes(scenario):
    document = _document(scenario)
    built = EnvironmentSpec(**document)
    assert plan_to_json(plan_environment(built)) == plan_to_json(plan_document(document))
    assert plan_to_json(plan_document(built)) == plan_to_json(plan_document(document))


def test_the_order_of_zones_and_capacity_does_matter():
    """The shuffles above leave these alone, and must: they are the failover order."""
    for key in ("zones", "capacity"):
        document = valid_document()
        document["clusters"][0]["node_pools"][0][key].reverse()
        assert plan_document(document) != plan_document(valid_document())


@given(st.integers(0, 2), st.sampled_from(EAST), st.sampled_from(("a", "h", "z")))
@settings(max_examples=30, deadline=None)
def test_a_new_pool_moves_no_other(at, zone, name):
    document, more = valid_document(), valid_document()
    new = {"name": name, "machine_type": "g6.xlarge", "zones": [zone], "taints": [{"key": "new"}]}
    more["clusters"][0]["node_pools"].insert(at, new)
    old, now = plan_document(document), plan_document(more)
    assert old.clusters[0] == now.clusters[0]  # `serve` is first by name
    before, after = old.clusters[1], now.clusters[1]
    assert set(before.network.subnets) <= set(after.network.subnets)
    assert {entry.name: entry for entry in before.node_pools}.items() <= {
        entry.name: entry for entry in after.node_pools
    }.items()
    assert [release.name for release in before.releases] == [release.name for release in after.releases]


def test_another_reservation_behind_moves_no_offering():
    """A node group whose name changes is made anew, with all its nodes."""
    entries = [{"type": "reserved", "reservation_id": f"cr-{index}", "zone": EAST[0], "count": 1} for index in range(3)]
    for count in (1, 2):
        before = plan_of(pool(capacity=entries[:count])).clusters[0].node_pools[0].offerings
        after = plan_of(pool(capacity=entries[: count + 1])).clusters[0].node_pools[0].offerings
        assert [entry.name for entry in before] == [entry.name for entry in after][:count]


def test_a_new_cluster_moves_no_other():
    document = valid_document()
    both = plan_document(document)
    document["clusters"].pop(0)
    assert plan_document(document).clusters == both.clusters[:1]


_PROGRAM = """
import json, sys
from gpucloud.plan import plan_document, plan_to_json
for document in json.load(sys.stdin):
    sys.stdout.write(plan_to_json(plan_document(document)))
"""


def test_the_bytes_do_not_depend_on_the_seed_of_hashes():
    documents = [*(_document(scenario) for scenario in scenarios()), _busy(), _three_clouds()]
    here = "".join(plan_to_json(plan_document(document)) for document in documents)
    for seed in ("0", "1", "random"):
        answer = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            input=json.dumps(documents),
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout == here


def test_a_plan_is_frozen_and_json():
    plan = plan_document(valid_document())
    with pytest.raises(AttributeError):
        plan.name = "other"
    text = plan_to_json(plan)
    assert json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n" == text
