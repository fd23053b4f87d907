"""Mirrors that the stack makes on Google Cloud: repositories, and who reads the secrets of their sources."""

import pulumi
import pytest

from gpucloud import EnvironmentSpec, GpuEnvironment
from tests.components.gcp_outputs import PROJECT
from tests.components.recorder import record

VERSION = f"projects/{PROJECT}/secrets/hub/versions/3"
HUB = {"registry": "docker.io", "managed": True, "credentials": {"secret": VERSION, "username": "me"}}
GHCR = {"registry": "ghcr.io", "managed": True, "credentials": {"secret": VERSION.replace("3", "4"), "username": "me"}}
NVCR = {"registry": "nvcr.io", "managed": True}
POOL = {
    "name": "l4",
    "machine_type": "g2-standard-8",
    "zones": ["us-central1-a"],
    "image": {"family": "ubuntu"},
    "driver_owner": "operator",
}


def declared(*mirrors, account=PROJECT, **options):
    cluster = {
        "name": "train",
        "cloud": "gcp",
        "region": "us-central1",
        "account": account,
        "mirrors": list(mirrors),
        "tags": {"team": "ml"},
        "node_pools": [POOL],
    }
    spec = EnvironmentSpec.model_validate({"name": "prod", "clusters": [cluster]})
    return record(lambda: GpuEnvironment("prod", spec) and None, **options)


@pytest.fixture(scope="module")
def found():
    return declared(HUB, GHCR, NVCR)


def test_each_registry_has_a_remote_repository(found):
    made = {
        entry.inputs["repositoryId"]: entry.inputs for entry in found.of_type("artifactregistry/repository:Repository")
    }
    assert made.keys() == {"prod-train-docker-io", "prod-train-ghcr-io", "prod-train-nvcr-io"}
    nvcr = made["prod-train-nvcr-io"]
    assert (nvcr["format"], nvcr["mode"], nvcr["location"]) == ("DOCKER", "REMOTE_REPOSITORY", "us-central1")
    assert nvcr["project"] == PROJECT
    assert nvcr["labels"] == {"team": "ml"}
    assert nvcr["remoteRepositoryConfig"] == {
        "commonRepository": {"uri": "https://nvcr.io"},
        "description": "nvcr.io",
    }
    assert made["prod-train-docker-io"]["remoteRepositoryConfig"]["upstreamCredentials"] == {
        "usernamePasswordCredentials": {"passwordSecretVersion": VERSION, "username": "me"}
    }


def test_artifact_registry_reads_a_secret_once_before_a_repository_asks_for_it(found):
    reader = found.one("SecretIamMember").inputs
    assert reader["secretId"] == f"projects/{PROJECT}/secrets/hub"
    assert reader["role"] == "roles/secretmanager.secretAccessor"
    assert reader["member"] == "serviceAccount:service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com"
    assert found.one("ServiceIdentity").inputs["service"] == "artifactregistry.googleapis.com"
    key = found.one("SecretIamMember").key
    for entry in found.of_type("artifactregistry/repository:Repository"):
        assert key in entry.dependencies


def test_without_credentials_there_is_nobody_to_let_in():
    found = declared(NVCR)
    assert found.of_type("ServiceIdentity") == found.of_type("SecretIamMember") == []
    assert found.one("index:GcpRegistryMirrors").parent == "gpucloud:index:GcpCluster::prod-train"


def test_operators_wait_for_the_mirror_that_names_their_images(found):
    release = found.one("Release", "prod-train-gpu-operator")
    assert {entry.key for entry in found.of_type("artifactregistry/repository:Repository")} < set(release.dependencies)
    host = f"us-central1-docker.pkg.dev/{PROJECT}/prod-train-nvcr-io"
    assert release.inputs["values"]["operator"]["repository"] == f"{host}/nvidia"


@pytest.mark.parametrize("preview", [False, True])
def test_another_project_is_refused(preview):
    with pytest.raises(pulumi.RunError, match=f"mirrors in another-1, and this stack runs in {PROJECT}"):
        declared(NVCR, account="another-1", preview=preview)
