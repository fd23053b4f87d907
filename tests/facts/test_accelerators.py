"""Every accelerator row, and the names that look alike."""

import re

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import Accelerator, accelerator, accelerators

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*-(\d+)gb")
RESOURCE_NAMES = {
    "nvidia": "nvidia.com/gpu",
    "amd": "amd.com/gpu",
    "habana": "habana.ai/gaudi",
    "aws": "aws.amazon.com/neuron",
}


@pytest.mark.parametrize("row", accelerators(), ids=lambda row: row.name)
def test_row_is_plausible(row: Accelerator) -> None:
    memory = NAME.fullmatch(row.name)
    assert memory is not None
    assert row.memory_mib == int(memory[2]) * 1024
    assert 8 <= row.memory_mib / 1024 <= 300
    assert row.resource_name == RESOURCE_NAMES[row.vendor]
    assert row.source
    assert row.origins >= 1
    assert (row.compute_capability is not None) == (row.vendor == "nvidia")
    assert (row.open_kernel_module is not None) == (row.vendor == "nvidia")
    assert row.gfx_target is None or row.vendor == "amd"
    assert row.vendor == "nvidia" or not (row.mig_capable or row.fabric_manager)
    if row.compute_capability is not None:
        assert re.fullmatch(r"\d+\.\d", row.compute_capability)
        assert not row.mig_capable or float(row.compute_capability) >= 8.0


def test_names_are_unique_and_sorted() -> None:
    names = [row.name for row in accelerators()]
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    ("name", "capability", "kernel_module"),
    [
        ("v100-sxm2-16gb", "7.0", "unsupported"),
        ("t4-16gb", "7.5", "supported"),
        ("a100-sxm-80gb", "8.0", "supported"),
        ("a10g-24gb", "8.6", "supported"),
        ("l40s-48gb", "8.9", "supported"),
        ("h100-sxm-80gb", "9.0", "supported"),
        ("gh200-96gb", "9.0", "required"),
        ("b200-180gb", "10.0", "required"),
        ("b300-288gb", "10.3", "required"),
        ("gb300-288gb", "10.3", "required"),
        ("rtx-pro-6000-server-96gb", "12.0", "required"),
    ],
)
def test_compute_capability_and_kernel_module(name: str, capability: str, kernel_module: str) -> None:
    assert accelerator(name).compute_capability == capability
    assert accelerator(name).open_kernel_module == kernel_module


@pytest.mark.parametrize(
    ("name", "needed"),
    [
        ("h100-sxm-80gb", True),
        ("b200-180gb", True),
        ("h100-nvl-94gb", False),
        ("gb200-186gb", False),
        ("l4-24gb", False),
    ],
)
def test_fabric_manager_is_for_boards_with_nvswitch(name: str, needed: bool) -> None:
    assert accelerator(name).fabric_manager is needed


def test_instinct_targets() -> None:
    assert accelerator("mi210-64gb").gfx_target == "gfx90a"
    assert accelerator("mi300x-192gb").gfx_target == "gfx942"
    assert accelerator("mi355x-288gb").gfx_target == "gfx950"


def test_a_look_alike_is_another_accelerator() -> None:
    assert accelerator("a10g-24gb") != accelerator("a10-24gb")
    assert accelerator("gb200-186gb") != accelerator("b200-180gb")
    assert accelerator("gh200-96gb") != accelerator("h200-sxm-141gb")


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        accelerator("h100-sxm-80g")
    assert caught.value.nearest[0] == "h100-sxm-80gb"
    with pytest.raises(UnknownNameError, match="a10g"):
        accelerator("a10g")
