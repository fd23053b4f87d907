"""Every PCI row, the ambiguous IDs, and the IDs that mock data gets wrong."""

import re
from collections import Counter

import pytest

from gpucloud.facts.accelerators import accelerator, accelerators
from gpucloud.facts.pci_devices import PciDevice, accelerators_for_pci, pci_devices

ID = re.compile(r"[0-9a-f]{4}")
PCI_VENDORS = {"10de": "nvidia", "1002": "amd", "1da3": "habana", "1d0f": "aws"}


def row_id(row: PciDevice) -> str:
    return f"{row.pci_vendor}:{row.device}:{row.subsystem_vendor}:{row.subsystem_device}"


@pytest.mark.parametrize("row", pci_devices(), ids=row_id)
def test_row_is_plausible(row: PciDevice) -> None:
    assert ID.fullmatch(row.pci_vendor)
    assert ID.fullmatch(row.device)
    assert (row.subsystem_vendor is None) == (row.subsystem_device is None)
    assert row.function in {"pf", "vf"}
    assert row.source
    assert row.origins >= 1
    for name in (row.accelerator, *row.alternatives):
        assert accelerator(name).vendor == PCI_VENDORS[row.pci_vendor]
    assert not row.alternatives or row.note


def test_rows_are_sorted() -> None:
    keys = [
        (row.pci_vendor, row.device, row.subsystem_vendor or "", row.subsystem_device or "") for row in pci_devices()
    ]
    assert keys == sorted(keys)


def test_no_id_stands_twice() -> None:
    counts = Counter((row.pci_vendor, row.device, row.subsystem_vendor, row.subsystem_device) for row in pci_devices())
    assert {key for key, count in counts.items() if count > 1} == set()


def test_every_accelerator_has_an_id() -> None:
    covered = {name for row in pci_devices() for name in (row.accelerator, *row.alternatives)}
    assert {row.name for row in accelerators()} == covered


def test_two_origins_for_most_ids() -> None:
    rows = pci_devices()
    assert sum(row.origins >= 2 for row in rows) / len(rows) >= 0.75


@pytest.mark.parametrize(
    ("device", "name"),
    [
        ("1db5", "v100-sxm2-32gb"),
        ("20b2", "a100-sxm-80gb"),
        ("2236", "a10-24gb"),
        ("2237", "a10g-24gb"),
        ("2321", "h100-nvl-94gb"),
        ("2330", "h100-sxm-80gb"),
        ("2335", "h200-sxm-141gb"),
        ("2339", "h100-sxm-94gb"),
        ("26b9", "l40s-48gb"),
        ("2901", "b200-180gb"),
        ("2941", "gb200-186gb"),
        ("3182", "b300-288gb"),
        ("31c2", "gb300-288gb"),
        ("2bb5", "rtx-pro-6000-server-96gb"),
    ],
)
def test_nvidia_id_means_one_accelerator(device: str, name: str) -> None:
    assert accelerators_for_pci("10de", device) == (name,)


@pytest.mark.parametrize("device", ["2333", "2334", "2b00", "2340", "2341"])
def test_ids_from_mock_data_mean_nothing(device: str) -> None:
    assert accelerators_for_pci("10de", device) == ()


def test_h100_nvl_has_94_gb() -> None:
    (name,) = accelerators_for_pci("10de", "2321")
    assert accelerator(name).memory_mib == 94 * 1024


def test_a2_and_a16_share_an_id_and_the_subsystem_decides() -> None:
    assert accelerators_for_pci("10de", "25b6") == ("a16-16gb", "a2-16gb")
    assert accelerators_for_pci("10de", "25b6", "10de:14a9") == ("a16-16gb",)
    assert accelerators_for_pci("10DE", "25B6", "10DE:157E") == ("a2-16gb",)
    assert accelerators_for_pci("10de", "25b6", "10de:ffff") == ("a16-16gb", "a2-16gb")


def test_mi250_and_mi250x_share_an_id_that_nothing_tells_apart() -> None:
    assert accelerators_for_pci("1002", "740c") == ("mi250-128gb", "mi250x-128gb")
    assert accelerators_for_pci("1002", "7408") == ("mi250x-128gb",)


def test_a_virtual_machine_sees_the_virtual_function_of_mi300x() -> None:
    functions = {(row.device, row.function) for row in pci_devices() if row.accelerator == "mi300x-192gb"}
    assert {("74a1", "pf"), ("74b5", "vf")} <= functions
    assert accelerators_for_pci("1002", "74b5") == accelerators_for_pci("1002", "74a1")


def test_a_vgpu_slice_of_an_l4_is_marked() -> None:
    slices = [row for row in pci_devices() if row.device == "27b8" and row.subsystem_device is not None]
    assert {row.subsystem_device for row in slices} == {"1733", "1735", "1737"}
    assert all(row.function == "vf" and row.note for row in slices)
    assert accelerators_for_pci("10de", "27b8") == ("l4-24gb",)


def test_a_subsystem_that_is_no_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="vendor:device"):
        accelerators_for_pci("10de", "25b6", "157e")
