"""Mirrors of container registries: where images are pulled from instead."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
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


class MirrorSpec(Document):
    """One registry and its mirror: a pull-through cache or a copy.

    The prefix of the endpoint is where the registry's images begin: `https://HOST/nvcr` has `nvcr.io/nvidia/driver` as
    `HOST/nvcr/nvidia/driver`. That is a pull-through cache rule of ECR with the prefix `nvcr`, a cache rule of ACR with
    the target `nvcr/*`, or a remote repository of Artifact Registry (`https://LOCATION-docker.pkg.dev/PROJECT/NAME`).
    """

    registry: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$", max_length=128)]
    """Its host, as image names begin with it: `nvcr.io`, `docker.io`, `registry.k8s.io`."""
    endpoint: Endpoint
    """`https://` and what image names begin with instead."""
    on_nodes: bool = False
    """Tell the nodes too, so that every pod's images come from the mirror. Without credentials: the kubelet has those
    of the registry that an image names. Where the mirror does not answer, nodes ask the registry itself."""
