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
# botocore 1.44.5, ecr registryId; Resource Manager API v3, Project.projectId.
_ACCOUNTS: Mapping[Cloud, tuple[str, str]] = {
    "aws": (r"\d{12}", "the twelve digits of the AWS account"),
    "gcp": (r"[a-z][a-z0-9-]{4,28}[a-z0-9]", "the ID of the project"),
}


def managed_mirrors_have_an_account(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Images are named when the plan is made, and the address of each cloud's registry has the account in it."""
    managed = any(mirror.managed for mirror in cluster.mirrors)
    here = f"{path}.account"
    if not registry_upstreams(cluster.cloud):
        return
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
        if not known:
            yield Problem(f"{here}.managed", f"the stack makes no mirrors on {cluster.cloud}", _own(mirror))
        elif cluster.cloud == "aws" and cluster.region.startswith(("cn-", "us-gov-")):
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
                f"add {{secret: {_secret_form(cluster)[1]}}}",
            )


def managed_mirrors_name_secrets_of_their_cloud(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """The credentials of a mirror lie in its cloud's own store of secrets, each cloud names them in its own way."""
    cache = _CACHES[cluster.cloud]
    for here, mirror in _managed(cluster, path):
        if mirror.credentials is None or not registry_upstreams(cluster.cloud):
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
        if cluster.cloud == "gcp" and username is None:
            missing = f"is missing, {cache} asks {mirror.registry} with a name and a password"
            yield Problem(f"{here}.credentials.username", missing, "add it; the secret holds the password alone")


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
            begin = (
                f"arn:aws:secretsmanager:{cluster.region}:{cluster.account or 'ACCOUNT'}:secret:ecr-pullthroughcache/"
            )
            return rf"{re.escape(begin)}[a-zA-Z0-9/_+=.@-]+", f"{begin}NAME-SUFFIX"
        case "gcp":
            # pulumi-gcp, passwordSecretVersion.
            return r"projects/[^/]+/secrets/[^/]+/versions/[^/]+", "projects/PROJECT/secrets/NAME/versions/VERSION"
        case "azure":
            raise LookupError(f"no mirrors are made on {cluster.cloud}")
        case _:
            assert_never(cluster.cloud)


RULES = (
    managed_mirrors_have_an_account,
    managed_mirrors_have_a_source,
    managed_mirrors_have_their_credentials,
    managed_mirrors_name_secrets_of_their_cloud,
)
