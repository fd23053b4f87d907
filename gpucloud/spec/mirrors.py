"""Mirrors of container registries: where images are pulled from instead."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.document import Document


def _is_an_endpoint(value: str) -> str:
    scheme, separator, _ = value.partition("://")
    if not separator:
        raise PydanticCustomError(
            "mirror_without_scheme",
            "{value} has no scheme, nobody can tell how to speak to it",
            {"value": value, "fix": f"write https://{value}"},
        )
    if scheme != "https":
        raise PydanticCustomError(
            "mirror_not_https",
            "{scheme}:// is refused by the nodes' containerd, which pulls by https alone",
            {"scheme": scheme, "fix": "give the mirror a certificate and write https://"},
        )
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or parts.username or value.endswith("/"):
        raise PydanticCustomError(
            "mirror_endpoint",
            "{value} cannot stand before the name of an image",
            {
                "value": value,
                "fix": "write https://HOST or https://HOST/PREFIX: no user, no query, no slash at the end",
            },
        )
    return value


Endpoint = Annotated[
    str,
    Field(pattern=r"^\S+$", max_length=200),
    AfterValidator(_is_an_endpoint),
]


class RegistryCredentialsSpec(Document):
    """What a managed mirror asks its registry with: where the cloud keeps it, never the password itself."""

    secret: Annotated[str, Field(pattern=r"^\S+$", max_length=612)]
    """AWS: the ARN of a Secrets Manager secret, whose name begins with `ecr-pullthroughcache/`; it holds `username` and
    `accessToken`. Azure: the ID of a Key Vault's secret with the password, `/subscriptions/…/vaults/V/secrets/S`.
    Google Cloud: the version of a secret with the password, `projects/P/secrets/S/versions/V`."""
    username: Annotated[str, Field(pattern=r"^\S+$", max_length=612)] | None = None
    """Google Cloud: the user's name. Azure: the ID of a Key Vault's secret with it."""


class MirrorSpec(Document):
    """One registry and its mirror: somebody's (`endpoint`), or one that the stack makes on the cluster's cloud.

    The prefix of an endpoint is where the registry's images begin: `https://HOST/nvcr` has `nvcr.io/nvidia/driver` as
    `HOST/nvcr/nvidia/driver`. That is a pull-through cache rule of ECR with the prefix `nvcr`, a cache rule of ACR with
    the target `nvcr/*`, or a remote repository of Artifact Registry (`https://LOCATION-docker.pkg.dev/PROJECT/NAME`).
    """

    registry: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$", max_length=128)]
    """Its host, as image names begin with it: `nvcr.io`, `docker.io`, `registry.k8s.io`."""
    endpoint: Endpoint | None = None
    """`https://` and what image names begin with instead."""
    managed: bool = False
    """The stack makes the mirror: a pull-through cache rule of ECR, a cache rule of Azure Container Registry, a remote
    repository of Artifact Registry. Which registries a cloud takes as a source differs; `account` of the cluster says
    in whose registry the mirror is."""
    credentials: RegistryCredentialsSpec | None = None
    """What a managed mirror asks the registry with, where that is not open to all."""
    on_nodes: bool = False
    """Tell the nodes too, so that every pod's images come from the mirror. Without credentials: the kubelet has those
    of the registry that an image names. Where the mirror does not answer, nodes ask the registry itself."""

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.endpoint is not None) == self.managed:
            raise PydanticCustomError(
                "mirror_place",
                "the mirror is {where}, images could not be named by it",
                {
                    "where": "somebody's and the stack's at once" if self.managed else "nowhere",
                    "fix": "give `endpoint`, or `managed: true` for one that the stack makes",
                },
            )
        if self.credentials is not None and not self.managed:
            raise PydanticCustomError(
                "mirror_credentials",
                "the mirror is somebody's, nothing here would use its credentials for {registry}",
                {"registry": self.registry, "fix": "leave `credentials` out, or write `managed: true`"},
            )
        return self
