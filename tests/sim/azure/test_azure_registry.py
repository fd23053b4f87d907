"""Container registries, their cache rules and credential sets, as the local cloud has them."""

import pytest

from gpucloud.sim.azure_native import tokens
from tests.sim.servicer import Refused

INSIDE = {"resourceGroupName": "gpu", "registryName": "ours1"}
REGISTRY = {**INSIDE, "sku": {"name": "Standard"}}
QUAY = {**INSIDE, "cacheRuleName": "cache-quay", "sourceRepository": "quay.io/*", "targetRepository": "quay/*"}
SET = {
    **INSIDE,
    "credentialSetName": "credentials-hub",
    "loginServer": "docker.io",
    "identity": {"type": "SystemAssigned"},
    "authCredentials": [{"name": "Credential1", "usernameSecretIdentifier": "u", "passwordSecretIdentifier": "p"}],
}


@pytest.fixture
def registry(azure):
    return azure.cloud.create(tokens.REGISTRY, "ours", REGISTRY)


@pytest.mark.parametrize(
    ("token", "good", "bad", "path"),
    [
        (tokens.REGISTRY, REGISTRY, {**REGISTRY, "registryName": "our-registry"}, "registryName"),
        (tokens.REGISTRY, REGISTRY, {**REGISTRY, "registryName": "our"}, "registryName"),
        (tokens.REGISTRY, REGISTRY, {**REGISTRY, "sku": {"name": "Large"}}, "sku.name"),
        (tokens.CACHE_RULE, QUAY, {**QUAY, "cacheRuleName": "quay"}, "cacheRuleName"),
        (tokens.CACHE_RULE, QUAY, {**QUAY, "sourceRepository": "nvcr.io/*"}, "sourceRepository"),
        (tokens.CREDENTIAL_SET, SET, {**SET, "credentialSetName": "a_b_c_d"}, "credentialSetName"),
    ],
)
def test_names_and_sources_are_judged(azure, token, good, bad, path):
    assert azure.cloud.problems(token, good) == []
    assert [found for found, _ in azure.cloud.problems(token, bad)] == [path]


def test_docker_hub_needs_credentials(azure, registry):
    hub = {**QUAY, "cacheRuleName": "cache-hub", "sourceRepository": "docker.io/*", "targetRepository": "hub/*"}
    ((path, text),) = azure.cloud.problems(tokens.CACHE_RULE, hub)
    assert path == "credentialSetResourceId"
    assert "Cannot create cache rule pointing to Docker Hub without credentials" in text
    given = azure.cloud.create(tokens.CREDENTIAL_SET, "hub", SET)
    assert given.outputs["identity"].keys() == {"type", "principalId", "tenantId"}
    azure.cloud.create(tokens.CACHE_RULE, "hub", {**hub, "credentialSetResourceId": given.id})
    missing = {**hub, "cacheRuleName": "cache-2", "targetRepository": "b/*", "credentialSetResourceId": f"{given.id}x"}
    with pytest.raises(Refused, match="InvalidResourceReference"):
        azure.cloud.create(tokens.CACHE_RULE, "missing", missing)


def test_targets_of_wildcards_do_not_overlap(azure, registry):
    azure.cloud.create(tokens.CACHE_RULE, "quay", QUAY)
    for target in ("quay/*", "quay/own/*", "*"):
        other = {**QUAY, "cacheRuleName": "other", "sourceRepository": "ghcr.io/*", "targetRepository": target}
        with pytest.raises(Refused, match="already"):
            azure.cloud.create(tokens.CACHE_RULE, "other", other)
    fixed = {**QUAY, "cacheRuleName": "fixed", "sourceRepository": "ghcr.io/a", "targetRepository": "quay/a"}
    azure.cloud.create(tokens.CACHE_RULE, "fixed", fixed)


def test_what_is_fixed_is_refused_or_replaces(azure, registry):
    made = azure.cloud.create(tokens.CACHE_RULE, "quay", QUAY)
    assert list(azure.cloud.diff(made, {**QUAY, "cacheRuleName": "cache-other"}).replaces) == ["cacheRuleName"]
    with pytest.raises(Refused, match="sourceRepository"):
        azure.cloud.update(made, {**QUAY, "sourceRepository": "ghcr.io/*"})


def test_a_registry_takes_what_is_inside_with_it(azure, registry, schemas):
    made = [
        registry,
        azure.cloud.create(tokens.CACHE_RULE, "quay", QUAY),
        azure.cloud.create(tokens.CREDENTIAL_SET, "hub", SET),
    ]
    assert registry.outputs["loginServer"] == "ours1.azurecr.io"
    for one in made:
        needed = {name for name, optional in schemas.get(one.token).outputs.items() if not optional}
        assert needed <= set(one.outputs), one.token
    with pytest.raises(Refused, match="ParentResourceNotFound"):
        azure.cloud.create(tokens.CACHE_RULE, "nowhere", {**QUAY, "registryName": "theirs"})
    azure.cloud.delete(registry)
    types = (tokens.REGISTRY, tokens.CACHE_RULE, tokens.CREDENTIAL_SET)
    assert azure.cloud.store.find("type IN (?, ?, ?)", *types) == []
