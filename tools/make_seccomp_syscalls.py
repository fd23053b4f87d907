"""Make gpucloud/facts/data/seccomp_syscalls.csv: every system call of x86_64 and aarch64, and whether GPU pods need it.

    python tools/make_seccomp_syscalls.py CLONES            write the table
    python tools/make_seccomp_syscalls.py CLONES --check    write nothing; exit 1 when the file would change

CLONES is a folder with a bare clone of seccomp/libseccomp (named owner+name, or in a folder `repo` of it), whose table
has the calls of the kernel. Which are needed, by what and why says tools/data/seccomp_needs.csv.
"""

import argparse
import csv
import io
import subprocess
import sys
from pathlib import Path

from fact_tables import csv_text

NEEDS = Path(__file__).resolve().parent / "data" / "seccomp_needs.csv"
TARGET = Path(__file__).resolve().parents[1] / "gpucloud/facts/data/seccomp_syscalls.csv"
REVISION = "90d3f7d"
ABSENT = "PNR"
COLUMNS = ("syscall", "x86_64", "aarch64", "needed_by", "why", "source")


def table(clones: Path) -> str:
    """Return the table's text: one row per call, sorted."""
    clone = clones / "seccomp+libseccomp"
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    shown = ["git", f"--git-dir={clone}", "show", f"{REVISION}:src/syscalls.csv"]
    text = subprocess.run(shown, check=True, capture_output=True, text=True).stdout
    with NEEDS.open(encoding="utf-8", newline="") as file:
        needs = {row["syscall"]: row for row in csv.DictReader(file)}
    lines = list(csv.reader(io.StringIO(text)))
    kernel = lines[0][0].partition("(")[2].partition(" ")[0]
    rows = []
    for line in lines[1:]:
        entry = dict(zip(lines[0], line, strict=True))
        numbers = {arch: "" if entry[arch] == ABSENT else entry[arch] for arch in ("x86_64", "aarch64")}
        if any(numbers.values()):
            need = needs.pop(line[0], {"needed_by": "", "why": "", "source": ""})
            source = "; ".join(
                filter(None, (need["source"], f"seccomp/libseccomp {REVISION} src/syscalls.csv {kernel}"))
            )
            rows.append(
                {"syscall": line[0], **numbers, "needed_by": need["needed_by"], "why": need["why"], "source": source}
            )
    if needs:
        raise SystemExit(f"{NEEDS.name} names calls that the kernel has not: {', '.join(sorted(needs))}")
    return csv_text(COLUMNS, sorted(rows, key=lambda row: row["syscall"]))


def main() -> int:
    """Write the table, or say whether it would change; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the file would change")
    arguments = parser.parse_args()
    text = table(arguments.clones)
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    if arguments.check:
        print(f"{TARGET.name}: not what {Path(__file__).name} makes; run it", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
