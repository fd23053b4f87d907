"""What each change of an environment does to nodes that run: its effect, its order, whom it hits."""

import copy
from typing import Any

import pytest
import yaml

from gpucloud.facts.change_effects import Effect
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import plan_document, plan_environment
from gpucloud.plan.impact import Change, Impact, impact
from tests.golden_files import SCENARIOS, scenarios
from tests.plan.documents import document
from tests.plan.pools import cluster_on, environment, pool_on

SIZE = {"min": 0, "desired": 2, "max": 4}
MACHINES: dict[Cloud, dict[str, Any]] = {
    "aws": {"machine_type": "p5.48xlarge", "zones": ["us-east-1a"]},
    "azure": {"machine_type": "Standard_NC24ads_A100_v4", "zones": ["2"]},
    "gcp": {"machine_type": "a3-highgpu-8g", "zones": ["us-central1-a"]},
}
REGIONS: dict[Cloud, str] = {"aws": "us-east-1", "azure": "swedencentral", "gcp": "us-central1"}
STATIC = {"kubelet": {"cpuManagerPolicy": "static"}}
NONE = {"kubelet": {"cpuManagerPolicy": "none"}}
UBUNTU, SPOT = {"image": {"family": "ubuntu"}}, {"capacity": ["spot"]}
COMPUTE = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Compute"


def one_pool(cloud: Cloud, cluster: dict[str, Any] | None = None, **pool: Any) -> dict[str, Any]:
    return document(cloud, {"region": REGIONS[cloud], **(cluster or {})}, **{**MACHINES[cloud], "size": SIZE, **pool})


def changed(cloud: Cloud, old: dict[str, Any], new: dict[str, Any]) -> Impact:
    return impact(plan_document(one_pool(cloud, **old)), plan_document(one_pool(cloud, **new)))


def only(found: Impact, field: str) -> Change:
    (change,) = (change for change in found.changes if change.field == field)
    return change


@pytest.mark.parametrize("scenario", scenarios())
def test_a_plan_changes_nothing_against_itself(scenario: str) -> None:
    plan = plan_document(yaml.safe_load((SCENARIOS / scenario / "spec.yaml").read_text()))
    assert impact(plan, copy.deepcopy(plan)) == Impact(())
    assert impact(plan, plan).effect == "none"


@pytest.mark.parametrize("old", scenarios())
@pytest.mark.parametrize("new", scenarios())
def test_every_difference_has_an_effect_and_comes_in_order(old: str, new: str) -> None:
    first, second = (plan_document(yaml.safe_load((SCENARIOS / name / "spec.yaml").read_text())) for name in (old, new))
    found = impact(first, second).changes
    assert bool(found) == (first != second)
    assert list(found) == sorted(found, key=lambda change: (change.resource, change.field))
    assert all((change.create_before_delete is None) == (change.effect != "replaces") for change in found)


@pytest.mark.parametrize(
    ("cloud", "effect", "first"),
    [("aws", "rolls-nodes", None), ("azure", "replaces", True), ("gcp", "rolls-nodes", None)],
)
def test_a_policy_that_differs_meets_new_nodes_on_every_cloud(cloud: Cloud, effect: Effect, first: bool | None) -> None:
    change = only(changed(cloud, NONE, STATIC), "kubelet.cpuManagerPolicy")
    assert (change.effect, change.create_before_delete) == (effect, first)
    assert (change.old, change.new) == ("none", "static")
    assert "no state file of the old policy" in change.reason


@pytest.mark.parametrize(
    ("cloud", "old", "new", "field", "effect"),
    [
        ("aws", {}, {"labels": {"a": "1"}}, "labels[a]", "in-place"),
        ("aws", {}, {"root_disk": {"size_gib": 900}}, "disk.root_gib", "rolls-nodes"),
        ("aws", {}, {"machine_type": "g5.48xlarge"}, "machine.machine_type", "replaces"),
        ("aws", {}, {"fabric": "efa"}, "interfaces", "rolls-nodes"),
        ("aws", {}, {"cluster": {"tags": {"a": "1"}}}, "tags[a]", "rolls-nodes"),
        ("azure", {}, {"cluster": {"tags": {"a": "1"}}}, "tags[a]", "in-place"),
        ("azure", {}, {"driver_owner": "operator"}, "software.driver", "replaces"),
        ("azure", {}, {"labels": {"a": "1"}}, "labels[a]", "in-place"),
        ("azure", {}, {"root_disk": {"size_gib": 900}}, "disk.root_gib", "replaces"),
        ("gcp", {}, {"root_disk": {"size_gib": 900}}, "disk.root_gib", "rolls-nodes"),
        ("gcp", {}, {"kubelet": {"maxPods": 64}}, "kubelet.maxPods", "replaces"),
        ("gcp", UBUNTU, {**UBUNTU, "driver_owner": "operator"}, "software.driver", "replaces"),
        ("gcp", SPOT, {**SPOT, "machine_type": "a3-highgpu-4g"}, "machine.devices_per_node", "replaces"),
        ("gcp", {}, {"linux": {"transparent_hugepages": "madvise"}}, "linux.transparent_hugepages", "rolls-nodes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_effects_of_fields_by_cloud(
    cloud: Cloud, old: dict[str, Any], new: dict[str, Any], field: str, effect: Effect
) -> None:
    assert only(changed(cloud, old, new), field).effect == effect


@pytest.mark.parametrize("cloud", MACHINES)
def test_sizes_change_in_place_and_the_desired_one_not_at_all(cloud: Cloud) -> None:
    found = changed(cloud, {}, {"size": {"min": 1, "desired": 3, "max": 9}})
    assert {(change.field, change.effect, change.nodes) for change in found.changes} == {
        ("size.desired", "none", 0),
        ("size.max", "in-place", 0),
        ("size.min", "in-place", 0),
    }


def test_aks_pools_without_a_hash_go_first() -> None:
    assert only(changed("azure", {}, {"driver_owner": "operator"}), "software.driver").create_before_delete is False
    hashed = changed("azure", STATIC, {**STATIC, "driver_owner": "operator"})
    assert only(hashed, "software.driver").create_before_delete is True
    # A pool that loses its settings goes back to its plain name, and the component declares the old one first.
    assert only(changed("azure", STATIC, {}), "kubelet.cpuManagerPolicy").create_before_delete is False


def test_a_reservation_is_freed_first() -> None:
    azure = {"type": "reserved", "reservation_id": f"{COMPUTE}/capacityReservationGroups/a", "zone": "2"}
    aws = {"type": "reserved", "reservation_id": "cr-0123456789abcdef0", "zone": "us-east-1a"}
    found = changed("azure", {**NONE, "capacity": [azure]}, {**STATIC, "capacity": [azure]})
    assert only(found, "kubelet.cpuManagerPolicy").create_before_delete is False
    found = changed("aws", {"capacity": [aws]}, {"capacity": [aws], "machine_type": "g5.48xlarge"})
    assert only(found, "machine.machine_type").create_before_delete is False
    found = changed("aws", {}, {"machine_type": "g5.48xlarge"})
    assert only(found, "machine.machine_type").create_before_delete is True


def test_nodes_and_gpus_are_those_of_the_old_plan() -> None:
    change = only(changed("gcp", NONE, STATIC), "kubelet.cpuManagerPolicy")
    assert (change.nodes, change.nodes_at_most, change.gpus, change.gpus_at_most) == (2, 4, 16, 32)


def test_parts_of_a_gpu_are_no_gpus() -> None:
    mig = {"sharing": {"type": "mig", "profile": "1g.10gb"}, **NONE}
    change = only(changed("azure", mig, {**mig, **STATIC}), "kubelet.cpuManagerPolicy")
    assert (change.nodes, change.gpus) == (2, 2)


def test_an_offering_that_goes_takes_its_nodes_and_one_that_comes_touches_none() -> None:
    found = changed("azure", {"zones": ["2"]}, {"zones": ["3"]}).changes
    offerings = [change for change in found if not change.field]
    assert [(change.resource.rpartition(".")[2], change.effect, change.nodes) for change in offerings] == [
        ("offerings[2-od]", "replaces", 2),
        ("offerings[3-od]", "none", 0),
    ]


def test_pools_and_clusters_come_and_go() -> None:
    aws, gcp = cluster_on("aws", pool_on("aws", size=SIZE)), cluster_on("gcp", pool_on("gcp", size=SIZE), name="other")
    one, both = plan_environment(environment(aws)), plan_environment(environment(aws, gcp))
    (comes,) = impact(one, both).changes
    (goes,) = impact(both, one).changes
    assert (comes.effect, comes.old, comes.new, comes.nodes) == ("none", None, "other", 0)
    assert (goes.effect, goes.old, goes.new, goes.nodes) == ("replaces", "other", None, 2)


@pytest.mark.parametrize("cloud", MACHINES)
def test_a_pool_that_is_renamed_is_replaced(cloud: Cloud) -> None:
    found = changed(cloud, {"name": "old"}, {"name": "new"})
    pools = [change for change in found.changes if "node_pools" in change.resource]
    assert [(change.resource, change.field, change.effect, change.nodes) for change in pools] == [
        ("clusters[train].node_pools[old]", "name", "replaces", 2)
    ]
    other = changed(cloud, {"name": "old"}, {"name": "new", "labels": {"a": "1"}})
    assert [change.field for change in other.changes if "node_pools" in change.resource] == ["", ""]


def test_another_name_of_the_environment_replaces_everything() -> None:
    document = one_pool("aws")
    change = only(impact(plan_document(document), plan_document({**document, "name": "dev"})), "name")
    assert (change.resource, change.effect, change.nodes, change.gpus) == ("environment", "replaces", 2, 16)


def test_another_version_of_kubernetes_rolls_all_nodes_and_another_region_replaces_them() -> None:
    found = changed("aws", {}, {"cluster": {"kubernetes_version": "1.33"}})
    assert (found.effect, only(found, "kubernetes_version").nodes) == ("rolls-nodes", 2)
    found = changed("aws", {}, {"cluster": {"region": "us-west-2"}, "zones": ["us-west-2a"]})
    assert (only(found, "region").effect, only(found, "region").create_before_delete) == ("replaces", False)


def test_the_gravest_effect_is_the_plans() -> None:
    found = changed("gcp", {}, {"labels": {"a": "1"}, **STATIC})
    assert found.effect == "rolls-nodes"
    assert {change.effect for change in found.at_least("rolls-nodes")} == {"rolls-nodes"}
    assert found.at_least("replaces") == ()
