"""YAML against what sigs.k8s.io/yaml v1.6.0 was measured to make of it."""

from typing import Any

import pytest

from gpucloud.kubelet.bounds import BeyondBoundsError
from gpucloud.kubelet.yaml_reading import NotYamlError, YamlDocument

SCALARS: dict[str, Any] = {
    "y": True,
    "On": True,
    "no": False,
    "OFF": False,
    "tRUE": "tRUE",
    "~": None,
    "Null": None,
    '"yes"': "yes",
    "010": 8,
    "0o10": 8,
    "08": 8,
    "0x1F": 31,
    "-0b11": -3,
    "1_000": 1000,
    "1_0.5": 10.5,
    ".5_0": ".5_0",
    "1e3": 1000,
    "110.0": 110,
    "1e400": "1e400",
    "18446744073709551616": 18446744073709552000,
    "1:30": "1:30",
    "2026-01-02": "2026-01-02",
    "!!str 5": "5",
    '!!int "5"': 5,
    "!!float 5": 5,
    '!!bool "yes"': True,
    "!!binary aGk=": "hi",
    "!foo 5": "5",
    "=": "=",
}
REFUSED = [
    "a: .nan",
    "a: -.inf",
    "a: !!int 1.5",
    "a: !!bool abc",
    "a: !!binary '***'",
    "a: *b",
    "a: &a [*a]",
    "? [a]\n: b",
    "null: b",
    "<<: 5",
    "<<: [5]",
    "a: [",
    "a:\n\tb: c",
    "a: b\x00c",
    "a: b\x01c",
    "%YAML 1.2\n---\na: b",
]


@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_a_scalar_is_what_the_kubelet_takes_it_for(text: str, value: Any):
    read = YamlDocument(f"a: {text}\n").value["a"]

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_kubelet_cannot_read_is_refused_in_one_line(text: str):
    with pytest.raises(NotYamlError) as refusal:
        YamlDocument(text)
    assert "\n" not in str(refusal.value)


def test_keys_become_text():
    assert YamlDocument("{5: a, true: b, 1.5: c, 0x10: d, yes: e}").value == {
        "5": "a",
        "true": "e",
        "1.5": "c",
        "16": "d",
    }


def test_the_last_of_equal_keys_counts_and_they_are_told():
    document = YamlDocument("a: 1\nb: {c: 1, c: 2}\na: 3\n")

    assert document.value == {"a": 3, "b": {"c": 2}}
    assert document.doubles == ["b.c", "a"]


@pytest.mark.parametrize(
    ("text", "value", "doubles"),
    [
        ("x: {<<: {a: b}, c: d}", {"a": "b", "c": "d"}, []),
        ("x: {<<: {a: b}, a: c}", {"a": "c"}, ["x.a"]),
        ("x: {a: c, <<: {a: b}}", {"a": "b"}, ["x.a"]),
        ("x: {<<: [{a: b}, {a: c, d: e}]}", {"a": "b", "d": "e"}, ["x.a"]),
        ('x: {"<<": {a: b}}', {"<<": {"a": "b"}}, []),
    ],
)
def test_a_merge_counts_from_where_it_stands(text: str, value: Any, doubles: list[str]):
    document = YamlDocument(text)

    assert document.value == {"x": value}
    assert document.doubles == doubles


def test_of_several_documents_the_first_is_read():
    document = YamlDocument("a: 1\n---\nb: 2\n")

    assert document.value == {"a": 1}
    assert document.more


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 5000 + "]" * 5000,
        "a: " + "[" * 500_000,
        "a:\n" + "- " * 300_000 + "b",
        "\n".join(" " * depth + "a:" for depth in range(400)),
    ],
)
def test_depth_is_bounded(text: str):
    with pytest.raises(BeyondBoundsError, match="levels"):
        YamlDocument(text)


def test_aliases_are_counted_before_they_are_written_out():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]

    with pytest.raises(BeyondBoundsError, match="aliases"):
        YamlDocument("\n".join(lines))
