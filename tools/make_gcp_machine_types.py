"""Make the Google Cloud tables of machine types.

    python tools/make_gcp_machine_types.py            write gpucloud/facts/data/gcp_*machine_types.csv
    python tools/make_gcp_machine_types.py --check    write nothing; exit 1 when a file would change

What it is made from stands in `tools/data/`, each row with its source:

    gcp_gce_machine_types.csv      what the Compute Engine API lists: vCPUs and memory (its GB are 2^30 bytes)
    gcp_accelerator_optimized.csv  what the pages say of the types that come with accelerators
    gcp_attached_gpus.csv          how many accelerators an N1 type takes, and how large it may then be
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

from fact_tables import Row, csv_text, write_or_check

HAND = Path(__file__).resolve().parent / "data"
ARM_SERIES = ("a4x", "c4a", "n4a", "t2a")  # GCE page: CPU platforms, Arm processors
ATTACHED_SOLD_AS = "on-demand|reserved|spot"

MACHINE_TYPE_COLUMNS = (
    "name",
    "gce_machine_type",
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
    "capacity_types",
    "numa_nodes",
    "bare_metal",
    "gke_accelerator",
    "attached",
    "gpu_networks",
    "rdma_subnets",
    "dranet",
    "placement_required",
    "source",
    "origins",
    "note",
)


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    return {
        "gcp_general_machine_types.csv": csv_text(
            ("name", "vcpus", "memory_mib", "architecture", "network_cards", "source"), general()
        ),
        "gcp_machine_types.csv": csv_text(MACHINE_TYPE_COLUMNS, accelerated()),
    }


def accelerated() -> list[Row]:
    """Return one row per machine type with accelerators of its own or attached, sorted by name."""
    listed = _listed()
    pages = {row["name"]: row for row in hand("gcp_accelerator_optimized.csv")}
    unknown = {name for name in listed if name.split("-")[0] in {"a2", "a3", "a4", "a4x", "g2", "g4"}} ^ pages.keys()
    if unknown:
        raise SystemExit(f"in one of gcp_accelerator_optimized.csv and the listing, not in both: {sorted(unknown)}")
    rows = [_fixed(listed[name], page) for name, page in pages.items()]
    rows.extend(
        _attached(machine, gpus)
        for gpus in hand("gcp_attached_gpus.csv")
        for machine in listed.values()
        if _takes(machine, gpus)
    )
    return sorted(rows, key=lambda row: row["name"])


def _fixed(machine: Row, page: Row) -> Row:
    disks = int(page["local_ssd_disks"])
    if disks and int(page["local_ssd_gib"]) % disks:
        raise SystemExit(f"{page['name']}: {page['local_ssd_gib']} GiB are not {disks} equal disks")
    return {
        "name": page["name"],
        "gce_machine_type": page["name"],
        "accelerator": page["accelerator"],
        "accelerator_count": page["accelerator_count"],
        "accelerator_fraction": page["accelerator_fraction"],
        "accelerator_memory_mib": _mib(page["accelerator_memory_gb"]),
        "memory_mib": _mib(machine["memory_gb"]),
        "vcpus": machine["vcpus"],
        "architecture": _architecture(page["name"]),
        "fabric": page["fabric"],
        "fabric_nics": page["fabric_nics"],
        "fabric_gbps": page["fabric_gbps"],
        "local_nvme_gb": str(int(page["local_ssd_gib"]) * 2**30 // 10**9),
        "local_nvme_disks": page["local_ssd_disks"],
        "capacity_types": page["capacity_types"],
        "numa_nodes": page["numa_nodes"],
        "bare_metal": str(page["name"].endswith("-metal")).lower(),
        "gke_accelerator": page["gke_accelerator"],
        "attached": "false",
        "gpu_networks": page["gpu_networks"],
        "rdma_subnets": page["rdma_subnets"],
        "dranet": page["dranet"],
        "placement_required": page["placement_required"],
        "source": f"{machine['source']}; {page['source']}",
        "origins": "1",
        "note": page["note"],
    }


def _attached(machine: Row, gpus: Row) -> Row:
    return {
        "name": attached_name(machine["name"], gpus),
        "gce_machine_type": machine["name"],
        "accelerator": gpus["accelerator"],
        "accelerator_count": gpus["accelerator_count"],
        "accelerator_fraction": "1",
        "accelerator_memory_mib": _mib(gpus["accelerator_memory_gb"]),
        "memory_mib": _mib(machine["memory_gb"]),
        "vcpus": machine["vcpus"],
        "architecture": _architecture(machine["name"]),
        "fabric": "none",
        "fabric_nics": "0",
        "fabric_gbps": "",
        "local_nvme_gb": "0",
        "local_nvme_disks": "0",
        "capacity_types": ATTACHED_SOLD_AS,
        "numa_nodes": "",
        "bare_metal": "false",
        "gke_accelerator": gpus["gke_accelerator"],
        "attached": "true",
        "gpu_networks": "0",
        "rdma_subnets": "0",
        "dranet": "false",
        "placement_required": "false",
        "source": f"{machine['source']}; {gpus['source']}",
        "origins": "1",
        "note": gpus["note"],
    }


def attached_name(machine: str, gpus: Row) -> str:
    """Return the name of a machine type with attached accelerators: `n1-standard-8+2xnvidia-tesla-t4`."""
    return f"{machine}+{gpus['accelerator_count']}x{gpus['gke_accelerator']}"


def _takes(machine: Row, gpus: Row) -> bool:
    """Return whether an N1 type is within the limits; shared-core and retired types take no accelerator."""
    return (
        machine["name"].startswith("n1-")
        and machine["shared_cpu"] == "false"
        and not machine["state"]
        and int(machine["vcpus"]) <= int(gpus["max_vcpus"])
        and Decimal(machine["memory_gb"]) <= Decimal(gpus["max_memory_gb"])
    )


def general() -> list[Row]:
    """Return one short row per machine type of the listing without accelerators; retired ones are left out."""
    pages = {row["name"] for row in hand("gcp_accelerator_optimized.csv")}
    return [
        {
            "name": machine["name"],
            "vcpus": machine["vcpus"],
            "memory_mib": _mib(machine["memory_gb"]),
            "architecture": _architecture(machine["name"]),
            "network_cards": "",
            "source": machine["source"],
        }
        for machine in _listed().values()
        if machine["name"] not in pages and not machine["state"]
    ]


def _listed() -> dict[str, Row]:
    return {row["name"]: row for row in hand("gcp_gce_machine_types.csv")}


def _architecture(name: str) -> str:
    return "arm64" if name.split("-", maxsplit=1)[0] in ARM_SERIES else "x86_64"


def _mib(gigabytes: str) -> str:
    return str(int(Decimal(gigabytes) * 1024))


def hand(name: str) -> list[Row]:
    """Return the rows of a table under `tools/data/`."""
    with (HAND / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
