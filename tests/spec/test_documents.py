"""The models: frozen, closed, dumped and read again without a change; and their JSON Schema."""

import copy
import inspect
import re
from pathlib import Path

import pydantic
import pytest
import yaml

import gpucloud.spec
from gpucloud.errors import InvalidInputError
from gpucloud.facts.kubelet_fields import kubelet_fields
from gpucloud.plan import plan_document
from gpucloud.spec import EnvironmentSpec, KubeletSpec, NodePoolSpec, SizeSpec
from gpucloud.spec.schema import environment_schema
from tests.golden_files import SCENARIOS
from tests.spec.documents import valid_document

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "stacks" / "environments").glob("*.yaml"))
WRITTEN = [*SHIPPED, *sorted(SCENARIOS.glob("*/spec.yaml"))]
MODELS = [entry for _, entry in inspect.getmembers(gpucloud.spec, inspect.isclass)]
DOCUMENTS = [entry for entry in MODELS if entry is not KubeletSpec]


def test_the_shipped_environments_are_found():
    assert {path.stem for path in SHIPPED} >= {"dev", "staging", "prod"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_models_are_frozen_and_closed(model):
    assert model.model_config["frozen"]
    assert model is KubeletSpec or model.model_config["extra"] == "forbid"


def test_a_built_model_cannot_be_changed():
    size = SizeSpec(min=1, desired=2, max=3)
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        size.max = 5
    assert hash(size) == hash(SizeSpec(min=1, desired=2, max=3))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_dumped_and_read_again_it_is_equal(path):
    spec = EnvironmentSpec.model_validate(yaml.safe_load(path.read_text()))
    assert EnvironmentSpec.model_validate(spec.model_dump()) == spec
    assert EnvironmentSpec.model_validate(spec.model_dump(mode="json")) == spec
    assert EnvironmentSpec.model_validate_json(spec.model_dump_json()) == spec
    assert EnvironmentSpec.model_validate(spec.model_dump(exclude_unset=True)) == spec


def _models(schema):
    return [schema, *schema["$defs"].values()]


def test_the_schema_is_closed_and_describes_every_key():
    schema = environment_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    described = 0
    for model in _models(schema):
        if model.get("title") == "KubeletSpec":
            continue
        assert model["additionalProperties"] is False, model["title"]
        assert model["description"], model["title"]
        described += len(model["properties"])
    assert described > 40
    assert {"name", "clusters"} <= set(schema["required"])


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_schema_knows_every_key_of_the_written_environments(path):
    schema = environment_schema()
    _walk(yaml.safe_load(path.read_text()), schema, schema, "document")


_KINDS = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
          "boolean": bool, "null": type(None)}  # fmt: skip


def _walk(value, schema, root, where):
    """Types, keys, required keys, enums and the choice of a union: what the documents here use of JSON Schema."""
    if "$ref" in schema:
        schema = {**schema, **root["$defs"][schema["$ref"].rsplit("/", 1)[1]]}
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        assert any(_fits(value, choice, root, where) for choice in choices), f"{where}: {value!r} fits no choice"
        return
    assert isinstance(value, _KINDS[schema["type"]] if "type" in schema else object), where
    assert value in schema.get("enum", [value]), where
    assert value == schema.get("const", value), where
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= value.keys(), where
        for key, entry in value.items():
            _walk(entry, _schema_of(key, schema, f"{where}.{key}"), root, f"{where}.{key}")
    if isinstance(value, list):
        for index, entry in enumerate(value):
            _walk(entry, schema.get("items", {}), root, f"{where}[{index}]")


def _schema_of(key, schema, where):
    if key in schema.get("properties", {}):
        return schema["properties"][key]
    by_pattern = [inner for pattern, inner in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
    inner = by_pattern[0] if by_pattern else schema.get("additionalProperties", True)
    assert inner is not False, f"{where}: unknown key"
    return inner if isinstance(inner, dict) else {}


def _fits(value, schema, root, where):
    try:
        _walk(value, schema, root, where)
    except AssertionError:
        return False
    return True


def test_the_walker_of_the_schema_can_fail():
    schema = environment_schema()
    for change in (
        lambda document: document.update(owner="me"),
        lambda document: document["clusters"][0].pop("region"),
        lambda document: document["clusters"][0]["node_pools"][0].update(spread="odd"),
        lambda document: document["clusters"][0]["node_pools"][0]["capacity"].append({"type": "bid"}),
    ):
        document = valid_document()
        change(document)
        with pytest.raises(AssertionError):
            _walk(document, schema, schema, "document")


@pytest.mark.parametrize(
    ("key", "nearest", "where"),
    [
        ("node_pool", "node_pools", ("clusters", 0)),
        ("kuberentes_version", "kubernetes_version", ("clusters", 0)),
        ("machinetype", "machine_type", ("clusters", 0, "node_pools", 0)),
        ("zone", "zones", ("clusters", 0, "node_pools", 0)),
        ("desird", "desired", ("clusters", 0, "node_pools", 0, "size")),
        ("sise_gib", "size_gib", ("clusters", 0, "node_pools", 0, "root_disk")),
        ("efect", "effect", ("clusters", 0, "node_pools", 0, "taints", 0)),
        ("reservationid", "reservation_id", ("clusters", 0, "node_pools", 0, "capacity", 0)),
        ("operator_vesion", "operator_version", ("clusters", 1, "gpu_stack")),
        ("publicfrom", "public_from", ("clusters", 0, "access")),
    ],
)
def test_an_unknown_key_suggests_the_nearest(key, nearest, where):
    document = valid_document()
    here = document
    for step in where:
        here = here[step]
    here[key] = "x"
    with pytest.raises(InvalidInputError) as raised:
        plan_document(document)
    (problem,) = raised.value.problems
    assert problem.path.endswith(f".{key}")
    assert problem.fix.startswith("remove it, or did you mean ")
    assert f"`{nearest}`" in problem.fix


def test_a_kubelet_key_suggests_the_nearest_and_a_kind_is_said():
    for block, says in (
        ({"cpuManagerPolice": "static"}, "nearest: cpuManagerPolicy"),
        ({"maxPods": "58"}, "maxPods takes a whole number, not '58'"),
        ({"maxPods": True}, "maxPods takes a whole number, not True"),
        ({"evictionHard": {"pid.available": 10}}, "evictionHard takes a map of text"),
    ):
        with pytest.raises(pydantic.ValidationError, match=says):
            KubeletSpec.model_validate(block)


def test_every_kubelet_key_has_a_kind_that_takes_and_refuses_something():
    samples = (True, 3, 2.5, "10s", {"a": "b"}, {"a": True}, {"a": ["b"]}, ["a"], [1], [{"a": 1}], None, object())
    assert len(kubelet_fields()) > 100
    for field in kubelet_fields():
        taken = [field.takes(sample) for sample in samples]
        assert any(taken), field
        assert not all(taken), field
        assert not field.takes(None), field


@pytest.mark.parametrize(
    "size", [{"min": 2, "desired": 1, "max": 3}, {"desired": 4, "max": 3}, {"min": -1}, {"max": 0}, {"max": 10_001}]
)
def test_sizes_that_no_cloud_takes_are_refused(size):
    with pytest.raises(pydantic.ValidationError):
        SizeSpec(**size)


def test_words_stand_for_tagged_mappings():
    long = NodePoolSpec(
        name="a",
        machine_type="g5.xlarge",
        zones=["us-east-1a"],
        capacity=[{"type": "spot"}, {"type": "on-demand"}],
        fabric={"type": "efa"},
    )
    short = NodePoolSpec(
        name="a", machine_type="g5.xlarge", zones=["us-east-1a"], capacity=["spot", "on-demand"], fabric="efa"
    )
    assert long == short


def test_validation_does_not_change_what_it_was_given():
    document = valid_document()
    before = copy.deepcopy(document)
    EnvironmentSpec.model_validate(document)
    assert document == before
