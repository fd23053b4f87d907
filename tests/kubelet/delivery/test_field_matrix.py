"""Every cell of the field matrix: a key is rendered under the platform's name and read back, or refused with a fix."""

import json
from typing import Any, get_args

import pytest

from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS, KubeletPlatform, Support, field_support, unsupported
from gpucloud.kubelet.delivery import UndeliverableError, read_for, render_for
from tests.kubelet.delivery.examples import EXAMPLES

ORDER: tuple[KubeletPlatform, ...] = ("nodeadm", "bottlerocket", "aks", "gke", "ack", "tke", "kubeadm", "karpenter")
LETTERS: dict[str, Support] = {"y": "yes", "p": "pool", "v": "preview", "f": "flag", "n": "no"}
# A letter for each platform, in that order.
CELLS = {
    "cpuManagerPolicy": "yyyyyfyy",
    "cpuManagerPolicyOptions": "yynnnnyy",
    "reservedSystemCPUs": "nynnnnyn",
    "topologyManagerPolicy": "yyyyyfyy",
    "topologyManagerScope": "yynynfyy",
    "topologyManagerPolicyOptions": "ynnnnfyy",
    "memoryManagerPolicy": "yynyyfyy",
    "reservedMemory": "yynnyfyy",
    "kubeReserved": "yyvnyfyy",
    "systemReserved": "yynnyfyy",
    "evictionHard": "yyvnyfyy",
    "evictionSoft": "yynyyfyy",
    "evictionSoftGracePeriod": "yynyyfyy",
    "maxPods": "yyppypyy",
    "podPidsLimit": "yyyyyfyy",
    "imageGCHighThresholdPercent": "yyyyyfyy",
    "imageGCLowThresholdPercent": "yyyyyfyy",
    "containerLogMaxSize": "yyyyyfyy",
    "containerLogMaxFiles": "yyyyyfyy",
    "serializeImagePulls": "ynnnynyy",
    "maxParallelImagePulls": "yynynnyy",
    "allowedUnsafeSysctls": "yyyyyfyy",
    "featureGates": "ynnnyfyy",
    "shutdownGracePeriod": "yynynnyy",
    "shutdownGracePeriodCriticalPods": "yynynnyy",
}
ALL = [
    (platform, field, LETTERS[letter])
    for field, letters in CELLS.items()
    for platform, letter in zip(ORDER, letters, strict=True)
]
TAKEN = [(platform, field) for platform, field, support in ALL if support in ("yes", "pool", "flag")]
REFUSED = [(platform, field) for platform, field, support in ALL if support in ("no", "preview")]


def test_the_matrix_is_whole() -> None:
    assert set(CELLS) == set(EXAMPLES)
    assert sorted(ORDER) == sorted(KUBELET_PLATFORMS) == sorted(get_args(KubeletPlatform))


@pytest.mark.parametrize(("platform", "field", "support"), ALL)
def test_cell_says_what_the_matrix_says(platform: KubeletPlatform, field: str, support: Support) -> None:
    found = field_support(platform, field)
    assert found.support == support
    assert found.source


@pytest.mark.parametrize(("platform", "field"), TAKEN)
def test_key_that_is_taken_is_rendered_under_its_name_and_read_back(platform: KubeletPlatform, field: str) -> None:
    values = {field: EXAMPLES[field]}
    assert unsupported(platform, values) == ()
    delivered = render_for(platform, values)
    name = field_support(platform, field).setting.removeprefix("pool:").rpartition(".")[2]
    assert name in text_of(delivered.documents)
    assert read_for(delivered) == (values, {})


@pytest.mark.parametrize(("platform", "field"), REFUSED)
def test_key_that_is_refused_has_a_way_out(platform: KubeletPlatform, field: str) -> None:
    values = {field: EXAMPLES[field]}
    (problem,) = unsupported(platform, values)
    assert problem.path == field
    assert problem.problem
    assert field_support(platform, field).alternatives
    assert field_support(platform, field).alternatives[0] in problem.fix
    with pytest.raises(UndeliverableError, match=field):
        render_for(platform, values)


def text_of(documents: Any) -> str:
    return "".join(entry if isinstance(entry, str) else json.dumps(entry) for entry in documents.values())
