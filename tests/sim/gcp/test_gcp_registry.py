"""Repositories of Artifact Registry that cache others, and who may read their credentials."""

import pytest

from gpucloud.sim.gcp.registry import REPOSITORY, SECRET_MEMBER, SERVICE_IDENTITY
from tests.sim.servicer import Refused

URI = "remoteRepositoryConfig.commonRepository.uri"
CREDENTIALS = {"username": "me", "passwordSecretVersion": "projects/p/secrets/hub/versions/1"}
AGENT = "service-123456789012@gcp-sa-artifactregistry.iam.gserviceaccount.com"


def repository(uri="https://quay.io", credentials=None, **changes):
    config = {"commonRepository": {"uri": uri}}
    if credentials:
        config["upstreamCredentials"] = {"usernamePasswordCredentials": credentials}
    given = {"format": "DOCKER", "mode": "REMOTE_REPOSITORY", "repositoryId": "prod-quay", "location": "us-central1"}
    return {**given, "remoteRepositoryConfig": config, **changes}


@pytest.mark.parametrize(
    ("good", "bad", "path"),
    [
        (repository(), repository("quay.io"), URI),
        (repository("projects/p/locations/us/repositories/r"), repository("projects/p/repositories/r"), URI),
        (repository(), repository(mode="REMOTE"), "mode"),
        (
            repository(credentials=CREDENTIALS),
            repository(credentials={**CREDENTIALS, "passwordSecretVersion": "hub"}),
            "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials.passwordSecretVersion",
        ),
        (
            repository(),
            repository(remoteRepositoryConfig={"commonRepository": {"uri": "https://quay.io"}, "dockerRepository": {}}),
            "remoteRepositoryConfig.aptRepository",
        ),
    ],
)
def test_a_source_is_an_address_with_a_secret_s_version(google, good, bad, path):
    assert google.cloud.problems(REPOSITORY, good) == []
    assert path in [found for found, _ in google.cloud.problems(REPOSITORY, bad)]


def test_an_id_has_one_repository_in_its_location(google):
    made = google.cloud.create(REPOSITORY, "first", repository())
    assert made.id == "projects/gpucloud-local/locations/us-central1/repositories/prod-quay"
    assert made.outputs["registryUri"] == "us-central1-docker.pkg.dev/gpucloud-local/prod-quay"
    with pytest.raises(Refused, match="409"):
        google.cloud.create(REPOSITORY, "second", repository())
    google.cloud.create(REPOSITORY, "elsewhere", repository(location="europe"))
    with pytest.raises(Refused, match="Location us-central9 is not found"):
        google.cloud.create(REPOSITORY, "nowhere", repository(location="us-central9"))


def test_a_source_replaces_and_credentials_do_not(google):
    made = google.cloud.create(REPOSITORY, "quay", repository())
    changed = google.cloud.diff(made, repository("https://ghcr.io"))
    assert list(changed.replaces) == ["remoteRepositoryConfig"]
    assert list(google.cloud.diff(made, repository(credentials=CREDENTIALS)).replaces) == []
    again = google.cloud.update(made, repository(credentials=CREDENTIALS))
    assert again.outputs["createTime"] == made.outputs["createTime"]


def test_artifact_registry_s_own_account_is_a_member_of_a_secret_s_policy(google):
    agent = google.cloud.create(SERVICE_IDENTITY, "agent", {"service": "artifactregistry.googleapis.com"})
    assert agent.outputs["email"] == AGENT
    inputs = {"secretId": "projects/p/secrets/hub", "role": "roles/x", "member": agent.outputs["member"]}
    made = google.cloud.create(SECRET_MEMBER, "reader", inputs)
    assert made.id == f"projects/p/secrets/hub/roles/x/serviceAccount:{AGENT}"
    assert made.outputs["project"] == "p"
    short = google.cloud.create(SECRET_MEMBER, "short", {**inputs, "secretId": "hub"})
    assert short.outputs["project"] == "gpucloud-local"


def test_outputs_are_those_of_the_sdk_and_all_goes(google, schemas):
    made = [
        google.cloud.create(REPOSITORY, "quay", repository(labels={"team": "ml"})),
        google.cloud.create(SERVICE_IDENTITY, "agent", {"service": "artifactregistry.googleapis.com"}),
        google.cloud.create(SECRET_MEMBER, "reader", {"secretId": "hub", "role": "roles/x", "member": "user:a@b.c"}),
    ]
    for one in made:
        schema = schemas.get(one.token)
        assert {name for name, optional in schema.outputs.items() if not optional} <= set(one.outputs), one.token
        assert {name for name in one.outputs if not name.startswith("__")} <= set(schema.outputs), one.token
        google.cloud.delete(one)
    assert google.cloud.store.find("type IN (?, ?, ?)", REPOSITORY, SERVICE_IDENTITY, SECRET_MEMBER) == []
