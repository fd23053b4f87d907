"""What we write is what Kubernetes reads: by our reader for all text, by the kubelet's own code for a configuration."""

import pytest
import yaml
from hypothesis import given, strategies as st

from gpucloud.kubelet.yaml_reading import YamlDocument
from gpucloud.kubelet.yaml_writing import dump_yaml, dump_yaml_documents
from tests.kubelet.case import HEAD
from tests.kubelet.oracle import Oracle

MISREAD = ("08", "1e3", "y", "N", "0o7", "03037858", "12e03", "0X1f")
READ_BY_BOTH = (
    "1_0",
    "yes",
    "null",
    "~",
    "",
    "1:30",
    "5",
    "0x1F",
    ".nan",
    "=",
    "<<",
    "- a",
    "#",
    "a: b",
    "two\nlines",
    "gpu",
)
WORDS = st.text(st.sampled_from("0123456789eExXoObB_.+-yYnN~:"), max_size=8) | st.text(max_size=20)


@pytest.mark.parametrize("text", MISREAD)
def test_text_that_pyyaml_leaves_bare_is_quoted(text: str) -> None:
    assert not isinstance(YamlDocument(yaml.safe_dump({"value": text})).value["value"], str)
    assert dump_yaml({"value": text}) == f"value: '{text}'\n"


@given(st.dictionaries(st.sampled_from(["a", "y", "08", "b c"]), WORDS | st.integers() | st.booleans() | st.none()))
def test_what_is_written_is_read_back(document: dict[str, object]) -> None:
    read = YamlDocument(dump_yaml(document)).value
    wanted = {key: value for key, value in document.items() if not isinstance(value, int) or -(2**63) <= value < 2**64}
    assert {key: read[key] for key in wanted} == wanted
    assert {key: type(read[key]) for key in wanted} == {key: type(value) for key, value in wanted.items()}


def test_words_that_both_read_alike_are_written_as_before() -> None:
    for text in READ_BY_BOTH:
        assert dump_yaml({"value": text}, width=80) == yaml.safe_dump({"value": text})


def test_documents_keep_the_order_of_their_keys() -> None:
    assert dump_yaml_documents([{"b": "y", "a": 1}, {"c": True}]) == "b: 'y'\na: 1\n---\nc: true\n"


@pytest.mark.parametrize("text", MISREAD)
def test_the_kubelets_own_code_reads_a_taints_value(oracle: Oracle, text: str) -> None:
    """A verdict on the whole file: a number there is one that the kubelet does not start with."""
    taint = {"key": "team", "value": text, "effect": "NoSchedule"}
    document = {**yaml.safe_load(HEAD), "registerWithTaints": [taint]}
    assert oracle.judge(dump_yaml(document))["ok"]
    assert not oracle.judge(yaml.safe_dump(document))["ok"]
