"""Every field of KubeletConfiguration has a meaning: one short sentence of our own."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.kubelet_fields import kubelet_fields, nested_fields
from gpucloud.facts.kubelet_meanings import KubeletMeaning, kubelet_meaning, kubelet_meanings

_LONGEST = 160


def test_every_field_of_every_depth_has_one_and_nothing_else_has() -> None:
    fields = {field.path for field in nested_fields()} - {"apiVersion", "kind"}
    assert {meaning.path for meaning in kubelet_meanings()} == fields
    assert {field.name for field in kubelet_fields()} <= fields


@pytest.mark.parametrize("row", kubelet_meanings(), ids=lambda row: row.path)
def test_a_meaning_is_one_short_sentence_with_a_source(row: KubeletMeaning) -> None:
    assert row.meaning.endswith(".")
    assert row.meaning == row.meaning.strip()
    assert "\n" not in row.meaning
    assert len(row.meaning) <= _LONGEST
    assert row.source.startswith("k8s.io/")


def test_no_two_fields_of_one_object_mean_the_same() -> None:
    said = [(row.path.rpartition(".")[0], row.meaning) for row in kubelet_meanings()]
    assert len(set(said)) == len(said)


def test_rows_are_sorted() -> None:
    paths = [row.path for row in kubelet_meanings()]
    assert paths == sorted(paths)


def test_a_field_is_found_by_its_exact_path() -> None:
    assert "NUMA" in kubelet_meaning("reservedMemory[].numaNode").meaning
    with pytest.raises(UnknownNameError, match="maxPods"):
        kubelet_meaning("maxPod")
