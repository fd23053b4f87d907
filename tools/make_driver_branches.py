"""Make gpucloud/facts/data/driver_branches.csv: which branches of NVIDIA's driver know an accelerator.

    python tools/make_driver_branches.py CLONES            write the table
    python tools/make_driver_branches.py CLONES --check    write nothing; exit 1 when the file would change

CLONES is a folder with a bare clone of NVIDIA/open-gpu-kernel-modules, named NVIDIA+open-gpu-kernel-modules (the clone
itself, or in a folder `repo` of it). Every tag there is a release of a driver, and its README names by PCI ID the GPUs
that its modules know. Only accelerators that need these modules have rows: of others the list says nothing, a driver
with the proprietary modules may know them. Numbers within a branch are no order in time, so a row is about a branch;
`first_version` is a release of it that names the GPU. `floor` stands where a source states the branch's lowest version.
"""

import argparse
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fact_tables import csv_text

DATA = Path(__file__).resolve().parents[1] / "gpucloud/facts/data"
TARGET = DATA / "driver_branches.csv"
COLUMNS = ("accelerator", "branch", "first_version", "floor", "source")
REPOSITORY = "NVIDIA/open-gpu-kernel-modules"
# Stated elsewhere, and later than what the list says.
STATED = {
    ("b200-180gb", 570): ("570.133.20", "NVIDIA/cloud-native-docs 03ed930 gpu-operator/release-notes.rst (25.3.0)")
}
# NVIDIA's operator 24.9.0 cut it with driver 550 (release notes), where the list begins with 565: sources disagree.
CONTRADICTED = {"gh200-144gb"}
_TAG = re.compile(r"\d+(\.\d+)+")
_LISTED = re.compile(r"^\| .*\| ([0-9A-F]{4})(?: [0-9A-F]{4} [0-9A-F]{4})? *\|$", re.MULTILINE)

Version = tuple[int, ...]


def releases(clone: Path) -> Iterator[tuple[Version, str, frozenset[str]]]:
    """Yield each tagged release with a list, oldest number first: its numbers, its name, the device IDs listed."""
    named = subprocess.run(["git", f"--git-dir={clone}", "tag"], check=True, capture_output=True, text=True).stdout
    tags = sorted((tuple(int(part) for part in tag.split(".")), tag) for tag in named.split() if _TAG.fullmatch(tag))
    for numbers, tag in tags:
        readme = subprocess.run(
            ["git", f"--git-dir={clone}", "show", f"{tag}:README.md"], check=True, capture_output=True, text=True
        ).stdout
        listed = frozenset(found.lower() for found in _LISTED.findall(readme))
        if listed:
            yield numbers, tag, listed


def table(clones: Path) -> str:
    """Return the table's text, sorted by accelerator and branch."""
    clone = clones / REPOSITORY.replace("/", "+")
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    known = list(releases(clone))
    rows = []
    for accelerator, devices in sorted(_devices().items()):
        if devices & known[0][2]:
            continue
        first: dict[int, str] = {}
        for numbers, tag, listed in known:
            if devices & listed:
                first.setdefault(numbers[0], tag)
        for branch, version in sorted(first.items()):
            floor, stated = STATED.get((accelerator, branch), ("", ""))
            source = "; ".join(filter(None, (f"{REPOSITORY} {version} README.md", stated)))
            values = (accelerator, str(branch), version, floor, source)
            rows.append(dict(zip(COLUMNS, values, strict=True)))
    return csv_text(COLUMNS, rows)


def _devices() -> dict[str, set[str]]:
    """The PCI device IDs that mean one accelerator alone, of those that need the open kernel modules."""
    with (DATA / "accelerators.csv").open(encoding="utf-8", newline="") as file:
        needing = {
            row["name"] for row in csv.DictReader(file) if row["open_kernel_module"] == "required"
        } - CONTRADICTED
    found: dict[str, set[str]] = {}
    with (DATA / "pci_devices.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if (
                row["pci_vendor"] == "10de"
                and row["function"] == "pf"
                and not row["alternatives"]
                and row["accelerator"] in needing
            ):
                found.setdefault(row["accelerator"], set()).add(row["device"])
    return found


def main() -> int:
    """Write the table, or say whether it would change; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the file would change")
    arguments = parser.parse_args()
    text = table(arguments.clones)
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    if arguments.check:
        print(f"{TARGET.name}: not what {Path(sys.argv[0]).name} makes; run it", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
