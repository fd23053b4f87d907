"""Make the Azure tables of machine types from tables of facts in `tools/data/`.

    python tools/make_azure_machine_types.py            write gpucloud/facts/data/azure_*machine_types.csv
    python tools/make_azure_machine_types.py --check    write nothing; exit 1 when a file would change

    azure_resource_skus.csv  every D, E, F and N size with its vCPUs, memory and GPU count, as the Resource SKU API
                             gave them to kubernetes/autoscaler 55c37cd (list of 2026-03-05)
    azure_gpu_sizes.csv      the GPU sizes as their documentation has them, by hand and with sources
    azure_left_out.csv       N sizes of the API that the tables leave out, and why

Where both have a size, the API's memory is taken and a difference goes into the note. An API count that agrees is a
second origin; one that does not (slices, AMD) goes into the note.
"""

import csv
import re
import sys
from pathlib import Path

from fact_tables import Row, csv_text, write_or_check

HAND = Path(__file__).resolve().parent / "data"
API = "Resource SKU API in kubernetes/autoscaler 55c37cd"
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
# Current general sizes: no constrained vCPUs (E4-2s_v5), no confidential (DC, EC) or isolated ones.
GENERAL = re.compile(r"Standard_([DEF])(\d+)([a-hj-z]*)_v(\d+)")
OLDEST_GENERAL = {"D": 3, "E": 3, "F": 2}
# AKS takes no smaller ones (azure-aks-docs fb060ab: quotas, sizes and regions).
LEAST_VCPUS = 2

MACHINE_TYPE_COLUMNS = (
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
)


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    skus = {row["name"]: row for row in read("azure_resource_skus.csv")}
    rows = accelerated(skus)
    _account_for_all(skus, {row["name"] for row in rows})
    return {
        "azure_general_machine_types.csv": csv_text(
            ("name", "vcpus", "memory_mib", "architecture", "network_cards", "source"), general(skus)
        ),
        "azure_machine_types.csv": csv_text(MACHINE_TYPE_COLUMNS, rows),
    }


def accelerated(skus: dict[str, Row]) -> list[Row]:
    """Return one row per GPU size: the documented facts, checked against the API's list."""
    return [_checked(row, skus.get(row["name"])) for row in sorted(read("azure_gpu_sizes.csv"), key=_name)]


def _checked(row: Row, sku: Row | None) -> Row:
    if sku is None:
        return row | {"origins": "1"}
    if (row["vcpus"], row["architecture"]) != (sku["vcpus"], ARCHITECTURES[sku["architecture"]]):
        raise SystemExit(f"{row['name']}: the API has other vCPUs or another architecture: {sku}")
    notes = [row["note"]] if row["note"] else []
    if row["memory_mib"] != sku["memory_mib"]:
        notes.append(f"memory by the API; the page says {int(row['memory_mib']) // 1024} GiB")
    whole = row["accelerator_count"] != "0"
    agrees = whole and row["accelerator_count"] == sku["gpus"]
    if not agrees:
        whose = "the API's list says" if whole else "the API counts the slice as"
        notes.append(f"{whose} {sku['gpus']} GPU{'' if sku['gpus'] == '1' else 's'}")
    # The sizes without a page have their counts from the API already, through other readers of it.
    documented = "size pages (azure-compute-docs)" in row["source"]
    return row | {
        "memory_mib": sku["memory_mib"],
        "source": f"{row['source']}; {API}",
        "origins": "2" if agrees and documented else "1",
        "note": "; ".join(notes),
    }


def general(skus: dict[str, Row]) -> list[Row]:
    """Return one short row per current D, E or F size; Azure has no notion of network cards, so that cell is empty."""
    return [
        {
            "name": name,
            "vcpus": sku["vcpus"],
            "memory_mib": sku["memory_mib"],
            "architecture": ARCHITECTURES[sku["architecture"]],
            "network_cards": "",
            "source": API,
        }
        for name, sku in sorted(skus.items())
        if (size := GENERAL.fullmatch(name))
        and int(size[4]) >= OLDEST_GENERAL[size[1]]
        and int(sku["vcpus"]) >= LEAST_VCPUS
    ]


def _account_for_all(skus: dict[str, Row], kept: set[str]) -> None:
    left_out = {row["name"] for row in read("azure_left_out.csv")}
    if both := sorted(kept & left_out):
        raise SystemExit(f"in a table and left out of it: {both}")
    if unknown := sorted(name for name in skus if name.startswith("Standard_N") and name not in kept | left_out):
        raise SystemExit(f"N sizes of the API that no table accounts for: {unknown}")


def read(name: str) -> list[Row]:
    """Return the rows of an input table in `tools/data/`."""
    with (HAND / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _name(row: Row) -> str:
    return row["name"]


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
