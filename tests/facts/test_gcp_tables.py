"""The Google Cloud tables: complete, made by their scripts, and past the traps that the listings set."""

import csv
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from gpucloud.facts.accelerators import accelerator, accelerators
from gpucloud.facts.tables import read_table

ROOT = Path(__file__).resolve().parents[2]
HAND = sorted((ROOT / "tools" / "data").glob("gcp_*.csv"))
TYPES = {row["name"]: row for row in read_table("gcp_machine_types")}
FIXED = {name: row for name, row in TYPES.items() if row["attached"] == "false"}
ATTACHED = {name: row for name, row in TYPES.items() if row["attached"] == "true"}
MEMORY_TOLERANCE = 0.08
FABRIC_NETWORKS = {"none": (0, 0), "tcpx": (4, 0), "tcpxo": (8, 0)}
COLUMNS = {
    "gcp_machine_types": (
        "name,gce_machine_type,accelerator,accelerator_count,accelerator_fraction,accelerator_memory_mib,memory_mib,"
        "vcpus,architecture,fabric,fabric_nics,fabric_gbps,local_nvme_gb,local_nvme_disks,capacity_types,numa_nodes,"
        "bare_metal,gke_accelerator,attached,gpu_networks,rdma_subnets,dranet,placement_required,source,origins,note"
    ),
    "gcp_general_machine_types": "name,vcpus,memory_mib,architecture,network_cards,source",
    "gcp_zones": "region,zones,zone_ids,source",
    "gcp_offerings": "machine_type,region,zone_ids,source",
    "gcp_capacity_errors": "code,meaning,scope,advice,source,origins",
    "gcp_kubernetes_floors": "machine_type,capability,min_version,source",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns(table: str) -> None:
    assert ",".join(read_table(table)[0]) == COLUMNS[table]


@pytest.mark.parametrize("script", ["make_gcp_machine_types.py", "make_gcp_zones.py"])
def test_tables_are_what_the_script_makes(script: str) -> None:
    command = [sys.executable, f"tools/{script}", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", HAND, ids=lambda path: path.name)
def test_hand_kept_table_is_sorted_unique_and_sourced(path: Path) -> None:
    header, *body = csv.reader(path.read_text(encoding="ascii").splitlines(), strict=True)
    assert body == sorted(body)
    assert len(body) == len({tuple(row) for row in body})
    assert all(row[header.index("source")].strip() for row in body)


@pytest.mark.parametrize("row", TYPES.values(), ids=lambda row: row["name"])
def test_row_is_plausible(row: dict[str, str]) -> None:
    device, share = accelerator(row["accelerator"]), Fraction(row["accelerator_fraction"])
    assert row["gke_accelerator"].startswith("nvidia-")
    assert 0 < share <= 1
    assert (row["accelerator_count"] == "0") == (share < 1)
    whole = int(row["accelerator_memory_mib"]) / float(share)
    assert abs(whole - device.memory_mib) / device.memory_mib <= MEMORY_TOLERANCE
    assert int(row["vcpus"]) >= 1
    assert int(row["memory_mib"]) >= 1024
    assert row["architecture"] in {"arm64", "x86_64"}
    assert row["fabric"] in {"none", "roce", "tcpx", "tcpxo"}
    assert (row["fabric_nics"] == "0") == (row["fabric"] == "none")
    assert not row["fabric_gbps"] or row["fabric"] != "none"
    assert (row["local_nvme_gb"] == "0") == (row["local_nvme_disks"] == "0")
    sold_as = row["capacity_types"].split("|")
    assert sold_as == sorted(set(sold_as) & {"flex-start", "on-demand", "queued", "reserved", "spot"})
    assert ("queued" in sold_as) == ("flex-start" in sold_as)
    assert row["source"]
    assert row["origins"] == "1"
    if row["fabric"] in FABRIC_NETWORKS:
        assert (int(row["gpu_networks"]), int(row["rdma_subnets"])) == FABRIC_NETWORKS[row["fabric"]]
        assert row["dranet"] == "false"
    else:
        assert (row["dranet"] == "true") == (row["gpu_networks"] == row["rdma_subnets"] == "0")


def test_every_series_is_there() -> None:
    series = {re.sub(r"-\d+g?(-.*)?$", "", name) for name in FIXED}
    assert series == {
        *("a2-highgpu", "a2-megagpu", "a2-ultragpu", "a3-edgegpu", "a3-highgpu", "a3-megagpu", "a3-ultragpu"),
        *("a4-highgpu", "a4x-highgpu", "a4x-maxgpu", "g2-standard", "g4-standard"),
    }
    assert {row["gke_accelerator"].removeprefix("nvidia-tesla-") for row in ATTACHED.values()} == {
        *("p100", "p4", "t4", "v100")
    }


def test_k1_tesla_a100_is_the_40_gb_card_alone() -> None:
    names = {row["accelerator"] for row in TYPES.values() if row["gke_accelerator"] == "nvidia-tesla-a100"}
    assert names == {"a100-sxm-40gb"}
    ultra = {row["gke_accelerator"] for name, row in FIXED.items() if name.startswith("a2-ultragpu-")}
    assert ultra == {"nvidia-a100-80gb"}


def test_k2_the_series_decides_the_label_of_one_chip() -> None:
    high, mega = FIXED["a3-highgpu-8g"], FIXED["a3-megagpu-8g"]
    assert high["accelerator"] == mega["accelerator"]
    assert (high["gke_accelerator"], high["fabric"]) == ("nvidia-h100-80gb", "tcpx")
    assert (mega["gke_accelerator"], mega["fabric"]) == ("nvidia-h100-mega-80gb", "tcpxo")


@pytest.mark.parametrize(("vcpus", "fraction"), [(6, "1/8"), (12, "1/4"), (24, "1/2"), (48, "1")])
def test_k3_a_slice_is_not_a_gpu(vcpus: int, fraction: str) -> None:
    row = FIXED[f"g4-standard-{vcpus}"]
    assert (row["accelerator_fraction"], row["accelerator_count"]) == (fraction, "1" if fraction == "1" else "0")


def test_k4_no_workstation_variant_is_its_own_machine_type() -> None:
    assert not [name for name, row in TYPES.items() if row["gke_accelerator"].endswith("-vws")]


@pytest.mark.parametrize(
    ("name", "nics", "gbps"),
    [
        ("a3-highgpu-8g", 4, 800),
        ("a3-megagpu-8g", 8, 1600),
        ("a3-ultragpu-8g", 8, 3200),
        ("a4-highgpu-8g", 8, 3200),
        ("a4x-highgpu-4g", 4, 1600),
        ("a4x-maxgpu-4g-metal", 8, 3200),
    ],
)
def test_k5_bandwidth_is_of_the_gpu_nics_alone(name: str, nics: int, gbps: int) -> None:
    assert (int(FIXED[name]["fabric_nics"]), int(FIXED[name]["fabric_gbps"])) == (nics, gbps)


def test_k5_sources_disagree_on_a3_edge() -> None:
    unknown = {name for name, row in FIXED.items() if row["fabric"] != "none" and not row["fabric_gbps"]}
    assert unknown == {"a3-edgegpu-8g", "a3-edgegpu-8g-nolssd"}


def test_k6_the_metal_profile_makes_one_subnet_for_eight_functions() -> None:
    row = FIXED["a4x-maxgpu-4g-metal"]
    assert (row["gpu_networks"], row["rdma_subnets"], row["fabric_nics"]) == ("1", "1", "8")
    assert (row["bare_metal"], row["architecture"]) == ("true", "arm64")
    assert {name for name, other in FIXED.items() if other["bare_metal"] == "true"} == {row["name"]}


@pytest.mark.parametrize("gpus", [1, 2, 4])
def test_k7_part_of_an_a3_high_is_spot_or_flex_start(gpus: int) -> None:
    row = FIXED[f"a3-highgpu-{gpus}g"]
    assert (row["capacity_types"], row["fabric"]) == ("flex-start|queued|spot", "none")


def test_k8_a_gb200_machine_has_four_gpus() -> None:
    row = FIXED["a4x-highgpu-4g"]
    assert (row["accelerator"], row["accelerator_count"]) == ("gb200-186gb", "4")
    assert FIXED["a4-highgpu-8g"]["accelerator"] == "b200-180gb"


def test_what_is_not_sold_on_demand() -> None:
    without = {name for name, row in FIXED.items() if "on-demand" not in row["capacity_types"].split("|")}
    assert without == {
        *("a3-highgpu-1g", "a3-highgpu-2g", "a3-highgpu-4g", "a3-ultragpu-8g", "a3-ultragpu-8g-nolssd"),
        *("a4-highgpu-8g", "a4x-highgpu-4g", "a4x-maxgpu-4g-metal"),
    }
    reserved = {name for name, row in FIXED.items() if row["capacity_types"] == "reserved"}
    assert reserved == {name for name, row in FIXED.items() if row["placement_required"] == "true"}


def test_local_ssd_is_decimal_and_only_what_comes_with_the_machine() -> None:
    assert int(FIXED["a3-highgpu-8g"]["local_nvme_gb"]) == 16 * 375 * 2**30 // 10**9
    assert FIXED["a3-ultragpu-8g-nolssd"]["local_nvme_gb"] == FIXED["g4-standard-48"]["local_nvme_gb"] == "0"


@pytest.mark.parametrize(
    ("name", "sold"),
    [
        ("n1-standard-8+2xnvidia-tesla-t4", True),
        ("n1-standard-64+2xnvidia-tesla-t4", False),
        ("n1-standard-64+4xnvidia-tesla-t4", True),
        ("n1-standard-16+1xnvidia-tesla-v100", False),
        ("n1-highmem-96+8xnvidia-tesla-v100", True),
        ("n1-highmem-32+1xnvidia-tesla-p4", False),
        ("n1-ultramem-40+4xnvidia-tesla-t4", False),
        ("f1-micro+1xnvidia-tesla-t4", False),
    ],
)
def test_attached_gpus_limit_the_machine(name: str, sold: bool) -> None:
    assert (name in ATTACHED) is sold


def test_an_attached_name_says_type_count_and_accelerator() -> None:
    assert all(
        row["name"] == f"{row['gce_machine_type']}+{row['accelerator_count']}x{row['gke_accelerator']}"
        for row in ATTACHED.values()
    )
    assert all(name == row["gce_machine_type"] for name, row in FIXED.items())


def test_pascal_is_known() -> None:
    names = {row.name for row in accelerators() if row.architecture == "pascal"}
    assert names == {row["accelerator"] for row in ATTACHED.values()} - {"t4-16gb", "v100-sxm2-16gb"}


def test_general_types_have_no_accelerator_and_know_arm() -> None:
    rows = {row["name"]: row for row in read_table("gcp_general_machine_types")}
    assert not rows.keys() & TYPES.keys()
    assert rows["e2-standard-4"]["memory_mib"] == "16384"
    assert rows["n1-standard-1"]["memory_mib"] == "3840"
    arm = {name.split("-")[0] for name, row in rows.items() if row["architecture"] == "arm64"}
    assert arm == {"c4a", "n4a", "t2a"}
    assert not [name for name in rows if name.startswith(("ct", "tpu", "n1-ultramem"))]


def test_zones_belong_to_their_region() -> None:
    for row in read_table("gcp_zones"):
        zones = row["zones"].split("|")
        assert row["zone_ids"] == row["zones"]
        assert 3 <= len(zones) <= 4
        assert zones == sorted(set(zones))
        assert all(re.fullmatch(re.escape(row["region"]) + "-[a-f]", zone) for zone in zones)


def test_every_accelerated_type_is_offered_somewhere() -> None:
    zones = {row["region"]: set(row["zones"].split("|")) for row in read_table("gcp_zones")}
    rows = read_table("gcp_offerings")
    assert {row["machine_type"] for row in rows} == TYPES.keys()
    assert all(set(filter(None, row["zone_ids"].split("|"))) <= zones[row["region"]] for row in rows)


def test_where_only_the_region_is_known() -> None:
    rows = read_table("gcp_offerings")
    zoned = {row["machine_type"] for row in rows if row["zone_ids"]}
    assert {name.split("-")[0] for name in TYPES.keys() - zoned} == {"a4x", "g4"}
    sold = {(row["machine_type"], row["region"]): row["zone_ids"] for row in rows}
    assert sold["a3-megagpu-8g", "us-east5"] == "us-east5-a"
    assert not sold["a4-highgpu-8g", "europe-west1"]


def test_errors_are_classed() -> None:
    rows = {row["code"]: row for row in read_table("gcp_capacity_errors")}
    assert {row["meaning"] for row in rows.values()} == {"no-capacity", "quota", "terminal"}
    assert {row["scope"] for row in rows.values()} <= {"account", "region", "reservation", "subnet", "zone"}
    assert {code for code, row in rows.items() if row["meaning"] == "no-capacity" and row["scope"] == "zone"} == {
        *("GCE_STOCKOUT", "INSUFFICIENT_CAPACITY", "RESOURCE_POOL_EXHAUSTED"),
        *("ZONE_RESOURCE_POOL_EXHAUSTED", "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS"),
    }
    assert rows["GPUS_ALL_REGIONS"]["scope"] == "account"


def test_a_floor_holds_for_its_minor_version() -> None:
    rows = read_table("gcp_kubernetes_floors")
    assert all(re.fullmatch(r"1\.\d+\.\d+-gke\.\d+", row["min_version"]) for row in rows)
    keys = [(row["machine_type"], row["capability"], row["min_version"].split(".")[1]) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["machine_type"] for row in rows} <= FIXED.keys()
    flexible = {row["machine_type"] for row in rows if row["capability"] == "flex-start"}
    assert flexible == {name for name, row in FIXED.items() if "flex-start" in row["capacity_types"].split("|")}
    dranet = {row["min_version"] for row in rows if row["capability"] == "dranet"}
    assert dranet == {"1.34.1-gke.1829001"}
