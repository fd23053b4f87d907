"""Mirrors that the stack makes on Azure: one container registry, its rules, and who may read what."""

import pulumi
import pytest

from gpucloud import EnvironmentSpec, GpuEnvironment
from tests.components.azure_outputs import SUBSCRIPTION
from tests.components.azure_programs import A100, REGION
from tests.components.recorder import record

VAULT = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/g/providers/Microsoft.KeyVault/vaults/ours"
HUB = {
    "registry": "docker.io",
    "managed": True,
    "credentials": {"secret": f"{VAULT}/secrets/password", "username": f"{VAULT}/secrets/name"},
}
K8S = {"registry": "registry.k8s.io", "managed": True}


def declared(*mirrors, account=SUBSCRIPTION, **options):
    cluster = {
        "name": "train",
        "cloud": "azure",
        "region": REGION,
        "account": account,
        "mirrors": list(mirrors),
        "tags": {"team": "ml"},
        "node_pools": [{"name": "a100", "machine_type": A100, "zones": ["2"]}],
    }
    spec = EnvironmentSpec.model_validate({"name": "prod", "clusters": [cluster]})
    return record(lambda: GpuEnvironment("prod", spec) and None, **options)


@pytest.fixture(scope="module")
def found():
    return declared(HUB, K8S)


def roles(found, ending):
    return [entry for entry in found.of_type("RoleAssignment") if entry.inputs["roleDefinitionId"].endswith(ending)]


def test_one_registry_without_a_password_has_a_rule_for_each_mirror(found):
    registry = found.one("containerregistry:Registry").inputs
    assert registry["registryName"].startswith("prodtrain")
    assert registry["sku"] == {"name": "Standard"}
    assert registry["adminUserEnabled"] is False
    assert registry["location"] == REGION
    assert registry["tags"] == {"team": "ml"}
    rules = {rule.inputs["sourceRepository"]: rule.inputs for rule in found.of_type("CacheRule")}
    assert {source: rule["targetRepository"] for source, rule in rules.items()} == {
        "docker.io/*": "docker-hub/*",
        "registry.k8s.io/*": "k8s/*",
    }
    assert {rule["registryName"] for rule in rules.values()} == {registry["registryName"]}
    assert "credentialSetResourceId" not in rules["registry.k8s.io/*"]
    assert rules["docker.io/*"]["credentialSetResourceId"].endswith("/CredentialSet/prod-train-docker.io")


def test_the_nodes_pull_from_it(found):
    (puller,) = roles(found, "7f951dda-4ed3-4680-a7ca-43fe172d538d")
    assert puller.inputs["principalId"] == "<prod-train.kubelet>"
    assert puller.inputs["scope"].endswith("/Registry/prod-train")
    assert puller.inputs["principalType"] == "ServicePrincipal"


def test_a_credential_set_reads_its_two_secrets_and_no_others(found):
    given = found.one("CredentialSet").inputs
    assert given["loginServer"] == "docker.io"
    assert given["identity"] == {"type": "SystemAssigned"}
    assert given["authCredentials"] == [
        {
            "name": "Credential1",
            "passwordSecretIdentifier": "https://ours.vault.azure.net/secrets/password",
            "usernameSecretIdentifier": "https://ours.vault.azure.net/secrets/name",
        }
    ]
    readers = roles(found, "4633458b-17de-408a-b874-0445c86b69e6")
    assert {entry.inputs["scope"] for entry in readers} == {f"{VAULT}/secrets/name", f"{VAULT}/secrets/password"}
    assert {entry.inputs["principalId"] for entry in readers} == {"<prod-train-docker.io.principal>"}


def test_operators_wait_for_rules_and_roles_and_name_images_by_the_registry(found):
    release = found.one("Release", "prod-train-gpu-operator")
    needed = [*found.of_type("CacheRule"), *roles(found, "43fe172d538d"), *roles(found, "0445c86b69e6")]
    assert {entry.key for entry in needed} < set(release.dependencies)
    host = f"{found.one('containerregistry:Registry').inputs['registryName']}.azurecr.io"
    image = release.inputs["values"]["node-feature-discovery"]["image"]["repository"]
    assert image == f"{host}/k8s/nfd/node-feature-discovery"


def test_a_preview_knows_everything_that_it_needs():
    assert len(declared(HUB, K8S, preview=True).of_type("CacheRule")) == 2


@pytest.mark.parametrize("preview", [False, True])
def test_another_subscription_is_refused(preview):
    other = SUBSCRIPTION.replace("1", "7")
    with pytest.raises(pulumi.RunError, match=f"mirrors in {other}, and this stack runs in {SUBSCRIPTION}"):
        declared(K8S, account=other, preview=preview)
