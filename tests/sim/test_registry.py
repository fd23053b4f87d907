"""Pull-through cache rules of ECR and a role's own policies, as the local cloud has them."""

import pytest

from tests.sim.servicer import Refused

RULE, POLICY = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "aws:iam/rolePolicy:RolePolicy"
QUAY = {"ecrRepositoryPrefix": "prod/quay", "upstreamRegistryUrl": "quay.io"}
HUB = {"ecrRepositoryPrefix": "prod/hub", "upstreamRegistryUrl": "registry-1.docker.io"}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/hub-AbCdEf"
CASES = {
    "upstream": (QUAY, {**QUAY, "upstreamRegistryUrl": "nvcr.io"}, "upstreamRegistryUrl", "isn't supported"),
    "wildcard": (
        {**HUB, "upstreamRegistryUrl": "own.azurecr.io", "credentialArn": SECRET},
        {**QUAY, "upstreamRegistryUrl": "azurecr.io.example.com"},
        "upstreamRegistryUrl",
        "UnsupportedUpstreamRegistryException",
    ),
    "credentials": ({**HUB, "credentialArn": SECRET}, HUB, "credentialArn", "requires authentication"),
    "secret": (
        {**QUAY, "credentialArn": SECRET},
        {**QUAY, "credentialArn": SECRET.replace("ecr-pullthroughcache/", "")},
        "credentialArn",
        "does not match",
    ),
    "prefix": (QUAY, {**QUAY, "ecrRepositoryPrefix": "prod--a/quay"}, "ecrRepositoryPrefix", "must be 'ROOT'"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_that_ecr_takes_passes(cloud, case):
    assert cloud.problems(RULE, CASES[case][0]) == []


@pytest.mark.parametrize("case", CASES)
def test_a_rule_that_ecr_refuses_is_named(cloud, case):
    _, bad, path, words = CASES[case]
    problems = cloud.problems(RULE, bad)
    assert {found for found, _ in problems} == {path}
    assert words in " ".join(text for _, text in problems)


def test_a_prefix_is_long_enough_for_thirty_characters_alone(cloud):
    assert cloud.problems(RULE, {**QUAY, "ecrRepositoryPrefix": "p" * 30}) == []
    assert "at most 30" in cloud.problems(RULE, {**QUAY, "ecrRepositoryPrefix": "p" * 31})[0][1]


def test_a_prefix_has_one_rule_in_its_region(cloud):
    made = cloud.create(RULE, "first", QUAY)
    assert (made.id, made.outputs["registryId"]) == ("prod/quay", "123456789012")
    with pytest.raises(Refused, match="PullThroughCacheRuleAlreadyExistsException"):
        cloud.create(RULE, "second", QUAY)
    cloud.create(RULE, "elsewhere", {**QUAY, "region": "us-west-2"})


def test_credentials_change_in_place_and_cannot_be_taken_away(cloud):
    made = cloud.create(RULE, "quay", {**QUAY, "credentialArn": SECRET})
    assert cloud.diff(made, {**QUAY, "credentialArn": f"{SECRET}x"}).replaces == []
    assert list(cloud.diff(made, {**QUAY, "upstreamRegistryUrl": "registry.k8s.io"}).replaces) == [
        "upstreamRegistryUrl"
    ]
    with pytest.raises(Refused, match="Please set either credential arn or role arn"):
        cloud.update(made, QUAY)


def test_a_policy_is_json_of_a_role_that_there_is(estate):
    assert estate.cloud.problems(POLICY, {"role": "r", "policy": "{}"}) == []
    assert estate.cloud.problems(POLICY, {"role": "r", "policy": "nonsense"})[0][0] == "policy"
    made = estate.cloud.create(POLICY, "own", {"role": estate.role.id, "policy": "{}"})
    assert made.id == f"{estate.role.id}:{made.outputs['name']}"
    with pytest.raises(Refused, match="NoSuchEntity"):
        estate.cloud.create(POLICY, "nobodys", {"role": "nobody", "policy": "{}"})
    with pytest.raises(Refused, match="DeleteConflict"):
        estate.cloud.delete(estate.role)
