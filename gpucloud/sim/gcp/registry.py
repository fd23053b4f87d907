"""Repositories of Artifact Registry, Google's own account of a service, and members of a secret's policy.

Forms: terraform-provider-google-beta 93c65b2 artifactregistry/resource_artifact_registry_repository.go,
resourcemanager/resource_project_service_identity.go, tpgiamresource. The service agent's address: Artifact Registry
documentation, ar-service-account. Secrets themselves are somebody else's: none is looked for.
"""

from gpucloud.sim.gcp.moments import made_at
from gpucloud.sim.gcp.places import PROJECT_NUMBER, find_location, find_project
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.values import Inputs

REPOSITORY = "gcp:artifactregistry/repository:Repository"
SERVICE_IDENTITY = "gcp:projects/serviceIdentity:ServiceIdentity"
SECRET_MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember"  # noqa: S105 - a type token
ARTIFACT_REGISTRY = "artifactregistry.googleapis.com"


def _repository_id(draft: Draft) -> str:
    place = f"projects/{find_project(draft)}/locations/{find_location(draft)}"
    return f"{place}/repositories/{draft.inputs['repositoryId']}"


def _repository(draft: Draft) -> Inputs:
    location, project, name = find_location(draft), find_project(draft), draft.inputs["repositoryId"]
    labels = {**(draft.inputs.get("labels") or {}), "goog-pulumi-provisioned": "true"}
    return {
        "createTime": draft.previous.outputs["createTime"] if draft.previous is not None else made_at(draft),
        "effectiveLabels": labels,
        "location": location,
        "name": name,
        "project": project,
        "pulumiLabels": labels,
        "registryUri": f"{location}-docker.pkg.dev/{project}/{name}",
        "updateTime": made_at(draft),
        "vulnerabilityScanningConfig": {"enablementConfig": "INHERITED", "enablementState": "SCANNING_DISABLED"},
    }


def _identity_id(draft: Draft) -> str:
    return f"projects/{find_project(draft)}/services/{draft.inputs['service']}"


def _identity(draft: Draft) -> Inputs:
    known = draft.inputs["service"] == ARTIFACT_REGISTRY
    email = f"service-{PROJECT_NUMBER}@gcp-sa-artifactregistry.iam.gserviceaccount.com" if known else ""
    return {
        "email": email,
        "member": f"serviceAccount:{email}" if known else "",
        "project": find_project(draft),
    }


def secret_path(draft: Draft) -> str:
    """Return `projects/P/secrets/S` of a member's secret, which may be named by its last part alone."""
    given = str(draft.inputs["secretId"])
    return given if given.startswith("projects/") else f"projects/{find_project(draft)}/secrets/{given}"


def _member_id(draft: Draft) -> str:
    condition = draft.inputs.get("condition") or {}
    title = f"/{condition['title']}" if condition.get("title") else ""
    return f"{secret_path(draft)}/{draft.inputs['role']}/{draft.inputs['member']}{title}"


def _member(draft: Draft) -> Inputs:
    return {"etag": draft.digits(12, "etag"), "project": secret_path(draft).split("/")[1]}


TYPES = (
    ResourceType(
        REPOSITORY,
        ARTIFACT_REGISTRY,
        "CreateRepository",
        "UpdateRepository",
        "DeleteRepository",
        _repository_id,
        _repository,
        {"deletionPolicy": "DELETE", "mode": "STANDARD_REPOSITORY"},
        volatile=frozenset({"effectiveLabels", "pulumiLabels", "updateTime"}),
    ),
    ResourceType(
        SERVICE_IDENTITY,
        "serviceusage.googleapis.com",
        "GenerateServiceIdentity",
        "GenerateServiceIdentity",
        "GenerateServiceIdentity",
        _identity_id,
        _identity,
    ),
    ResourceType(
        SECRET_MEMBER,
        "secretmanager.googleapis.com",
        "SetIamPolicy",
        "SetIamPolicy",
        "SetIamPolicy",
        _member_id,
        _member,
        delete_before_replace=True,
    ),
)
