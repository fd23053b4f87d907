"""Images that objects of the stack's own run: the gate's, and a device plugin that has no chart."""

from gpucloud.facts.images import images
from gpucloud.facts.own_images import all_own_images, own_images


def test_each_is_pinned_and_has_a_source() -> None:
    assert sorted(own_images("gate")) == ["amd", "nvidia"]
    assert sorted(own_images("device-plugin")) == ["habana"]
    for image in all_own_images():
        assert "." in image.repository.partition("/")[0]
        assert image.tag not in {"", "latest"}
        assert image.source


def test_amds_is_the_one_that_its_operator_pulls_in_any_case() -> None:
    (init,) = [image for image in images("gpu-operator-charts") if image.component == "init-container"]
    own = own_images("gate")["amd"]
    assert (own.repository, own.tag) == (init.repository, init.tag)
