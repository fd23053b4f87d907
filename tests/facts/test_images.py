"""Images of charts: of pinned versions, named by values that these have."""

import pytest

from gpucloud.facts.charts import chart, chart_values, charts
from gpucloud.facts.images import Image, images

_BELOW = {
    "split": ("repository", "image"),
    "repository": ("repository",),
    "registry": ("registry", "repository"),
    "named": ("name",),
    "prefix": (),
    "reference": (),
}
OF_VALUES = [image for image in images() if image.target == "values"]


def _id(image: Image) -> str:
    return f"{image.chart}-{image.component}"


def test_every_chart_has_images_of_its_pinned_version() -> None:
    assert {(image.chart, image.version) for image in images()} == {(entry.name, entry.version) for entry in charts()}


@pytest.mark.parametrize("image", OF_VALUES, ids=_id)
def test_the_values_that_name_it_are_the_charts(image: Image) -> None:
    known = chart_values(image.chart, chart(image.chart).version)
    below = [f"{image.path}.{key}" for key in _BELOW[image.form]] or [image.path]
    assert set(below) <= set(known)
    assert not image.pull_secrets or image.pull_secrets in known
    assert {*image.switches, *image.switches_off} <= set(known)
    assert not image.tag_path or image.tag_path in known


@pytest.mark.parametrize("image", images(), ids=_id)
def test_it_is_named_whole(image: Image) -> None:
    assert "." in image.registry
    assert image.tag
    assert not image.digest or len(image.digest) == len("sha256:") + 64
    assert bool(image.pull_secrets) == bool(image.pull_secrets_form)
    assert image.source
    assert (image.form == "prefix") == bool(image.suffix)
    assert not image.suffix or image.repository.endswith(f"/{image.suffix}")


def test_the_devices_of_a_node_come_from_one_image() -> None:
    """The device plugin and GPU feature discovery are one program (NVIDIA/k8s-device-plugin)."""
    found = {image.component: image for image in images("gpu-operator")}
    assert found["device-plugin"].repository == found["gpu-feature-discovery"].repository
    assert found["device-plugin"].digest == found["gpu-feature-discovery"].digest != ""
    assert found["driver"].os_in_tag
    assert not found["dcgm"].on


def test_what_moves_without_a_version_is_known() -> None:
    """AMD's charts name some images by a tag that moves; a mirror with copies is how to hold them still."""
    moving = {image.component for image in images() if image.tag.endswith("latest")}
    assert moving == {
        "device-plugin",
        "kmm-operator",
        "kmm-sign",
        "kmm-webhook",
        "kmm-worker",
        "node-labeller",
        "utils-container",
    }
