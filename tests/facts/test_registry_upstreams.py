"""Sources of the clouds' own caches: each row as its cloud's own material has it."""

import botocore.session
import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.images import images
from gpucloud.facts.machine_types import clouds
from gpucloud.facts.registry_upstreams import registry_upstream, registry_upstreams
from gpucloud.facts.vendor_machines import Cloud


def test_ecr_takes_what_its_service_model_lists() -> None:
    model = botocore.session.get_session().get_service_model("ecr")
    shape = model.operation_model("CreatePullThroughCacheRule").input_shape.members["upstreamRegistryUrl"]
    for row in registry_upstreams("aws"):
        assert f"<code>{row.upstream.replace('*', '&lt;custom&gt;')}</code>" in shape.documentation


def test_rows_are_sorted_and_say_how_they_are_asked() -> None:
    for cloud in clouds():
        rows = registry_upstreams(cloud)
        assert [row.registry for row in rows] == sorted({row.registry for row in rows})
        assert {row.credentials for row in rows} <= {"required", "optional", "refused"}


@pytest.mark.parametrize(
    ("cloud", "registry", "upstream", "name", "credentials"),
    [
        ("aws", "docker.io", "registry-1.docker.io", "docker-hub", "required"),
        ("aws", "quay.io", "quay.io", "quay", "optional"),
        ("aws", "own.azurecr.io", "own.azurecr.io", "", "required"),
        ("azure", "docker.io", "docker.io", "docker-hub", "required"),
        ("azure", "public.ecr.aws", "public.ecr.aws", "ecr-public", "refused"),
        ("gcp", "docker.io", "https://registry-1.docker.io", "", "optional"),
        ("gcp", "nvcr.io", "https://nvcr.io", "", "optional"),
    ],
)
def test_a_registry_is_called_as_its_cloud_calls_it(
    cloud: Cloud, registry: str, upstream: str, name: str, credentials: str
) -> None:
    found = registry_upstream(cloud, registry)
    assert (found.registry, found.upstream, found.name, found.credentials) == (registry, upstream, name, credentials)


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_two_clouds_have_no_cache_of_nvidias_registry(cloud: Cloud) -> None:
    with pytest.raises(UnknownNameError, match=r"nvcr\.io"):
        registry_upstream(cloud, "nvcr.io")


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_some_images_of_the_stack_have_a_source_on_every_cloud(cloud: Cloud) -> None:
    used = {image.registry for image in images()}
    assert {"docker.io", "quay.io", "registry.k8s.io"} <= used & {row.registry for row in registry_upstreams(cloud)}
