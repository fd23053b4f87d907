"""The fields of KubeletConfiguration at every depth, since which minor, and what the kubelet takes where one is out."""

import pytest

from gpucloud.facts.kubelet_fields import (
    NestedField,
    kubelet_defaults,
    kubelet_field,
    kubelet_fields,
    nested_field,
    nested_fields,
)

KINDS = {field.kind for field in kubelet_fields()} | {
    "a duration or nanoseconds",
    "a map of quantities",
    "a quantity such as 10Mi",
    "a time",
}
# Of every object, not of this one.
TYPE_META = {"apiVersion", "kind"}


@pytest.mark.parametrize("field", nested_fields(), ids=lambda field: field.path)
def test_a_nested_field_has_a_known_kind_and_lies_in_an_object(field: NestedField) -> None:
    assert field.kind in KINDS
    assert field.source
    parent, dot, _ = field.path.rpartition(".")
    if dot:
        above = nested_field(parent.removesuffix("[]"))
        assert above is not None
        assert above.kind == ("a list of objects" if parent.endswith("[]") else "an object")


def test_both_tables_tell_the_same_of_the_top_level() -> None:
    top = {field.path: field.kind for field in nested_fields() if "." not in field.path}
    assert {name for name in top if name not in TYPE_META} == {field.name for field in kubelet_fields()}
    assert all(top[field.name] == field.kind for field in kubelet_fields())


def test_every_object_has_fields() -> None:
    paths = [field.path for field in nested_fields()]
    for field in nested_fields():
        inner = {"an object": ".", "a list of objects": "[]."}.get(field.kind)
        assert inner is None or any(path.startswith(field.path + inner) for path in paths)


@pytest.mark.parametrize(
    ("path", "kind", "go_type"),
    [
        ("authentication.webhook.cacheTTL", "a duration such as 10s", "v1.Duration"),
        ("reservedMemory[].limits", "a map of quantities", "v1.ResourceList"),
        ("logging.options.json.infoBufferSize", "a quantity such as 10Mi", "resource.QuantityValue"),
        ("logging.flushFrequency", "a duration or nanoseconds", "v1.TimeOrMetaDuration"),
        ("tracing.samplingRatePerMillion", "a whole number", "*int32"),
        ("registerWithTaints[].effect", "text", "v1.TaintEffect"),
        ("userNamespaces.idsPerPod", "a whole number", "*int64"),
    ],
)
def test_known_nested_fields(path: str, kind: str, go_type: str) -> None:
    field = nested_field(path)
    assert field is not None
    assert (field.kind, field.go_type) == (kind, go_type)


def test_an_unknown_path_is_none() -> None:
    assert nested_field("memorySwap.swapBehaviour") is None
    assert nested_field("reservedMemory.limits") is None


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("maxPods", 31),
        ("singleProcessOOMKill", 32),
        ("crashLoopBackOff", 32),
        ("mergeDefaultEvictionSettings", 33),
        ("tlsCurvePreferences", 36),
    ],
)
def test_since_which_minor(name: str, since: int) -> None:
    field = kubelet_field(name)
    assert field is not None
    assert field.since == since


def test_defaults_are_of_known_fields_and_of_their_kind() -> None:
    for name, value in kubelet_defaults().items():
        field = kubelet_field(name)
        assert field is not None
        assert field.takes(value), name


def test_known_defaults() -> None:
    defaults = kubelet_defaults()
    assert (defaults["maxPods"], defaults["cpuManagerPolicy"], defaults["failCgroupV1"]) == (110, "none", True)
    assert "evictionHard" not in defaults
    assert "kubeReserved" not in defaults
