"""Arguments of the remote repositories that mirror registries, and of what lets them read their credentials."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_gcp as gcp

from gpucloud.gcp.labels import resource_labels
from gpucloud.plan.mirror_model import ManagedMirrorPlan

_SERVICE = "artifactregistry.googleapis.com"
# Artifact Registry documentation, configure-remote-authentication: its service agent reads the secret's version.
_SECRET_READER = "roles/secretmanager.secretAccessor"  # noqa: S105 - a role


def remote_repository_args(
    region: str, project: pulumi.Input[str], labels: Mapping[str, str], mirror: ManagedMirrorPlan
) -> gcp.artifactregistry.RepositoryArgs:
    """The repository that fetches from a registry what is asked for and is not there yet."""
    config = gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs(
        description=mirror.registry,
        common_repository=gcp.artifactregistry.RepositoryRemoteRepositoryConfigCommonRepositoryArgs(
            uri=mirror.upstream
        ),
        upstream_credentials=_credentials(mirror),
    )
    return gcp.artifactregistry.RepositoryArgs(
        project=project,
        location=region,
        repository_id=mirror.name,
        format="DOCKER",
        mode="REMOTE_REPOSITORY",
        description=f"Mirror of {mirror.registry}",
        labels=resource_labels(labels),
        remote_repository_config=config,
    )


def _credentials(
    mirror: ManagedMirrorPlan,
) -> gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs | None:
    if mirror.secret is None:
        return None
    given = gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs(
        username=mirror.username, password_secret_version=mirror.secret
    )
    return gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs(
        username_password_credentials=given
    )


def secrets_of(mirrors: Sequence[ManagedMirrorPlan]) -> tuple[str, ...]:
    """`projects/P/secrets/S` of every secret that mirrors read, each once, sorted."""
    versions = (mirror.secret for mirror in mirrors if mirror.secret is not None)
    return tuple(sorted({version.partition("/versions/")[0] for version in versions}))


def service_agent_args(project: pulumi.Input[str]) -> gcp.projects.ServiceIdentityArgs:
    """Artifact Registry's own account, which is there with the first repository otherwise, and then too late."""
    return gcp.projects.ServiceIdentityArgs(project=project, service=_SERVICE)


def secret_reader_args(secret: str, member: pulumi.Input[str]) -> gcp.secretmanager.SecretIamMemberArgs:
    """Let one member read one secret."""
    return gcp.secretmanager.SecretIamMemberArgs(secret_id=secret, role=_SECRET_READER, member=member)
