"""Every key is explained, by whatever name means it; what means none is refused with the nearest."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.kubelet_fields import kubelet_fields, nested_fields
from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.kubelet.explaining import explain
from gpucloud.kubelet.rules import RULES

FIELDS = [field.name for field in kubelet_fields()]


@pytest.mark.parametrize("name", FIELDS)
def test_every_key_is_explained(name: str):
    found = explain(name)

    assert found.name == name
    assert found.kind
    assert found.meaning
    assert [rule.name for rule in found.rules] == [rule.name for rule in RULES if name in rule.fields]
    assert all(rule.meaning for rule in found.rules)
    assert tuple(entry.platform for entry in found.platforms) == KUBELET_PLATFORMS


@pytest.mark.parametrize("path", [field.path for field in nested_fields() if "." in field.path])
def test_every_part_of_a_key_is_explained(path: str):
    assert explain(path).name == path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("MAXPODS", "maxPods"),
        ("memoryswap.swapbehavior", "memorySwap.swapBehavior"),
        ("swapBehavior", "memorySwap.swapBehavior"),
        ("reservedMemory[0].limits", "reservedMemory[].limits"),
        ("reservedMemory.numaNode", "reservedMemory[].numaNode"),
    ],
)
def test_a_slip_finds_its_key(name: str, path: str):
    assert explain(name).name == path


@pytest.mark.parametrize(
    ("name", "nearest"), [("maxPod", "maxPods"), ("swapBehaviour", "memorySwap.swapBehavior"), ("featureGates.X", None)]
)
def test_what_means_no_key_is_refused_with_the_nearest(name: str, nearest: str | None):
    with pytest.raises(UnknownNameError) as raised:
        explain(name)

    assert nearest is None or nearest in raised.value.nearest


def test_a_name_of_several_parts_is_refused():
    with pytest.raises(UnknownNameError):
        explain("enabled")


@pytest.mark.parametrize("name", ["", ".", "[]", "featureGates.", "maxPods.x"])
def test_what_is_no_name_is_refused(name: str):
    with pytest.raises(UnknownNameError):
        explain(name)


def test_defaults_are_the_kubelets():
    assert explain("maxPods").default == 110
    assert explain("authentication.webhook.cacheTTL").default == "2m0s"
    assert explain("evictionHard").default["imagefs.inodesFree"] == "5%"
    assert explain("reservedSystemCPUs").default is None


def test_a_key_says_which_version_brought_it():
    assert explain("singleProcessOOMKill").since == "1.32"
    assert explain("maxPods").since == ""


def test_a_gate_is_explained_for_its_minor():
    assert explain("featureGates.NodeSwap", minor=33).meaning == "A feature gate, beta in 1.33."
    assert "locked" in explain("featureGates.NodeSwap", minor=36).meaning
    assert "DRADeviceTaints" in explain("featureGates.DRADeviceTaintRules").meaning
