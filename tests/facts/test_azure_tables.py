"""Azure's tables, row by row, and every trap that their sources hold."""

from fractions import Fraction

import pytest

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.tables import read_table

COLUMNS = [
    "name",
    "accelerator",
    "accelerator_count",
    "accelerator_fraction",
    "accelerator_memory_mib",
    "memory_mib",
    "vcpus",
    "architecture",
    "fabric",
    "fabric_nics",
    "fabric_gbps",
    "local_nvme_gb",
    "local_nvme_disks",
    "temp_disk_gib",
    "driver_kind",
    "capacity_types",
    "numa_nodes",
    "source",
    "origins",
    "note",
]
# What no source states, or the sources only contradict each other on.
MAY_BE_EMPTY = {"accelerator_memory_mib", "fabric_gbps", "temp_disk_gib", "numa_nodes", "note"}
MEMORY_TOLERANCE = 0.08
# Azure gives machines 24 GB of the 28 GB card.
PARTLY_GIVEN = {"v710-28gb"}
DRIVERS = {"cuda", "grid", "none"}
ROWS = {row["name"]: row for row in read_table("azure_machine_types")}
RTX_GA = {
    "NC24lds": ("1/4", 24),
    "NC36ds": ("1/4", 36),
    "NC36lds": ("1/4", 36),
    "NC72ds": ("1/2", 72),
    "NC72lds": ("1/2", 72),
    "NC144ds": ("1", 144),
    "NC144lds": ("1", 144),
    "NC288ds": ("1", 288),
    "NC288lds": ("1", 288),
}
RTX_PREVIEW = {"NC128ds": 1, "NC128lds": 1, "NC256ds": 2, "NC256lds": 2, "NC320ds": 2, "NC320lds": 2}


def has_rdma_in_its_name(name: str) -> bool:
    """The letters after the vCPU count say what a size has; `r` is RDMA."""
    family = name.removeprefix("Standard_").split("_")[0]
    return "r" in family.lstrip("NDCGV0123456789").removesuffix("G5")


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_row_is_plausible(row: dict[str, str]) -> None:
    assert list(row) == COLUMNS
    assert {column for column, cell in row.items() if not cell} <= MAY_BE_EMPTY
    device = accelerator(row["accelerator"])
    fraction, count = Fraction(row["accelerator_fraction"]), int(row["accelerator_count"])
    assert 0 < fraction <= 1
    assert str(fraction) == row["accelerator_fraction"]
    assert (count == 0) == (fraction < 1)
    assert count in {0, 1, 2, 4, 8}
    if row["accelerator_memory_mib"] and row["accelerator"] not in PARTLY_GIVEN:
        whole = int(row["accelerator_memory_mib"]) / fraction
        assert abs(whole - device.memory_mib) / device.memory_mib <= MEMORY_TOLERANCE
    assert 4 <= int(row["vcpus"]) <= 320
    assert 16 <= int(row["memory_mib"]) / 1024 <= 2048
    assert (row["local_nvme_gb"] == "0") == (row["local_nvme_disks"] == "0")
    assert row["driver_kind"] in DRIVERS
    assert (row["driver_kind"] == "none") == (device.vendor == "amd")
    sold = row["capacity_types"].split("|")
    assert sold == sorted(set(sold) & {"on-demand", "reserved", "spot"})
    assert row["numa_nodes"] in {"", "2", "4"}
    assert row["origins"] in {"1", "2"}
    assert (row["architecture"] == "arm64") == ("_GB" in row["name"])


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_infiniband_is_where_the_name_has_r(row: dict[str, str]) -> None:
    assert row["fabric"] in {"infiniband", "none"}
    assert (row["fabric"] == "infiniband") == has_rdma_in_its_name(row["name"])
    if row["fabric"] == "none":
        assert (row["fabric_nics"], row["fabric_gbps"]) == ("0", "")
    elif row["fabric_gbps"]:
        assert int(row["fabric_gbps"]) / int(row["fabric_nics"]) in {200, 400, 800}
        assert row["fabric_nics"] == row["accelerator_count"]


def test_names_are_unique_and_sorted() -> None:
    for table, column in (
        ("azure_machine_types", "name"),
        ("azure_general_machine_types", "name"),
        ("azure_zones", "region"),
        ("azure_priced_regions", "machine_type"),
        ("azure_capacity_errors", "code"),
    ):
        names = [row[column] for row in read_table(table)]
        assert names == sorted(set(names)), table


def test_z1_nc_h100_is_the_94_gb_nvl_card() -> None:
    for name, count in (("Standard_NC40ads_H100_v5", "1"), ("Standard_NC80adis_H100_v5", "2")):
        row = ROWS[name]
        assert (row["accelerator"], row["accelerator_count"]) == ("h100-nvl-94gb", count)
        assert row["accelerator_memory_mib"] == str(94 * 1024)
    assert ROWS["Standard_ND96isr_H100_v5"]["accelerator"] == "h100-sxm-80gb"


@pytest.mark.parametrize(
    ("name", "fraction", "gib"),
    [
        ("Standard_NV6ads_A10_v5", "1/6", 4),
        ("Standard_NV12ads_A10_v5", "1/3", 8),
        ("Standard_NV18ads_A10_v5", "1/2", 12),
        ("Standard_NC8ads_A10_v4", "1/2", 12),
    ],
)
def test_z2_a_slice_of_an_a10_is_no_gpu_though_the_api_says_1(name: str, fraction: str, gib: int) -> None:
    row = ROWS[name]
    assert (row["accelerator_count"], row["accelerator_fraction"]) == ("0", fraction)
    assert row["accelerator_memory_mib"] == str(gib * 1024)
    assert "the API counts the slice as 1 GPU" in row["note"]
    assert row["origins"] == "1"


def test_z3_both_sets_of_names_of_rtx_pro_6000_are_there() -> None:
    names = {name for name in ROWS if "RTXPRO6000" in name}
    assert names == {f"Standard_{size}_xl_RTXPRO6000BSE_v6" for size in (*RTX_GA, *RTX_PREVIEW)}
    for size, (fraction, vcpus) in RTX_GA.items():
        row = ROWS[f"Standard_{size}_xl_RTXPRO6000BSE_v6"]
        assert (row["accelerator_fraction"], row["vcpus"]) == (fraction, str(vcpus))
        assert "preview name" not in row["note"]
    for size, count in RTX_PREVIEW.items():
        row = ROWS[f"Standard_{size}_xl_RTXPRO6000BSE_v6"]
        assert (row["accelerator_count"], row["origins"]) == (str(count), "1")
        assert row["note"].startswith("preview name")


@pytest.mark.parametrize(
    ("with_infiniband", "without"),
    [
        ("Standard_ND96isr_H100_v5", "Standard_ND96is_H100_v5"),
        ("Standard_ND96isr_MI300X_v5", "Standard_ND96is_MI300X_v5"),
        ("Standard_ND96amsr_A100_v4", "Standard_ND96ams_A100_v4"),
    ],
)
def test_z4_no_r_no_infiniband(with_infiniband: str, without: str) -> None:
    assert ROWS[with_infiniband]["fabric"] == "infiniband"
    assert ROWS[without]["fabric"] == "none"
    for column in ("accelerator", "accelerator_count", "vcpus"):
        assert ROWS[with_infiniband][column] == ROWS[without][column]


def test_z5_the_front_end_card_does_not_count() -> None:
    for name in ("Standard_ND96isr_H100_v5", "Standard_ND96isr_H200_v5", "Standard_ND96isr_MI300X_v5"):
        assert (ROWS[name]["fabric_nics"], ROWS[name]["fabric_gbps"]) == ("8", "3200")
        assert "mlx5_8" in ROWS[name]["note"]
    assert ROWS["Standard_ND128isr_GB300_v6"]["fabric_nics"] == "4"


def test_z6_a10_and_rtx_pro_take_grid_and_amd_takes_nothing_from_aks() -> None:
    grid = {name for name, row in ROWS.items() if row["driver_kind"] == "grid"}
    assert grid == {name for name in ROWS if "_A10_" in name or "RTXPRO6000" in name}
    assert all("grid-v20" in ROWS[name]["note"] for name in grid if "RTXPRO6000" in name)
    assert {ROWS[name]["accelerator"] for name in ROWS if ROWS[name]["driver_kind"] == "none"} == {
        "mi300x-192gb",
        "v620-32gb",
        "v710-28gb",
    }


def test_z7_fabric_manager_is_for_nd_and_not_for_nc_a100() -> None:
    def needs_fabric_manager(name: str) -> bool:
        return accelerator(ROWS[name]["accelerator"]).fabric_manager

    for name in ("Standard_ND96asr_v4", "Standard_ND96amsr_A100_v4", "Standard_ND96isr_H100_v5"):
        assert needs_fabric_manager(name)
    assert needs_fabric_manager("Standard_ND96isr_H200_v5")
    assert not needs_fabric_manager("Standard_NC96ads_A100_v4")
    assert not needs_fabric_manager("Standard_NC80adis_H100_v5")


def test_z8_what_the_autoscaler_list_has_wrong_is_right_here() -> None:
    assert not [name for name in ROWS if name.startswith("Standard_NP")]
    for name, count, api in (
        ("Standard_ND96is_MI300X_v5", "8", "the API's list says 0 GPUs"),
        ("Standard_NV24ads_V710_v5", "1", "the API's list says 0 GPUs"),
        ("Standard_NG32ads_V620_v1", "1", "the API's list says 0 GPUs"),
        ("Standard_NV4ads_V710_v5", "0", "the API counts the slice as 0 GPUs"),
    ):
        assert ROWS[name]["accelerator_count"] == count
        assert api in ROWS[name]["note"]
        assert ROWS[name]["origins"] == "1"


def test_z8_what_skypilot_lacks_is_here() -> None:
    for name in ("Standard_ND96isr_H200_v5", "Standard_ND96isr_MI300X_v5", "Standard_ND128isr_NDR_GB200_v6"):
        assert name in ROWS


def test_z9_gb200_has_4_times_400_and_not_what_the_headings_say() -> None:
    gb200 = ROWS["Standard_ND128isr_NDR_GB200_v6"]
    assert (gb200["accelerator"], gb200["accelerator_count"]) == ("gb200-186gb", "4")
    assert (gb200["fabric_nics"], gb200["fabric_gbps"]) == ("4", "1600")
    assert "swaps the headings" in gb200["note"]
    for name in ("Standard_ND128isr_GB300_v6", "Standard_ND128isrG5_GB300_v6"):
        assert (ROWS[name]["fabric_nics"], ROWS[name]["fabric_gbps"]) == ("4", "3200")


def test_ndv2_has_one_card_and_no_rate() -> None:
    assert (ROWS["Standard_ND40rs_v2"]["fabric_nics"], ROWS["Standard_ND40rs_v2"]["fabric_gbps"]) == ("1", "")


def test_capacity_reservations_are_not_for_nd_and_nc_h100() -> None:
    reserved = {name for name, row in ROWS.items() if "reserved" in row["capacity_types"].split("|")}
    assert "Standard_NC24ads_A100_v4" in reserved
    assert not {name for name in reserved if name.startswith("Standard_ND") or "_H100_" in name}


def test_retired_sizes_are_left_out() -> None:
    assert not [name for name in ROWS if name.endswith(("s_v3", "as_v4")) and "T4" not in name]


def test_general_rows_are_plausible() -> None:
    rows = read_table("azure_general_machine_types")
    assert len(rows) > 500
    assert not {row["name"] for row in rows} & set(ROWS)
    assert {row["architecture"] for row in rows} == {"arm64", "x86_64"}
    assert all(row["name"].startswith(("Standard_D", "Standard_E", "Standard_F")) for row in rows)
    assert not [row["name"] for row in rows if row["name"].startswith(("Standard_DC", "Standard_EC"))]
    assert all(2 <= int(row["vcpus"]) <= 192 and int(row["memory_mib"]) >= 4096 and row["source"] for row in rows)
    by_name = {row["name"]: row for row in rows}
    assert (by_name["Standard_D4s_v5"]["vcpus"], by_name["Standard_D4s_v5"]["memory_mib"]) == ("4", "16384")
    assert by_name["Standard_D4ps_v5"]["architecture"] == "arm64"


def test_zones_are_numbers_or_none() -> None:
    rows = {row["region"]: row for row in read_table("azure_zones")}
    assert len(rows) > 50
    for row in rows.values():
        assert row["zones"] in {"", "1|2|3"}
        assert row["zone_ids"] == row["zones"]
        assert row["source"]
    assert rows["eastus"]["zones"] == "1|2|3"
    assert rows["westus"]["zones"] == ""
    assert not [name for name in rows if name.endswith(("euap", "stg"))]


def test_offerings_name_known_sizes_regions_and_zones() -> None:
    zones = {row["region"]: set(filter(None, row["zones"].split("|"))) for row in read_table("azure_zones")}
    rows = read_table("azure_offerings")
    assert [(row["machine_type"], row["region"]) for row in rows] == sorted(
        {(row["machine_type"], row["region"]) for row in rows}
    )
    for row in rows:
        assert row["machine_type"] in ROWS
        assert set(filter(None, row["zone_ids"].split("|"))) <= zones[row["region"]]
        assert row["source"]


def test_some_sizes_are_sold_in_a_region_and_in_no_zone() -> None:
    regional = {(row["machine_type"], row["region"]) for row in read_table("azure_offerings") if not row["zone_ids"]}
    assert ("Standard_NC40ads_H100_v5", "westus") in regional
    assert ("Standard_ND96isr_H200_v5", "ukwest") in regional
    assert ("Standard_NC40ads_H100_v5", "eastus2") not in regional


def test_of_two_listings_the_dated_one_holds() -> None:
    offers = {(row["machine_type"], row["region"]): row for row in read_table("azure_offerings")}
    assert offers["Standard_NC24ads_A100_v4", "westus2"]["zone_ids"] == "1|2|3"
    assert "2026-08-13" in offers["Standard_NC24ads_A100_v4", "westus2"]["source"]
    assert "undated" in offers["Standard_NV36ads_A10_v5", "westus2"]["source"]


def test_priced_sizes_are_known() -> None:
    rows = {row["machine_type"]: row["regions"].split("|") for row in read_table("azure_priced_regions")}
    assert set(rows) <= set(ROWS)
    assert all(regions == sorted(set(regions)) for regions in rows.values())
    assert "eastus" in rows["Standard_ND96isr_H100_v5"]
