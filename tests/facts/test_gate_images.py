"""Images of the gate: one for each vendor whose accelerators it looks at."""

from gpucloud.facts.gate_images import gate_images
from gpucloud.facts.images import images


def test_each_vendor_with_a_check_has_a_pinned_image() -> None:
    found = gate_images()
    assert sorted(found) == ["amd", "nvidia"]
    for image in found.values():
        assert "." in image.repository.partition("/")[0]
        assert image.tag not in {"", "latest"}
        assert image.source


def test_amds_is_the_one_that_its_operator_pulls_in_any_case() -> None:
    (init,) = [image for image in images("gpu-operator-charts") if image.component == "init-container"]
    own = gate_images()["amd"]
    assert (own.repository, own.tag) == (init.repository, init.tag)
