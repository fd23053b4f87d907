"""Write gpucloud/facts/data/kubelet_policy_options.csv from the Go module k8s.io/kubernetes, one version per minor.

The options of the CPU and the topology manager policies stand in one Go file each, in three sets: those that need the
gate for alpha options, those that need the gate for beta options, and those that need none.
Run: `python tools/make_policy_options.py` (needs Go and its module proxy, some 40 MB a version).
"""

import json
import re
import subprocess
import zipfile

from fact_tables import Row, csv_text, write_or_check

MODULE = "k8s.io/kubernetes"
VERSIONS = {31: "v1.31.14", 32: "v1.32.13", 33: "v1.33.13", 34: "v1.34.4", 35: "v1.35.4", 36: "v1.36.3"}
FILES = {
    "cpu": "pkg/kubelet/cm/cpumanager/policy_options.go",
    "topology": "pkg/kubelet/cm/topologymanager/policy_options.go",
}
COLUMNS = ("manager", "option", "minor", "stage", "source")

CONSTANT = re.compile(r'^\t(?P<go_name>\w+)\s+string\s*=\s*"(?P<option>[a-z-]+)"', re.MULTILINE)
SET = re.compile(
    r"^\t(?P<stage>alpha|beta|stable)Options\s*=\s*sets\.New\[string\]\((?P<members>[^)]*)\)", re.MULTILINE
)


def rows_of(source: str, manager: str, minor: int) -> list[Row]:
    """One row an option of one file; raises ValueError where a constant is in no set: the file has changed shape."""
    options = {match["go_name"]: match["option"] for match in CONSTANT.finditer(source)}
    stages = {name: match["stage"] for match in SET.finditer(source) for name in re.findall(r"\w+", match["members"])}
    if options.keys() != stages.keys():
        raise ValueError(f"{manager} of 1.{minor}: {sorted(options.keys() ^ stages.keys())} stand in one place only")
    cited = f"{MODULE}@{VERSIONS[minor]}/{FILES[manager]}"
    return [
        {"manager": manager, "option": option, "minor": str(minor), "stage": stages[name], "source": cited}
        for name, option in options.items()
    ]


def main() -> int:
    """Write the table, or with --check return 1 where it differs."""
    rows: list[Row] = []
    for minor, version in VERSIONS.items():
        found = subprocess.run(
            ["go", "mod", "download", "-json", f"{MODULE}@{version}"], check=True, capture_output=True, text=True
        )
        with zipfile.ZipFile(json.loads(found.stdout)["Zip"]) as module:
            for manager, path in FILES.items():
                source = module.read(f"{MODULE}@{version}/{path}").decode()
                rows.extend(rows_of(source, manager, minor))
    rows.sort(key=lambda row: (row["manager"], row["option"], row["minor"]))
    return write_or_check(__doc__ or "", {"kubelet_policy_options.csv": csv_text(COLUMNS, rows)})


if __name__ == "__main__":
    raise SystemExit(main())
