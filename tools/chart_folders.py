"""A pinned chart as a folder that Helm renders, laid out from clones of the repositories that its parts lie in."""

import csv
import subprocess
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from fact_tables import Row
from make_chart_values import FILES

_NO_VERSION = "0.0.0"


def chart_folder(clones: Path, name: str, versions: tuple[str, str], into: Path) -> Path:
    """Lay out a chart below `into`, and return its folder. LookupError where a clone has not the revision.

    `versions` are the chart's and its application's: some repositories write them at the time of a release. Subcharts
    that no row of tools/data/chart_values_files.csv names are taken out of the chart's dependencies: the planner has
    them off, and Helm would miss them.
    """
    folder = into / name
    with FILES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["chart"] == name]
    for row in rows:
        _unpack(clones, row, folder / "charts" / row["prefix"] if row["prefix"] else folder)
    path = folder / "Chart.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    described["version"], described["appVersion"] = versions[0].removeprefix("v") or _NO_VERSION, versions[1]
    present = {part.name for part in (folder / "charts").glob("*")}
    described["dependencies"] = [part for part in described.get("dependencies", ()) if part["name"] in present]
    path.write_text(yaml.safe_dump(described), encoding="utf-8")
    return folder


def _unpack(clones: Path, row: Row, into: Path) -> None:
    clone = clones / row["repository"].replace("/", "+")
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    root = PurePosixPath(row["file"]).parent
    asked = f"{row['revision'].removeprefix('tag ')}:{root}"
    made = subprocess.run(["git", f"--git-dir={clone}", "archive", asked], check=False, capture_output=True)
    if made.returncode:
        raise LookupError(f"{row['repository']}: no {asked} in the clone")
    into.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-x", "-C", str(into)], input=made.stdout, check=True)


def documents(text: str) -> list[dict[str, Any]]:
    """Return the objects of a rendered chart, those of lists one by one."""
    found: list[dict[str, Any]] = []
    for entry in yaml.load_all(text, _Loader):
        if entry:
            found += entry["items"] if entry["kind"].endswith("List") and "items" in entry else [entry]
    return found


class _Loader(yaml.CSafeLoader):
    """YAML 1.1 with `=` as text, which schemas of Prometheus have among their enums."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)
