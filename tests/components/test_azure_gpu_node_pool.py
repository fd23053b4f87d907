"""The agent pools of one pool: one an offering, placement, InfiniBand's precondition, order, refusals."""

import dataclasses

import pulumi
import pytest

from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
from gpucloud.plan.node_pool import plan_single_pool
from tests.components import azure_outputs
from tests.components.azure_outputs import id_of
from tests.components.azure_programs import FEATURE, H100, REGION, RESERVED, cluster_ref, pool_spec, record_pool
from tests.components.recorder import record

IB = {"machine_type": H100, "zones": ["1"], "fabric": "infiniband", "driver_owner": "operator"}
READY = {"type": "infiniband", "feature_is_registered": True}


def pools_of(found):
    return {entry.name: entry for entry in found.of_type("AgentPool")}


def state(value):
    return {FEATURE: {"id": "f", "name": "f", "type": "t", "azureApiVersion": "v", "properties": {"state": value}}}


def test_each_offering_is_an_agent_pool_under_the_name_of_the_plan():
    found = record_pool(capacity=["on-demand", "spot"], zones=["2", "3"])
    names = {name: pool.inputs["agentPoolName"] for name, pool in pools_of(found).items()}
    assert names == {
        "pool-2-od": "a100o2", "pool-2-spot": "a100s2", "pool-3-od": "a100o3", "pool-3-spot": "a100s3",
    }  # fmt: skip


def test_names_in_aks_are_given_by_offering():
    names = {}

    def program():
        pool = AzureGpuNodePool("pool", pool_spec(), cluster_ref())
        for offering, name in pool.agent_pool_names.items():
            name.apply(lambda value, offering=offering: names.setdefault(offering, value))

    record(program)
    assert names == {"2-od": "a100o2"}


def test_the_number_of_nodes_is_the_autoscalers_after_creation():
    assert record_pool().one("AgentPool").ignore_changes == ("count",)


def test_a_replaced_pool_goes_first_since_its_name_is_taken():
    pool = record_pool().one("AgentPool")
    assert pool.delete_before_replace
    assert {"availabilityZones", "gpuProfile", "kubeletConfig", "scaleSetPriority"} <= set(pool.replace_on_changes)


def test_a_pool_with_settings_stands_under_a_name_of_its_own_before_the_old_one_goes():
    pool = record_pool(kubelet={"cpuManagerPolicy": "static"}).one("AgentPool")
    other = record_pool(kubelet={"cpuManagerPolicy": "none"}).one("AgentPool")
    assert not pool.delete_before_replace
    assert pool.name == other.name
    assert pool.inputs["agentPoolName"] != other.inputs["agentPoolName"]


def test_the_old_nodes_of_a_reservation_go_first():
    pools = pools_of(record_pool(kubelet={"maxPods": 60}, capacity=[RESERVED, "on-demand"]))
    assert {name: pool.delete_before_replace for name, pool in pools.items()} == {
        "pool-2-reserved": True,
        "pool-2-od": False,
    }


def test_every_pool_explains_its_stock_out_by_the_error_hook():
    assert record_pool().one("AgentPool").error_hooks == ("pool-stock-out",)


def test_pools_that_start_empty_wait_for_those_that_start_with_nodes():
    found = pools_of(record_pool(capacity=["on-demand", "spot"], zones=["2", "3"]))
    first = "azure-native:containerservice:AgentPool::pool-2-od"
    assert [first in found[name].dependencies for name in sorted(found)] == [False, True, True, True]


# --- placement ---


@pytest.mark.parametrize(
    ("changes", "zones"),
    [
        ({}, []),
        ({"placement": "none"}, []),
        ({"placement": "cluster"}, ["2", "3"]),
        ({"placement": "cluster", "zones": ["2", "regional"]}, ["2", "regional"]),
        ({"placement": "cluster", "capacity": [RESERVED, "spot"]}, ["2", "3"]),
    ],
)
def test_a_placement_group_is_made_only_where_nodes_are_kept_close(changes, zones):
    found = record_pool(**{"zones": ["2", "3"], **changes})
    groups = found.of_type("ProximityPlacementGroup")
    assert [group.name for group in groups] == [f"pool-{zone}" for zone in zones]
    for group in groups:
        zone = group.name.removeprefix("pool-")
        assert group.inputs.get("zones") == (None if zone == "regional" else [zone])
        assert ("intent" in group.inputs) == (zone != "regional")
    for pool in found.of_type("AgentPool"):
        zone = pool.name.split("-")[1]
        own = zone if zone in zones and "reserved" not in pool.name else None
        wanted = id_of("azure-native:compute:ProximityPlacementGroup", f"pool-{own}") if own else None
        assert pool.inputs.get("proximityPlacementGroupID") == wanted, pool.name


def test_a_placement_that_is_there_is_every_pools():
    theirs = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/proximityPlacementGroups/near"
    found = record_pool(placement={"type": "existing", "name": theirs}, capacity=["on-demand", "spot"])
    assert {pool.inputs["proximityPlacementGroupID"] for pool in found.of_type("AgentPool")} == {theirs}
    assert not found.of_type("ProximityPlacementGroup")


# --- InfiniBand ---


@pytest.mark.parametrize("preview", [False, True])
def test_a_registered_feature_lets_the_pool_be(preview):
    found = record_pool(**IB, preview=preview)
    assert found.one("AgentPool").inputs["resourceName"] == "train"


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("value", ["NotRegistered", "Pending", "Registering", "Unregistered"])
def test_a_feature_that_is_not_registered_stops_the_pool_with_the_command(value, preview):
    with pytest.raises(pulumi.RunError) as caught:
        record_pool(**IB, preview=preview, answers=state(value))
    text = str(caught.value)
    assert f"it is {value}" in text
    assert "az feature register --namespace Microsoft.ContainerService --name AKSInfinibandSupport" in text
    assert "\n" not in text


def test_nothing_of_the_pool_is_declared_where_the_feature_is_missing():
    declared = {}

    def program():
        AzureGpuNodePool("pool", pool_spec(**IB, placement="cluster"), cluster_ref())

    with pytest.raises(pulumi.RunError):
        record(program, answers=state("NotRegistered"), into=declared)
    assert not [entry for entry in declared.values() if entry.type.endswith("AgentPool")]


def test_what_azure_refuses_to_answer_is_said_as_plainly():
    with pytest.raises(pulumi.RunError, match=r"Azure answered: .*FeatureRegistrationNotFound") as caught:
        record_pool(**IB, answers={FEATURE: ValueError("FeatureRegistrationNotFound")})
    assert "az feature register" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_who_says_that_the_feature_is_there_is_not_asked():
    found = record_pool(**(IB | {"fabric": READY}), answers=state("NotRegistered"))
    assert found.one("AgentPool")


def test_a_pool_without_infiniband_asks_for_no_feature():
    assert record_pool(machine_type=H100, zones=["1"], answers=state("NotRegistered")).one("AgentPool")


# --- refusals ---


def test_all_problems_of_a_pool_come_at_once_as_one_error_of_the_program():
    with pytest.raises(pulumi.RunError) as caught:
        record_pool(name="a-name-that-is-too-long", zones=["7"], driver_owner="host")
    assert str(caught.value).startswith("pool:\n")
    for part in ("name: ", "zones[0]: ", "driver_owner: "):
        assert part in str(caught.value)


def test_a_refused_pool_declares_no_resource_of_a_cloud():
    declared = []

    def program():
        try:
            AzureGpuNodePool("pool", pool_spec(zones=["7"]), cluster_ref())
        except pulumi.RunError as error:
            declared.append(str(error))

    found = record(program)
    assert declared
    assert not [entry for entry in found.resources.values() if entry.custom]


# --- inputs that only a later step knows ---


@pytest.mark.parametrize("changes", [{}, IB, {"placement": "cluster"}, {"capacity": [RESERVED, "spot"]}])
def test_a_preview_works_when_everything_about_the_cluster_is_unknown(changes):
    def program():
        # A resource of the preview, whose computed outputs nobody knows.
        unknown = pulumi.CustomResource("azure-native:resources:ResourceGroup", "later", {"location": REGION})
        value = pulumi.Output.all(unknown.id).apply(lambda found: found[0])
        ref = cluster_ref(
            cluster_name=value, resource_group_name=value, node_subnet_id=value, kubernetes_version=value
        )  # fmt: skip
        AzureGpuNodePool("pool", pool_spec(**changes), ref)

    before = record(program, preview=True)
    after = record(program)
    assert sorted(before.resources) == sorted(after.resources)


def test_a_plan_and_its_spec_declare_the_same():
    plan = plan_single_pool("azure", REGION, "pool", pool_spec(placement="cluster"))
    by_plan = record(lambda: AzureGpuNodePool("pool", plan, cluster_ref()) and None)
    assert by_plan.to_json() == record_pool(placement="cluster").to_json()


def test_the_order_of_labels_taints_and_tags_does_not_matter():
    labels, taints = {"a": "1", "b": "2"}, [{"key": "a"}, {"key": "b", "effect": "NoExecute"}]
    ref = cluster_ref(tags={"x": "1", "y": "2"})
    other = dataclasses.replace(ref, tags={"y": "2", "x": "1"})
    first = record_pool(ref=ref, labels=labels, taints=taints)
    second = record_pool(ref=other, labels=dict(reversed(labels.items())), taints=taints[::-1])
    assert first.to_json() == second.to_json()


@pytest.mark.parametrize(("state_in_aks", "is_said"), [("Failed", True), ("Succeeded", False)])
def test_an_agent_pool_that_stands_failed_is_named_with_what_mends_it(monkeypatch, state_in_aks, is_said):
    said = []
    plain = azure_outputs.computed

    def computed(token, name, inputs):
        return {**plain(token, name, inputs), "provisioningState": state_in_aks}

    monkeypatch.setattr(azure_outputs, "computed", computed)
    monkeypatch.setattr(pulumi.log, "warn", lambda text, _resource: said.append(text))
    record_pool()
    assert [text.partition(":")[0] for text in said] == (["agent pool a100o2"] if is_said else [])
    assert all("pulumi up --replace 'urn:pulumi:" in text for text in said)


def test_a_failed_pool_with_a_hash_goes_by_itself_first(monkeypatch):
    said = []
    plain = azure_outputs.computed
    monkeypatch.setattr(
        azure_outputs,
        "computed",
        lambda token, name, inputs: {**plain(token, name, inputs), "provisioningState": "Failed"},
    )
    monkeypatch.setattr(pulumi.log, "warn", lambda text, _resource: said.append(text))
    record_pool(kubelet={"maxPods": 60})
    assert ["pulumi destroy --target 'urn:pulumi:" in text for text in said] == [True]
