"""Make gpucloud/facts/data/chart_values.csv from the values files of the pinned charts.

    python tools/make_chart_values.py CLONES            write the table
    python tools/make_chart_values.py CLONES --check    write nothing; exit 1 when the file would change

CLONES is a folder with one bare clone per repository, named owner+name (the clone itself, or in a folder `repo` of it).
A file whose revision no clone has is read from owner+name/files/REVISION/FILE.
Which files are read, and below which key a subchart's values stand, says tools/data/chart_values_files.csv. Where a
chart and its subchart both name a path, the chart is the source. A key with a dot is somebody's data (an annotation, a
label, a file's name), no value path. Paths that templates use and the values file forgot are in
tools/data/chart_values_templates.csv; the script looks whether they do.
"""

import argparse
import csv
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from fact_tables import Row, csv_text

DATA = Path(__file__).resolve().parent / "data"
FILES = DATA / "chart_values_files.csv"
TEMPLATES = DATA / "chart_values_templates.csv"
TARGET = Path(__file__).resolve().parents[1] / "gpucloud/facts/data/chart_values.csv"
COLUMNS = ("chart", "version", "path", "source")


def value_paths(values: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """Yield the path of every key, outer before inner; what stands inside a list has no path."""
    for key, value in values.items():
        if "." in key:
            continue
        path = f"{prefix}.{key}" if prefix else key
        yield path
        if isinstance(value, dict):
            yield from value_paths(value, path)


def values_file(clones: Path, row: Row) -> Mapping[str, Any]:
    """Return a values file as it was at that revision."""
    return dict(yaml.safe_load(file_text(clones, row)))


def file_text(clones: Path, row: Row) -> str:
    """Return a file as it was at that revision."""
    clone = clones / row["repository"].replace("/", "+")
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    revision = row["revision"].removeprefix("tag ")
    kept = clones / row["repository"].replace("/", "+") / "files" / revision / row["file"]
    if kept.exists():
        return kept.read_text(encoding="utf-8")
    shown = ["git", f"--git-dir={clone}", "show", f"{revision}:{row['file']}"]
    return subprocess.run(shown, check=True, capture_output=True, text=True).stdout


def table(clones: Path) -> str:
    """Return the table's text: one row per chart, version and path, sorted."""
    sources: dict[tuple[str, str, str], str] = {}
    with FILES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for path in value_paths(values_file(clones, row), row["prefix"]):
                source = f"{row['repository']} {row['revision']} {row['file']}"
                sources.setdefault((row["chart"], row["version"], path), source)
    with TEMPLATES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            inside = row["path"].removeprefix(f"{row['prefix']}.")
            if f".Values.{inside}" not in file_text(clones, row):
                raise LookupError(f"{row['file']} of {row['chart']} has no {row['path']}")
            source = f"{row['repository']} {row['revision']} {row['file']}"
            sources.setdefault((row["chart"], row["version"], row["path"]), source)
    return csv_text(COLUMNS, (dict(zip(COLUMNS, (*key, sources[key]), strict=True)) for key in sorted(sources)))


def main() -> int:
    """Write the table, or say whether it would change; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the file would change")
    arguments = parser.parse_args()
    text = table(arguments.clones)
    if TARGET.read_text(encoding="utf-8") == text:
        return 0
    if arguments.check:
        print(f"{TARGET.name}: not what {Path(__file__).name} makes; run it", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
