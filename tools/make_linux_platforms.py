"""Make gpucloud/facts/data/linux_platforms.csv: which kernel settings the node pools of AKS and GKE take.

    python tools/make_linux_platforms.py AKS_DOCS            write the table
    python tools/make_linux_platforms.py AKS_DOCS --check    write nothing; exit 1 when the file would change

AKS_DOCS is a bare clone of MicrosoftDocs/azure-aks-docs. AKS: the names are those of the installed azure-native SDK,
whose documentation names the sysctl of each; the ranges stand in the page on node configuration. GKE: the names are in
the API's description (a Go module, so this needs Go and its module proxy), the ranges in the reference of gcloud's
`--system-config-from-file`, carried over into tools/data/gke_sysctl_values.csv.
"""

import argparse
import csv
import inspect
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from fact_tables import Row, csv_text
from pulumi_azure_native.containerservice import SysctlConfigArgs

TARGET = Path(__file__).resolve().parents[1] / "gpucloud/facts/data/linux_platforms.csv"
GKE_VALUES = Path(__file__).resolve().parent / "data" / "gke_sysctl_values.csv"
COLUMNS = ("platform", "setting", "wire", "kind", "minimum", "maximum", "values", "source", "note")
AKS_PAGE = "articles/aks/custom-node-configuration-reference.md"
AKS_COMMIT = "fb060ab"
GO_API = "google.golang.org/api@v0.311.0"
GCLOUD = "gcloud reference container node-pools create --system-config-from-file"
TPG = "hashicorp/terraform-provider-google v7.45.0 google/services/container/node_config.go"

SYSCTL_OF = re.compile(r"Sysctl setting ([\w.-]+)\.$", re.MULTILINE)
AKS_ROW = re.compile(r"^\| `([\w.-]+)` \| (\d+) - (\d+) \|", re.MULTILINE)
AKS_VALUES = {"net.ipv4.tcp_tw_reuse": "0=false|1=true", "net.ipv4.ip_local_port_range": "1024-60999|32768-65535"}
AKS_NOTES = {
    "fs.file-max": "AgentBaker keeps the number in 32 bits",
    "net.ipv4.tcp_tw_reuse": "true or false on the wire: the kernel's 2 (loopback only) cannot be said",
    "net.ipv4.ip_local_port_range": "the first and the last port",
}
HUGE_PAGES = {
    "transparent_hugepages": ("ENABLED", ("always", "madvise", "never")),
    "transparent_hugepage_defrag": ("DEFRAG", ("always", "defer", "defer+madvise", "madvise", "never")),
}


def row(platform: str, setting: str, wire: str, kind: str, **cells: str) -> Row:
    """Return one row; cells that are not given are empty."""
    return {"platform": platform, "setting": setting, "wire": wire, "kind": kind, **cells}


def aks_sysctls(page: str) -> list[Row]:
    """Return a row per sysctl of the SDK, with the page's range where it states one."""
    ranges = {name: (least, greatest) for name, least, greatest in AKS_ROW.findall(page)}
    documented = {
        *ranges,
        *AKS_VALUES,
        *re.findall(r"^\| `(vm\.max_map_count|kernel\.threads-max)`", page, re.MULTILINE),
    }
    kinds = {"bool": "switch", "int": "number", "str": "numbers-text"}
    rows = []
    for name in dir(SysctlConfigArgs):
        item = getattr(SysctlConfigArgs, name)
        if not isinstance(item, property):
            continue
        sysctl = SYSCTL_OF.search(inspect.getdoc(item.fget) or "")[1]
        annotation = re.search(r"Union\[(\w+)", str(inspect.signature(item.fget).return_annotation))[1]
        least, greatest = ranges.get(sysctl, ("", ""))
        rows.append(
            row(
                "aks",
                sysctl,
                f"sysctls.{item.fget._pulumi_name}",  # noqa: SLF001 the SDK says a wire name nowhere else
                kinds[annotation],
                minimum=least,
                maximum=greatest,
                values=AKS_VALUES.get(sysctl, ""),
                source=f"{aks_sdk()}; MicrosoftDocs/azure-aks-docs {AKS_COMMIT} {AKS_PAGE}"
                if sysctl in documented
                else aks_sdk(),
                note=AKS_NOTES.get(sysctl, "" if least else "no source states a range"),
            )
        )
    return rows


def aks_sdk() -> str:
    """Return the SDK as a source."""
    return f"pulumi_azure_native {metadata.version('pulumi_azure_native')} containerservice.SysctlConfigArgs"


def gke_sysctls() -> list[Row]:
    """Return a row per sysctl that the API names; one without a range in gcloud's reference is any text."""
    downloaded = subprocess.run(["go", "mod", "download", "-json", GO_API], check=True, capture_output=True, text=True)
    module = Path(json.loads(downloaded.stdout)["Dir"])
    schemas = json.loads((module / "container/v1/container-api.json").read_text(encoding="utf-8"))["schemas"]
    description = schemas["LinuxNodeConfig"]["properties"]["sysctls"]["description"]
    with GKE_VALUES.open(encoding="utf-8", newline="") as file:
        values = {line.pop("setting"): line for line in csv.DictReader(file)}
    named = set(re.findall(r"\b(?:net|kernel|fs|vm)\.[\w.-]*\w", description))
    if not set(values) <= named:
        raise SystemExit(f"the API does not name {sorted(set(values) - named)}")
    api = f"{GO_API.replace('@', ' ')} container/v1 LinuxNodeConfig"
    return [
        row("gke", name, f"sysctls.{name}", **values[name], source=f"{api}; {GCLOUD}")
        if name in values
        else row("gke", name, f"sysctls.{name}", "text", source=api, note="no source states a range")
        for name in named
    ]


def huge_pages() -> list[Row]:
    """Return the rows of transparent huge pages on both platforms and of reserved ones on GKE."""
    aks = f"MicrosoftDocs/azure-aks-docs {AKS_COMMIT} {AKS_PAGE}"
    rows = []
    for setting, (word, values) in HUGE_PAGES.items():
        title = word.capitalize()
        theirs = (f"{value}=TRANSPARENT_HUGEPAGE_{word}_{theirs_of(value)}" for value in values)
        rows += [
            row("aks", setting, f"transparentHugePage{title}", "same", values="|".join(values), source=aks),
            row("gke", setting, f"transparentHugepage{title}", "choice", values="|".join(theirs), source=TPG),
        ]
    limit = "all huge pages at most 60% of the memory of a machine with less than 30 GB, 80% above"
    families = "; 1 GiB pages on a2 a3 c2d c3 c3d g2 h3 m2 m3 machines only"
    for setting, wire, note in (("hugepages_2mi", "2m", limit), ("hugepages_1gi", "1g", limit + families)):
        wire_name = f"hugepagesConfig.hugepageSize{wire}"
        rows.append(row("gke", setting, wire_name, "int", minimum="1", source=f"{TPG}; {GCLOUD}", note=note))
    return rows


def theirs_of(value: str) -> str:
    """Return GKE's word for a kernel's value of transparent huge pages."""
    return value.upper().replace("+", "_WITH_")


def main() -> int:
    """Write the table, or say whether it would change; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aks_docs", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the file would change")
    arguments = parser.parse_args()
    page = subprocess.run(
        ["git", f"--git-dir={arguments.aks_docs}", "show", f"{AKS_COMMIT}:{AKS_PAGE}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    rows = sorted(
        [*aks_sysctls(page), *gke_sysctls(), *huge_pages()], key=lambda row: (row["platform"], row["setting"])
    )
    text = csv_text(COLUMNS, rows)
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    if arguments.check:
        print(f"{TARGET.name}: not what {Path(__file__).name} makes; run it", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
