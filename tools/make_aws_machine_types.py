"""Make the AWS tables of machine types from the EC2 API dump inside the `moto` package.

    python tools/make_aws_machine_types.py            write gpucloud/facts/data/aws_*machine_types.csv
    python tools/make_aws_machine_types.py --check    write nothing; exit 1 when a file would change

What the dump lacks stands in `tools/data/`, by hand and with its source:

    aws_machine_types_extra.csv      whole rows for types that the dump does not have
    aws_machine_types_overrides.csv  single cells that the dump states wrongly, openly or not at all
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from fact_tables import Row, csv_text, write_or_check

ROOT = Path(__file__).resolve().parent.parent
HAND = ROOT / "tools" / "data"
SOURCE = f"EC2 DescribeInstanceTypes in moto {metadata.version('moto')}"

# EC2's own accelerator name and memory (MiB of the whole device; None where one name means one product).
ACCELERATORS: Mapping[tuple[str, int | None], str] = {
    ("A100", 40960): "a100-sxm-40gb",
    ("A100", 81920): "a100-sxm-80gb",
    ("A10G", None): "a10g-24gb",
    ("B200", None): "b200-180gb",
    ("B300", None): "b300-288gb",
    ("H100", None): "h100-sxm-80gb",
    ("H200", None): "h200-sxm-141gb",
    ("Inferentia", None): "inferentia1-8gb",
    ("Inferentia2", None): "inferentia2-32gb",
    ("L4", None): "l4-24gb",
    ("L40S", None): "l40s-48gb",
    ("RTX PRO 4500", None): "rtx-pro-4500-server-32gb",
    ("RTX PRO Server 6000", None): "rtx-pro-6000-server-96gb",
    ("T4", None): "t4-16gb",
    ("T4g", None): "t4g-16gb",
    ("Trainium", None): "trainium1-32gb",
    ("Trainium2", None): "trainium2-96gb",
    ("V100", 32768): "v100-sxm2-32gb",
}
FRACTIONS = {1.0: "1", 0.5: "1/2", 0.25: "1/4", 0.125: "1/8"}

MACHINE_TYPE_COLUMNS = (
    "name",
    "accelerator",
    "accelerator_count",
    "accelerator_fraction",
    "accelerator_memory_mib",
    "memory_mib",
    "vcpus",
    "architecture",
    "network_cards",
    "efa_cards",
    "efa_gbps",
    "local_nvme_gb",
    "local_nvme_disks",
    "capacity_types",
    "numa_nodes",
    "bare_metal",
    "source",
    "origins",
    "note",
)


def tables() -> dict[str, str]:
    """Return the text of every table that this script makes, by file name."""
    dump = load_dump()
    rows = accelerated(dump)
    return {
        "aws_general_machine_types.csv": csv_text(
            ("name", "vcpus", "memory_mib", "architecture", "network_cards", "source"),
            general(dump, {row["name"] for row in rows}),
        ),
        "aws_machine_types.csv": csv_text(MACHINE_TYPE_COLUMNS, rows),
    }


def accelerated(dump: Mapping[str, Any]) -> list[Row]:
    """Return one row per accelerated type: the dump, then the hand-kept rows, then the hand-kept cells."""
    rows = {name: _from_dump(name, facts) for name, facts in dump.items() if _device(facts)}
    for extra in hand_rows("aws_machine_types_extra.csv"):
        if extra["name"] in rows:
            raise SystemExit(f"{extra['name']} is in the dump now: drop its row in aws_machine_types_extra.csv")
        rows[extra["name"]] = extra
    for override in hand_rows("aws_machine_types_overrides.csv"):
        row = rows[override["name"]]
        if row[override["column"]] == override["value"]:
            raise SystemExit(f"{override['name']}: the dump has this {override['column']} now: drop the override")
        row[override["column"]] = override["value"]
        row["source"] += f"; {override['column']}: {override['source']}"
    return [rows[name] for name in sorted(rows)]


def _device(facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the type's GPU or Neuron device; FPGAs, media cards and Qualcomm cards are not accelerators here."""
    devices = [*facts.get("GpuInfo", {}).get("Gpus", ()), *facts.get("NeuronInfo", {}).get("NeuronDevices", ())]
    if len(devices) > 1:
        raise SystemExit(f"{facts['InstanceType']} mixes accelerators: {devices}")
    return devices[0] if devices else None


def _from_dump(name: str, facts: Mapping[str, Any]) -> Row:
    device = _device(facts)
    if device is None:
        raise SystemExit(f"{name} has no accelerator")
    network = facts["NetworkInfo"]
    disks = facts.get("InstanceStorageInfo", {}).get("Disks", ())
    efa_cards = [
        card["NetworkCardIndex"]
        for card in network["NetworkCards"]
        if network["EfaSupported"] and {"efa", "efa-only"} & set(card.get("InterfaceTypes", ()))
    ]
    if len(efa_cards) != network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0):
        raise SystemExit(f"{name}: the dump's EFA cards {efa_cards} do not add up to its maximum")
    memory = device["MemoryInfo"]["SizeInMiB"]
    return {
        "name": name,
        "accelerator": ACCELERATORS.get((device["Name"], memory)) or ACCELERATORS[device["Name"], None],
        "accelerator_count": str(device["Count"]),
        "accelerator_fraction": FRACTIONS[device.get("GpuPartitionSize", 1.0)],
        "accelerator_memory_mib": str(memory),
        "memory_mib": str(facts["MemoryInfo"]["SizeInMiB"]),
        "vcpus": str(facts["VCpuInfo"]["DefaultVCpus"]),
        "architecture": _architecture(facts),
        "network_cards": str(network["MaximumNetworkCards"]),
        "efa_cards": _ranges(efa_cards),
        "efa_gbps": _gbps(network["NetworkPerformance"]) if efa_cards else "",
        "local_nvme_gb": str(sum(disk["Count"] * disk["SizeInGB"] for disk in disks)),
        "local_nvme_disks": str(sum(disk["Count"] for disk in disks)),
        "capacity_types": "|".join(sorted(facts["SupportedUsageClasses"])),
        "numa_nodes": "",
        "bare_metal": str(facts["BareMetal"]).lower(),
        "source": SOURCE,
        "origins": "1",
        "note": "",
    }


def general(dump: Mapping[str, Any], accelerated_names: set[str]) -> list[Row]:
    """Return one short row per 64-bit type of the dump that has no accelerator of any kind."""
    special = ("GpuInfo", "NeuronInfo", "InferenceAcceleratorInfo", "MediaAcceleratorInfo", "FpgaInfo")
    return [
        {
            "name": name,
            "vcpus": str(facts["VCpuInfo"]["DefaultVCpus"]),
            "memory_mib": str(facts["MemoryInfo"]["SizeInMiB"]),
            "architecture": _architecture(facts),
            "network_cards": str(facts["NetworkInfo"]["MaximumNetworkCards"]),
            "source": SOURCE,
        }
        for name, facts in sorted(dump.items())
        if name not in accelerated_names and not any(facts.get(key) for key in special) and _is_64_bit(facts)
    ]


def _architecture(facts: Mapping[str, Any]) -> str:
    supported = set(facts["ProcessorInfo"]["SupportedArchitectures"])
    return "arm64" if "arm64" in supported else "x86_64"


def _is_64_bit(facts: Mapping[str, Any]) -> bool:
    return bool({"arm64", "x86_64"} & set(facts["ProcessorInfo"]["SupportedArchitectures"]))


def _gbps(performance: str) -> str:
    """Return the whole machine's Gbps from EC2's own words: `3200 Gigabit`, `4x 100 Gigabit`."""
    match = re.fullmatch(r"(?:(\d+)x )?(\d+) Gigabit", performance)
    if match is None:
        raise SystemExit(f"no bandwidth in {performance!r}")
    return str(int(match[1] or 1) * int(match[2]))


def _ranges(indexes: list[int]) -> str:
    if not indexes:
        return ""
    first, last = indexes[0], indexes[-1]
    if indexes != list(range(first, last + 1)):
        raise SystemExit(f"card indexes with a gap: {indexes}")
    return str(first) if first == last else f"{first}-{last}"


def load_dump() -> dict[str, Any]:
    """Return what DescribeInstanceTypes answered, by machine type."""
    file = resources.files("moto").joinpath("ec2", "resources", "instance_types.json.gz")
    return dict(json.loads(gzip.decompress(file.read_bytes())))


def hand_rows(name: str) -> list[Row]:
    """Return the rows of a table that is kept by hand."""
    with (HAND / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


if __name__ == "__main__":
    sys.exit(write_or_check(__doc__, tables()))
