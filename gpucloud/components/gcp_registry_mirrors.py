"""Registry mirrors in the project's Artifact Registry."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_gcp as gcp

from gpucloud.components.managed_account import named_account
from gpucloud.gcp.remote_repository import (
    remote_repository_args,
    secret_reader_args,
    secrets_of,
    service_agent_args,
)
from gpucloud.plan.mirror_model import ManagedMirrorPlan


class GcpRegistryMirrors(pulumi.ComponentResource):
    """The mirrors of a cluster that the stack makes: a remote repository of Artifact Registry for each registry.

    Declares: the repositories; where they have credentials, Artifact Registry's service agent and its role on each of
    the secrets, which it reads when a repository is made. The nodes' account reads all of the project's repositories
    already. What was pulled goes with its repository.

    Attributes:
        made: What must be there before an image is pulled by a mirror.
    """

    made: Sequence[pulumi.Resource]

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        mirrors: Sequence[ManagedMirrorPlan],
        region: str,
        project: pulumi.Input[str],
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GcpRegistryMirrors", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        project = named_account(name, mirrors, project)
        readers: list[pulumi.Resource] = []
        if secrets := secrets_of(mirrors):
            agent = gcp.projects.ServiceIdentity(name, service_agent_args(project), opts=child)
            readers += [
                gcp.secretmanager.SecretIamMember(
                    f"{name}-{secret}", secret_reader_args(secret, agent.member), opts=child
                )
                for secret in secrets
            ]
        self.made = [
            gcp.artifactregistry.Repository(
                f"{name}-{mirror.registry}",
                remote_repository_args(region, project, labels, mirror),
                # An ID is one repository's at a time.
                opts=pulumi.ResourceOptions(parent=self, depends_on=readers, delete_before_replace=True),
            )
            for mirror in mirrors
        ]
        self.register_outputs({"endpoints": {mirror.registry: mirror.endpoint for mirror in mirrors}})
