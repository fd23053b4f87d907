"""The recorder of these tests refuses what plain mocks accept, so that a green test means something."""

import pulumi
import pulumi_aws as aws
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
