"""The kubelet block as a document: what it takes, what it says of what it does not take, and what it writes back."""

from typing import Any

import pytest
from pydantic import ValidationError

from gpucloud.facts.kubelet_fields import kubelet_fields
from gpucloud.facts.kubelet_profiles import PROFILES
from gpucloud.spec.kubelet import LIBRARY_KEYS, KubeletSpec, NumaSpec


def refused(block: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as error:
        KubeletSpec.model_validate(block)
    return str(error.value)


def test_every_field_of_the_class_is_a_key_of_the_type_or_the_librarys_own():
    keys = {field.name for field in kubelet_fields()}
    assert set(KubeletSpec.model_fields) - keys == LIBRARY_KEYS


def test_every_key_of_the_type_is_in_the_schema_and_no_other():
    schema = KubeletSpec.model_json_schema()
    assert set(schema["properties"]) == {field.name for field in kubelet_fields()} | LIBRARY_KEYS
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_taken_and_is_no_written_key(profile):
    spec = KubeletSpec.model_validate({"profile": profile, "maxPods": 5, "nodeStatusReportFrequency": "1m"})
    assert spec.written == {"maxPods": 5, "nodeStatusReportFrequency": "1m"}
    assert spec.model_dump() == {"profile": profile, "maxPods": 5, "nodeStatusReportFrequency": "1m"}
    assert KubeletSpec.model_validate(spec.model_dump()) == spec


def test_written_keys_are_sorted_and_nulls_are_not_written():
    spec = KubeletSpec.model_validate({"podPidsLimit": 3, "maxPods": None, "address": "10.0.0.1"})
    assert list(spec.written) == ["address", "podPidsLimit"]
    assert spec.model_dump() == {"address": "10.0.0.1", "podPidsLimit": 3}


@pytest.mark.parametrize(
    ("block", "there"),
    [
        ({}, False),
        ({"maxPods": None}, False),
        ({"maxPods": 0}, True),
        ({"profile": "training"}, True),
        ({"numa": {"align": "restricted"}}, True),
        ({"address": "10.0.0.1"}, True),
    ],
)
def test_a_block_is_there_once_anything_is_said(block, there):
    assert bool(KubeletSpec.model_validate(block)) is there


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"profile": "batch"}, ("profile", "'inference', 'interactive' or 'training'")),
        ({"proflie": "training"}, ("no key 'proflie'", "nearest: profile")),
        ({"maxPod": 3}, ("no key 'maxPod'", "maxPods")),
        ({"maxPods": "3"}, ("maxPods takes", "not '3'")),
        ({"maxPods": True}, ("maxPods takes", "not True")),
        ({"numa": {"align": "near"}}, ("numa.align", "'single-numa-node', 'restricted' or 'best-effort'")),
        ({"numa": {}}, ("numa.align", "Field required")),
        ({"numa": {"align": "restricted", "scope": "node"}}, ("numa.scope", "'pod' or 'container'")),
        ({"numa": {"align": "restricted", "gpusPerNuma": 0}}, ("numa.gpusPerNuma", "greater than or equal to 1")),
        ({"numa": {"align": "restricted", "gpusPerNuma": 17}}, ("numa.gpusPerNuma", "less than or equal to 16")),
        ({"numa": {"align": "restricted", "gpu": 1}}, ("numa.gpu", "not permitted")),
        ({"numa": "restricted"}, ("numa",)),
    ],
)
def test_what_the_block_does_not_take_is_said(block, said):
    text = refused(block)
    for part in said:
        assert part in text


def test_all_wrong_keys_are_said_at_once():
    text = refused({"maxPod": 3, "podPidsLimit": "x", "seccompDefalt": True})
    for part in ("'maxPod'", "podPidsLimit takes", "'seccompDefalt'"):
        assert part in text


def test_an_intent_has_plain_defaults():
    numa = NumaSpec(align="restricted")
    assert (numa.scope, numa.gpusPerNuma, numa.memory) == ("pod", None, False)
