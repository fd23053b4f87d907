"""Mirrors as people write them."""

from typing import Any

import pytest
from pydantic import ValidationError

from gpucloud.spec import MirrorSpec, RegistryCredentialsSpec


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("mirror.example.com", "has no scheme"),
        ("mirror.example.com:5000/hub", "has no scheme"),
        ("http://mirror.example.com", "pulls by https alone"),
        ("oci://mirror.example.com", "pulls by https alone"),
        ("https://mirror.example.com/", "cannot stand before"),
        ("https://user:word@mirror.example.com", "cannot stand before"),
        ("https://mirror.example.com?a=b", "cannot stand before"),
        ("https://", "cannot stand before"),
    ],
)
def test_an_endpoint_that_no_image_could_be_pulled_from_is_refused(endpoint: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MirrorSpec(registry="nvcr.io", endpoint=endpoint)


@pytest.mark.parametrize("endpoint", ["https://mirror.example.com", "https://mirror.example.com:5000/a/b"])
def test_an_endpoint_is_a_host_with_or_without_a_prefix(endpoint: str) -> None:
    assert MirrorSpec(registry="nvcr.io", endpoint=endpoint).endpoint == endpoint


@pytest.mark.parametrize("registry", ["https://nvcr.io", "nvcr.io/nvidia", "NVCR.io", ""])
def test_a_registry_is_a_host(registry: str) -> None:
    with pytest.raises(ValidationError):
        MirrorSpec(registry=registry, endpoint="https://mirror.example.com")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "is nowhere"),
        ({"endpoint": "https://mirror.example.com", "managed": True}, "somebody's and the stack's at once"),
        (
            {"endpoint": "https://mirror.example.com", "credentials": {"secret": "s"}},
            r"nothing here would use its credentials for quay\.io",
        ),
        ({"managed": True, "credentials": {"secret": "a b"}}, "pattern"),
        ({"managed": True, "credentials": {"password": "p", "secret": "s"}}, "Extra inputs"),
    ],
)
def test_a_mirror_is_somebodys_or_the_stacks(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MirrorSpec(registry="quay.io", **fields)


def test_a_managed_mirror_needs_no_endpoint() -> None:
    mirror = MirrorSpec(registry="quay.io", managed=True, credentials=RegistryCredentialsSpec(secret="s"))
    assert mirror.endpoint is None
    assert mirror.credentials is not None
