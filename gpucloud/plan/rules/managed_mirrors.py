"""Rules about mirrors that the stack makes."""

import re
from collections.abc import Iterator, Mapping
from typing import assert_never

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.registry_upstreams import registry_upstream, registry_upstreams
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.mirrors import MirrorSpec

_CACHES: Mapping[Cloud, str] = {"aws": "ECR", "azure": "Azure Container Registry", "gcp": "Artifact Registry"}
# botocore 1.44.5, ecr registryId; Resource Manager API v3, Project.projectId; a subscription's ID is a GUID.
_ACCOUNTS: Mapping[Cloud, tuple[str, str]] = {
    "aws": (r"\d{12}", "the twelve digits of the AWS account"),
    "azure": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "the ID of the subscription"),
    "gcp": (r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "the ID of the project"),
}


# An account that is missing, or was cut out for its form, is a problem of its own.
_ANY_ACCOUNT = r"\d{12}"


def managed_mirrors_have_an_account(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Images are named when the plan is made, and the address of each cloud's registry has the account in it."""
    managed = any(mirror.managed for mirror in cluster.mirrors)
    here = f"{path}.account"
    form, words = _ACCOUNTS[cluster.cloud]
    if managed and cluster.account is None:
        yield Problem(here, "is missing, images could not be named by the mirrors that the stack makes", f"add {words}")
    elif cluster.account is not None and not managed:
        yield Problem(here, "only managed mirrors are in it, it would have no effect", "leave it out")
    elif cluster.account is not None and not re.fullmatch(form, cluster.account):
        yield Problem(here, f"{cluster.account} is none of {cluster.cloud}'s, no image is there", f"write {words}")


def managed_mirrors_have_a_source(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Each cloud's cache takes the registries of a list as its source, and refuses any other.

    Pull-through rules are in every region of AWS but those of China and GovCloud (aws.amazon.com, what's new,
    November 2023); no later source was found for these.
    """
    cache, known = _CACHES[cluster.cloud], registry_upstreams(cluster.cloud)
    for here, mirror in _managed(cluster, path):
        if cluster.cloud == "aws" and cluster.region.startswith(("cn-", "us-gov-")):
            yield Problem(f"{here}.managed", f"no source says that {cache} caches registries here", _own(mirror))
        else:
            try:
                registry_upstream(cluster.cloud, mirror.registry)
            except UnknownNameError:
                takes = ", ".join(row.registry for row in known)
                yield Problem(
                    f"{here}.registry",
                    f"{cache} has no cache of {mirror.registry}, it takes {takes}, the cloud would refuse the mirror",
                    _own(mirror),
                )


def managed_mirrors_have_their_credentials(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Some registries answer a cloud's cache only with credentials; the cloud refuses the mirror without.

    ECR: `UnsupportedUpstreamRegistryException: The specified upstream registry requires authentication`
    (aws-controllers-k8s/community#2589).
    """
    for here, mirror in _managed(cluster, path):
        try:
            upstream = registry_upstream(cluster.cloud, mirror.registry)
        except UnknownNameError:
            continue
        if upstream.credentials == "required" and mirror.credentials is None:
            yield Problem(
                f"{here}.credentials",
                f"{_CACHES[cluster.cloud]} takes {mirror.registry} with credentials alone, it would refuse the mirror",
                f"add {{{'' if cluster.cloud == 'aws' else 'username: …, '}secret: {_secret_form(cluster)[1]}}}",
            )
        elif upstream.credentials == "refused" and mirror.credentials is not None:
            yield Problem(
                f"{here}.credentials",
                f"{_CACHES[cluster.cloud]} takes {mirror.registry} without credentials alone, it would refuse these",
                "leave them out",
            )


def managed_mirrors_name_secrets_of_their_cloud(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """The credentials of a mirror lie in its cloud's own store of secrets, each cloud names them in its own way."""
    cache = _CACHES[cluster.cloud]
    for here, mirror in _managed(cluster, path):
        if mirror.credentials is None:
            continue
        secret, username = mirror.credentials.secret, mirror.credentials.username
        pattern, form = _secret_form(cluster)
        if not re.fullmatch(pattern, secret):
            yield Problem(
                f"{here}.credentials.secret", f"{secret} is no secret that {cache} could read here", f"write {form}"
            )
        if cluster.cloud == "aws" and username is not None:
            unread = f"{cache} reads the user's name in the secret, this one would have no effect"
            yield Problem(f"{here}.credentials.username", unread, "leave it out")
        if cluster.cloud != "aws" and username is None:
            missing = f"is missing, {cache} asks {mirror.registry} with a name and a password"
            fix = f"write {form}" if cluster.cloud == "azure" else "add it; the secret holds the password alone"
            yield Problem(f"{here}.credentials.username", missing, fix)
        elif cluster.cloud == "azure" and not re.fullmatch(pattern, str(username)):
            unknown = f"{username} is no secret that {cache} could read here"
            yield Problem(f"{here}.credentials.username", unknown, f"write {form}")


def _managed(cluster: ClusterSpec, path: str) -> Iterator[tuple[str, MirrorSpec]]:
    for index, mirror in enumerate(cluster.mirrors):
        if mirror.managed:
            yield f"{path}.mirrors[{index}]", mirror


def _own(mirror: MirrorSpec) -> str:
    return (
        f"keep copies of the images of {mirror.registry} in a registry of your own and give its `endpoint`; "
        "`gpucloud stack images` lists them"
    )


def _secret_form(cluster: ClusterSpec) -> tuple[str, str]:
    """What the name of a secret matches, and how it is written."""
    match cluster.cloud:
        case "aws":
            # botocore 1.44.5, ecr credentialArn; ECR user guide, pull-through-cache-creating-rule: account and region.
            start = f"arn:aws:secretsmanager:{cluster.region}:"
            name = ":secret:ecr-pullthroughcache/"
            pattern = rf"{start}{cluster.account or _ANY_ACCOUNT}{name}[a-zA-Z0-9/_+=.@-]+"
            return pattern, f"{start}{cluster.account or 'ACCOUNT'}{name}NAME-SUFFIX"
        case "gcp":
            # pulumi-gcp, passwordSecretVersion.
            return r"projects/[^/]+/secrets/[^/]+/versions/[^/]+", "projects/PROJECT/secrets/NAME/versions/VERSION"
        case "azure":
            # azure-management-docs 0523fc6 artifact-cache-cli.md: the secret's own ID, on which the role is given.
            vault = "/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT"
            pattern = r"/subscriptions/[0-9a-f-]{36}" + re.sub("GROUP|VAULT", "[^/]+", re.escape(vault))
            return rf"(?i){pattern}/secrets/[^/]+", f"/subscriptions/ID{vault}/secrets/NAME"
        case _:
            assert_never(cluster.cloud)


RULES = (
    managed_mirrors_have_an_account,
    managed_mirrors_have_a_source,
    managed_mirrors_have_their_credentials,
    managed_mirrors_name_secrets_of_their_cloud,
)
