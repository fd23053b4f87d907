"""The recorder of these tests refuses what plain mocks accept, so that a green test means something."""

import re

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
import pytest

from tests.components.programs import record_pool
from tests.components.recorder import record

GROUP = {
    "cluster_name": "theirs",
    "node_role_arn": "arn",
    "subnet_ids": ["subnet-a"],
    "scaling_config": {"min_size": 0, "desired_size": 0, "max_size": 1},
}


def declare(**changes):
    def program():
        aws.eks.NodeGroup("group", **(GROUP | changes))

    return program


def test_a_correct_resource_is_recorded_with_plain_sorted_values():
    declared = record(declare(labels={"b": "2", "a": "1"})).one("NodeGroup")
    assert declared.inputs["scalingConfig"] == {"desiredSize": 0, "maxSize": 1, "minSize": 0}
    assert all(type(value) is int for value in declared.inputs["scalingConfig"].values())
    assert list(declared.inputs["labels"]) == ["a", "b"]
    assert list(declared.inputs) == sorted(declared.inputs)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"scaling_config": {"min_size": 0, "desired_size": 0, "maxsize": 1}}, "maxSize"),
        ({"scaling_config": {**GROUP["scaling_config"], "maxsize": 1}}, "scalingConfig.maxsize: unknown property"),
        ({"subnet_ids": "subnet-a"}, "subnetIds: expected a list of string, got string"),
        ({"taints": [{"key": "gpu"}]}, "taints[0].effect: missing"),
        ({"labels": {"a": {"b": "c"}}}, "labels.a: expected string"),
        ({"launch_template": {"id": "lt-1", "version": 1}}, "launchTemplate.version: is 1 where the schema has '1'"),
    ],
)
def test_a_departure_from_the_schema_is_refused(changes, text):
    with pytest.raises(AssertionError) as caught:
        record(declare(**changes))
    assert text in str(caught.value)
    assert "aws:eks/nodeGroup:NodeGroup::group" in str(caught.value)


def test_a_wrong_type_far_inside_is_refused():
    inputs = {
        "clusterName": "theirs",
        "nodeRoleArn": "arn",
        "subnetIds": ["subnet-a"],
        "scalingConfig": {"minSize": 0, "desiredSize": 0, "maxSize": [1]},
    }
    with pytest.raises(AssertionError, match=r"scalingConfig\.maxSize: expected integer, got a list"):
        record(lambda: pulumi.CustomResource("aws:eks/nodeGroup:NodeGroup", "group", inputs) and None)


def test_two_resources_of_one_type_and_name_are_refused():
    def program():
        aws.iam.Role("node", assume_role_policy="{}")
        aws.iam.Role("node", assume_role_policy="{}")

    with pytest.raises(AssertionError, match="Role::node: declared twice"):
        record(program)


def test_a_type_that_the_sdk_does_not_have_is_refused():
    def program():
        pulumi.CustomResource("aws:eks/nodePool:NodePool", "pool", {})

    with pytest.raises(AssertionError, match="no such type"):
        record(program)


NETWORK = {"apiVersion": "networking.gke.io/v1", "kind": "Network", "metadata": {"name": "gpu-0"}}


def test_an_object_of_a_group_that_the_sdk_does_not_know_is_recorded():
    def program():
        k8s.apiextensions.CustomResource(
            "net",
            api_version="networking.gke.io/v1",
            kind="Network",
            metadata={"name": "gpu-0"},
            spec={"type": "Device"},
        )

    assert record(program).one("networking.gke.io/v1:Network").inputs == NETWORK | {"spec": {"type": "Device"}}


@pytest.mark.parametrize(
    ("token", "inputs", "text"),
    [
        (
            "networking.gke.io/v1:Network",
            NETWORK | {"kind": "Subnet"},
            "apiVersion and kind are networking.gke.io/v1 Subnet",
        ),
        ("networking.gke.io/v2:Network", NETWORK, "apiVersion and kind are networking.gke.io/v1 Network"),
        ("networking.gke.io/v1:Network", {"metadata": {"name": "gpu-0"}}, "apiVersion and kind are None None"),
        ("networking.gke.io/v1:Network", NETWORK | {"metadata": {}}, "metadata.name"),
        ("networking.k8s.io/v1:Network", NETWORK | {"apiVersion": "networking.k8s.io/v1"}, "no such type"),
        ("apps/v1:Deploiment", NETWORK | {"apiVersion": "apps/v1", "kind": "Deploiment"}, "no such type"),
        ("helm.sh/v3:Relaese", NETWORK | {"apiVersion": "helm.sh/v3", "kind": "Relaese"}, "no such type"),
    ],
)
def test_a_custom_object_that_contradicts_itself_or_is_of_a_known_group_is_refused(token, inputs, text):
    with pytest.raises(AssertionError, match=re.escape(text)):
        record(lambda: pulumi.CustomResource(f"kubernetes:{token}", "it", inputs) and None)


def test_unknown_values_of_a_preview_conform_and_show_as_unknown():
    text = record_pool(preview=True).to_json()
    assert "<unknown>" in text


def test_dependencies_and_parents_are_kept():
    def program():
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
        role = aws.iam.Role("role", assume_role_policy="{}", opts=pulumi.ResourceOptions(parent=vpc))
        aws.ec2.InternetGateway("gateway", vpc_id=vpc.id, opts=pulumi.ResourceOptions(depends_on=[role]))

    found = record(program)
    assert found.one("InternetGateway").dependencies == ("aws:ec2/vpc:Vpc::vpc", "aws:iam/role:Role::role")
    assert found.one("Role").parent == "aws:ec2/vpc:Vpc::vpc"
