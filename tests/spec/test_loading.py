"""Documents from YAML, JSON and Python, and every way in which a file can be no document."""

import json
import sys
import types

import pytest
import yaml

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document, plan_to_json
from gpucloud.spec import EnvironmentSpec, SizeSpec
from gpucloud.spec.loading import parse_text, read_document
from tests.spec.documents import valid_document


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes, name: str = "spec.yaml") -> str:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.fixture
def program(monkeypatch):
    """A module of a person's own, with whatever the test puts into it."""
    module = types.ModuleType("persons_program")
    monkeypatch.setitem(sys.modules, "persons_program", module)
    return module


def _refusal(source: str) -> str:
    with pytest.raises(InvalidInputError) as raised:
        read_document(source)
    (problem,) = raised.value.problems
    assert "\n" not in str(problem)
    return str(problem)


def test_yaml_json_and_python_are_one_document(written, program):
    program.mapping = valid_document
    program.built = lambda: EnvironmentSpec.model_validate(valid_document())
    sources = [
        written(yaml.safe_dump(valid_document())),
        written(json.dumps(valid_document(), indent="\t"), "spec.json"),
        "persons_program:mapping",
        "persons_program:built",
    ]
    assert len({plan_to_json(plan_document(read_document(source))) for source in sources}) == 1


def test_json_under_a_yaml_name_is_read_too(written):
    assert read_document(written(json.dumps(valid_document()))) == valid_document()


def test_anchors_and_merges_are_read(written):
    source = written("size: &small {min: 0, max: 2}\nother: {<<: *small, max: 5}\n")
    assert read_document(source) == {"size": {"min": 0, "max": 2}, "other": {"min": 0, "max": 5}}


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("name: a\nname: b\n", "s.yaml", "s.yaml:2:1: not valid YAML: the key 'name' stands twice"),
        ("a: {b: 1, b: 2}\n", "s.yaml", "the key 'b' stands twice"),
        ("a: [1, 2\n", "s.yaml", "not valid YAML"),
        ("a: 1\n---\nb: 2\n", "s.yaml", "not valid YAML"),
        ("a: !!python/object:os.system {}\n", "s.yaml", "not valid YAML"),
        ("? [a, b]\n: c\n", "s.yaml", "a key is a list or a mapping"),
        ("? {a: b}\n: c\n", "s.yaml", "a key is a list or a mapping"),
        ("\ta: 1\n", "s.yaml", "not valid YAML"),
        ("[" * 5000, "s.yaml", "nested too deep"),
        (b"\xff\xfe\x00", "s.yaml", "is not UTF-8 text"),
        ('{"a": 1, "a": 2}', "s.json", "the key 'a' stands twice"),
        ('{"a": 1,}', "s.json", "s.json:1:9: not valid JSON"),
        ("", "s.json", "not valid JSON"),
        ("[" * 100_000, "s.json", "nested too deep"),
    ],
)
def test_what_is_no_document_is_refused_in_one_line(written, text, name, says):
    assert says in _refusal(written(text, name))


@pytest.mark.parametrize("text", ["", "- a\n", "just text\n", "5\n", "null\n"])
def test_what_is_no_mapping_is_refused(written, text):
    with pytest.raises(InvalidInputError, match="document: not a mapping"):
        plan_document(read_document(written(text)))


def test_a_document_that_contains_itself_is_refused():
    with pytest.raises(InvalidInputError, match="contains itself"):
        plan_document(parse_text("name: a\nclusters: &a [*a]\n"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "cannot be read: No such file" in _refusal(str(tmp_path / "none.yaml"))
    assert "cannot be read: Is a directory" in _refusal(str(tmp_path))


@pytest.mark.parametrize("source", ["no_such_module:build", "json:no_such_name", ":x", "json:", "a b:c", "..:x"])
def test_a_callable_that_is_not_there_is_refused(source):
    assert _refusal(source).startswith(source)


def test_what_is_no_callable_is_refused(program):
    program.environment = valid_document()
    assert "is no callable" in _refusal("persons_program:environment")


def test_models_that_python_cannot_build_are_refused_like_a_document(program):
    program.build = lambda: SizeSpec(min=5, max=2)
    assert _refusal("persons_program:build").startswith("persons_program:build: SizeSpec.document: min 5")
    program.build = lambda: SizeSpec(mn=5)
    assert "unknown key" in _refusal("persons_program:build")


def test_a_version_without_quotes_is_told_to_be_text():
    document = valid_document()
    document["clusters"][0]["kubernetes_version"] = 1.34
    with pytest.raises(InvalidInputError, match=r"version: is not text; write it as text \(YAML: in quotes\)"):
        plan_document(document)


def test_keys_that_yaml_reads_as_other_things_are_unknown_keys():
    document = parse_text("2: a\nnull: b\non: c\nname: x\nclusters: []\n")
    with pytest.raises(InvalidInputError) as raised:
        plan_document(document)
    assert {problem.path for problem in raised.value.problems} == {"2", "None", "True", "clusters"}
