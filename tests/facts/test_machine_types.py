"""Every machine type, and the traps that cloud listings set."""

from fractions import Fraction

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import (
    GeneralMachineType,
    MachineType,
    general_machine_type,
    general_machine_types,
    machine_type,
    machine_types,
)

FAMILIES = {
    *("dl1", "g4ad", "g4dn", "g5", "g5g", "g6", "g6e", "g6f", "g7", "g7e", "gr6", "gr6f", "inf1", "inf2"),
    *("p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300", "p6e-gb200"),
    *("trn1", "trn1n", "trn2", "trn2u"),
}
# The API states usable memory for some and nominal for others; the widest gap is B300, 275040 of 294912 MiB.
MEMORY_TOLERANCE = 0.08


@pytest.mark.parametrize("row", machine_types("aws"), ids=lambda row: row.name)
def test_row_is_plausible(row: MachineType) -> None:
    device = accelerator(row.accelerator)
    share = Fraction(row.accelerator_fraction)
    assert (row.accelerator_count == 0) == (share < 1)
    assert 0 < share <= 1
    assert 1 <= row.advertised_devices <= 16
    if row.accelerator_memory_mib is not None:
        whole = row.accelerator_memory_mib / float(share)
        assert abs(whole - device.memory_mib) / device.memory_mib <= MEMORY_TOLERANCE
    assert 2 <= row.vcpus <= 1024
    assert 8 <= row.memory_mib / 1024 <= 8192
    assert row.vendor.network_cards >= 1
    assert len(row.vendor.efa_cards) <= row.vendor.network_cards
    assert all(0 <= card < row.vendor.network_cards for card in row.vendor.efa_cards)
    assert list(row.vendor.efa_cards) == sorted(set(row.vendor.efa_cards))
    assert row.fabric_gbps is None or (row.vendor.efa_cards and 25 <= row.fabric_gbps <= 6400)
    assert (row.local_nvme_gb == 0) == (row.local_nvme_disks == 0)
    assert row.capacity_types
    assert list(row.capacity_types) == sorted(
        set(row.capacity_types) & {"capacity-block", "on-demand", "reserved", "spot"}
    )
    assert row.numa_nodes is None or 1 <= row.numa_nodes <= 8
    assert row.bare_metal == (".metal" in row.name)
    assert row.source
    assert row.origins >= 1
    assert (row.architecture == "arm64") == row.name.startswith(("g5g.", "p6e-gb200."))


def test_efa_has_a_bandwidth_unless_sources_disagree() -> None:
    assert {row.name for row in machine_types("aws") if row.fabric_nics and row.fabric_gbps is None} == {"g7.8xlarge"}


def test_every_family_is_there() -> None:
    assert {row.name.split(".")[0] for row in machine_types("aws")} == FAMILIES


def test_names_are_unique_and_sorted() -> None:
    for names in (
        [row.name for row in machine_types("aws")],
        [row.name for row in general_machine_types("aws")],
    ):
        assert names == sorted(set(names))


def test_general_rows_are_plausible() -> None:
    def is_plausible(row: GeneralMachineType) -> bool:
        known = row.architecture in {"arm64", "x86_64"} and bool(row.source)
        return known and 1 <= row.vcpus <= 1920 and row.memory_mib >= 512 and row.network_cards >= 1

    rows = general_machine_types("aws")
    assert len(rows) > 1000
    assert [row for row in rows if not is_plausible(row)] == []


def test_no_machine_type_is_both() -> None:
    general = {row.name for row in general_machine_types("aws")}
    assert not general & {row.name for row in machine_types("aws")}
    assert general_machine_type("aws", "m6i.large").vcpus == 2


def test_p5_is_whole() -> None:
    p5 = machine_type("aws", "p5.48xlarge")
    assert (p5.accelerator, p5.accelerator_count, p5.vcpus, p5.memory_mib) == ("h100-sxm-80gb", 8, 192, 2048 * 1024)
    assert p5.vendor.efa_cards == tuple(range(32))
    assert (p5.fabric_gbps, p5.local_nvme_gb, p5.local_nvme_disks, p5.numa_nodes) == (3200, 30400, 8, 2)
    assert p5.capacity_types == ("capacity-block", "on-demand", "reserved", "spot")


def test_g5_is_a10g_and_not_a10() -> None:
    assert machine_type("aws", "g5.xlarge").accelerator == "a10g-24gb"


def test_gb200_is_not_b200() -> None:
    assert machine_type("aws", "p6e-gb200.36xlarge").accelerator == "gb200-186gb"
    assert machine_type("aws", "p6-b200.48xlarge").accelerator == "b200-180gb"


def test_p6e_gb200_has_4_gpus_and_only_capacity_blocks() -> None:
    p6e = machine_type("aws", "p6e-gb200.36xlarge")
    assert (p6e.accelerator_count, p6e.architecture, p6e.capacity_types) == (4, "arm64", ("capacity-block",))
    assert (p6e.vendor.network_cards, p6e.fabric_gbps) == (17, 1600)
    assert 0 not in p6e.vendor.efa_cards


def test_p6_b300_card_0_has_no_efa() -> None:
    b300 = machine_type("aws", "p6-b300.48xlarge")
    assert (b300.vendor.network_cards, b300.vendor.efa_cards) == (17, tuple(range(1, 17)))


@pytest.mark.parametrize(
    ("name", "cards", "gbps"),
    [("p6-b200.48xlarge", 8, 3200), ("g6e.48xlarge", 4, 400), ("g6e.24xlarge", 2, 200), ("p4d.24xlarge", 4, 400)],
)
def test_efa_bandwidth_is_of_the_machine_and_not_cards_times_card(name: str, cards: int, gbps: int) -> None:
    row = machine_type("aws", name)
    assert (len(row.vendor.efa_cards), row.fabric_gbps) == (cards, gbps)


@pytest.mark.parametrize(
    ("name", "fraction"),
    [("g6f.large", "1/8"), ("g6f.2xlarge", "1/4"), ("g6f.4xlarge", "1/2"), ("gr6f.4xlarge", "1/2")],
)
def test_g6f_is_a_fraction_and_advertises_one_device(name: str, fraction: str) -> None:
    row = machine_type("aws", name)
    assert (row.accelerator_count, row.accelerator_fraction, row.advertised_devices) == (0, fraction, 1)


def test_sources_disagree_on_g7_8xlarge() -> None:
    assert machine_type("aws", "g7.8xlarge").fabric_gbps is None


def test_mi250_advertises_two_devices_a_module() -> None:
    row = machine_type("aws", "p5.48xlarge")
    eight_modules = MachineType(
        **{field: getattr(row, field) for field in row.__slots__} | {"accelerator": "mi250-128gb"}
    )
    assert eight_modules.advertised_devices == 16
    assert row.advertised_devices == 8


@pytest.mark.parametrize(
    ("typo", "nearest"),
    [("p5.48xlrge", "p5.48xlarge"), ("p6-b200.48xlarg", "p6-b200.48xlarge"), ("G5.xlarge", "g5.xlarge")],
)
def test_an_unknown_name_is_refused_with_the_nearest(typo: str, nearest: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        machine_type("aws", typo)
    assert caught.value.nearest[0] == nearest


def test_an_unknown_general_name_and_cloud_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"m6i\.large"):
        general_machine_type("aws", "m6i.lrge")
    with pytest.raises(UnknownNameError, match="aws"):
        machine_types("nowhere")
