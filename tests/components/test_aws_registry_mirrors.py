"""Mirrors that the stack makes on AWS: what is declared, in which order, and in whose account."""

import json

import pulumi
import pytest

from gpucloud import EnvironmentSpec, GpuEnvironment
from tests.components.recorder import AWS_ACCOUNT, record

SECRET = f"arn:aws:secretsmanager:us-east-1:{AWS_ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"
DOCUMENT = {
    "name": "prod",
    "clusters": [
        {
            "name": "train",
            "cloud": "aws",
            "region": "us-east-1",
            "account": AWS_ACCOUNT,
            "mirrors": [
                {"registry": "registry.k8s.io", "managed": True},
                {"registry": "docker.io", "managed": True, "credentials": {"secret": SECRET}},
            ],
            "node_pools": [{"name": "h100", "machine_type": "p5.48xlarge", "zones": ["us-east-1a"]}],
        }
    ],
}


def declared(account=AWS_ACCOUNT, **options):
    spec = EnvironmentSpec.model_validate(DOCUMENT)
    answer = {"aws:index/getCallerIdentity:getCallerIdentity": {"accountId": account, "id": account}}
    return record(lambda: GpuEnvironment("prod", spec) and None, answers=answer, **options)


@pytest.fixture(scope="module")
def found():
    return declared()


def test_each_registry_has_a_rule_of_its_own(found):
    rules = {rule.inputs["ecrRepositoryPrefix"]: rule for rule in found.of_type("PullThroughCacheRule")}
    assert {name: rule.inputs["upstreamRegistryUrl"] for name, rule in rules.items()} == {
        "prod-train/docker-hub": "registry-1.docker.io",
        "prod-train/k8s": "registry.k8s.io",
    }
    assert {name: rule.inputs.get("credentialArn") for name, rule in rules.items()} == {
        "prod-train/docker-hub": SECRET,
        "prod-train/k8s": None,
    }
    # ECR takes no credentials away in place, and a prefix has one rule at a time.
    assert {(rule.replace_on_changes, rule.delete_before_replace) for rule in rules.values()} == {
        (("credentialArn",), True)
    }


def test_nodes_may_have_ecr_make_repositories_of_the_mirrors_alone(found):
    policy = found.one("iam/rolePolicy:RolePolicy").inputs
    assert policy["role"] == "prod-train-node-0000000"
    (statement,) = json.loads(policy["policy"])["Statement"]
    assert statement["Action"] == ["ecr:CreateRepository"]
    assert statement["Resource"] == [
        f"arn:aws:ecr:us-east-1:{AWS_ACCOUNT}:repository/prod-train/docker-hub/*",
        f"arn:aws:ecr:us-east-1:{AWS_ACCOUNT}:repository/prod-train/k8s/*",
    ]


def test_operators_wait_for_what_their_images_come_from(found):
    rules = {rule.key for rule in found.of_type("PullThroughCacheRule")}
    release = found.one("Release", "prod-train-gpu-operator")
    assert rules < set(release.dependencies)
    image = release.inputs["values"]["node-feature-discovery"]["image"]
    assert (
        image["repository"]
        == f"{AWS_ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/prod-train/k8s/nfd/node-feature-discovery"
    )
    component = found.one("index:AwsRegistryMirrors")
    assert component.parent == "gpucloud:index:AwsCluster::prod-train"
    assert found.outputs[component.key]["endpoints"].keys() == {"docker.io", "registry.k8s.io"}


@pytest.mark.parametrize("preview", [False, True])
def test_another_account_is_refused_before_anything_is_named_by_it(preview):
    with pytest.raises(pulumi.RunError, match="mirrors in 123456789012, and this stack runs in 999999999999"):
        declared("999999999999", preview=preview)


def test_a_cluster_without_managed_mirrors_asks_for_no_account():
    plain = {**DOCUMENT["clusters"][0], "account": None, "mirrors": []}
    spec = EnvironmentSpec.model_validate({**DOCUMENT, "clusters": [plain]})
    refused = {"aws:index/getCallerIdentity:getCallerIdentity": AssertionError("nobody needs it")}
    found = record(lambda: GpuEnvironment("prod", spec) and None, answers=refused)
    assert found.of_type("AwsRegistryMirrors") == []
