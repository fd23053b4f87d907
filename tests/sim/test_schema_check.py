"""Inputs against the schema that the installed SDK gives."""

import pytest

from gpucloud.sim.schema_check import conform
from gpucloud.sim.values import UNKNOWN, decode, encode
from tests.sim.servicer import GROUP, TEMPLATE

GOOD = {
    "clusterName": "c",
    "nodeRoleArn": "r",
    "subnetIds": ["s"],
    "scalingConfig": {"minSize": 0, "desiredSize": 1, "maxSize": 2},
    "taints": [{"key": "k", "effect": "NO_SCHEDULE"}],
    "labels": {"a": "b"},
}


def test_what_the_schema_has_passes(schemas):
    assert conform(schemas.get(GROUP), GOOD) == (GOOD, [])


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"clusterName": None}, "clusterName", "missing required property 'clusterName'"),
        ({"gpu": 8}, "gpu", "unknown property 'gpu' of aws:eks/nodeGroup:NodeGroup"),
        ({"instanceType": ["p5.48xlarge"]}, "instanceType", "did you mean 'instanceTypes'?"),
        ({"subnetIds": "s"}, "subnetIds", "expected a list of string, got string"),
        ({"labels": ["a"]}, "labels", "expected a map of string, got a list"),
        ({"taints": [{"key": "k"}]}, "taints[0].effect", "missing required property 'effect'"),
        (
            {"scalingConfig": {"minSize": 0, "desiredSize": 1, "maxSize": 2, "maxsize": 3}},
            "scalingConfig.maxsize",
            "did you mean 'maxSize'?",
        ),
        (
            {"scalingConfig": {"minSize": 0, "desiredSize": "one", "maxSize": 2}},
            "scalingConfig.desiredSize",
            "expected integer, got string",
        ),
        ({"diskSize": True}, "diskSize", "expected integer, got boolean"),
        ({"launchTemplate": []}, "launchTemplate", "expected an object, got a list"),
    ],
)
def test_what_it_has_not_is_named(schemas, changes, path, message):
    _, refusals = conform(schemas.get(GROUP), {**GOOD, **changes})
    assert [refusal.path for refusal in refusals] == [path]
    assert message in refusals[0].message


def test_scalars_are_turned_as_the_bridge_turns_them(schemas):
    inputs = {"defaultVersion": "3", "ebsOptimized": True, "updateDefaultVersion": "true", "description": 7}
    turned, refusals = conform(schemas.get(TEMPLATE), inputs)
    assert refusals == []
    assert turned == {"defaultVersion": 3, "ebsOptimized": "true", "updateDefaultVersion": True, "description": "7"}


def test_unknown_values_pass_at_any_depth(schemas):
    inputs = {**GOOD, "subnetIds": [UNKNOWN], "scalingConfig": UNKNOWN, "taints": [{"key": UNKNOWN, "effect": UNKNOWN}]}
    assert conform(schemas.get(GROUP), inputs)[1] == []


def test_values_come_back_as_they_went():
    values = {"a": [1, 2.5, True, "x", None, {"b": UNKNOWN}], "c": UNKNOWN, "d": {"e": None}}
    assert decode(encode(values)) == {"a": [1, 2.5, True, "x", None, {"b": UNKNOWN}], "c": UNKNOWN, "d": {}}


def test_secrets_and_outputs_are_unwrapped():
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "s"}
    output = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": secret}
    unknown = {"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}
    assert decode(encode({"a": secret, "b": output, "c": unknown})) == {"a": "s", "b": "s", "c": UNKNOWN}
