"""Make gpucloud/facts/data/custom_resources.csv: the kinds of objects that charts and clouds bring into a cluster.

    python tools/make_custom_resources.py CLONES            write the table
    python tools/make_custom_resources.py CLONES --check    write nothing; exit 1 when the file would change

CLONES is a folder with a bare clone of each repository of CHARTS, named owner+name (the clone itself, or in a folder
`repo` of it). A chart's definitions lie in its folder `crds`, which Helm installs and never deletes, or among its
templates, which come and go with the release (Helm documentation, "Custom Resource Definitions").
"""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from fact_tables import csv_text

DATA = Path(__file__).resolve().parents[1] / "gpucloud/facts/data"
TARGET = DATA / "custom_resources.csv"
COLUMNS = ("brought_by", "group", "kind", "plural", "versions", "scope", "stays", "source")
# Chart, repository, the folder of the chart in it, and folders of subcharts that are off as the planner sets them, or
# that hold the same once more.
CHARTS = (
    ("cert-manager", "cert-manager/cert-manager", "deploy/charts/cert-manager", ()),
    (
        "dra-driver-nvidia-gpu",
        "kubernetes-sigs/dra-driver-nvidia-gpu",
        "deployments/helm/dra-driver-nvidia-gpu",
        (),
    ),
    (
        "gpu-operator",
        "NVIDIA/gpu-operator",
        "deployments/gpu-operator",
        ("charts/node-feature-discovery/templates/topologyupdater-",),
    ),
    ("gpu-operator-charts", "ROCm/gpu-operator", "helm-charts-k8s", ("charts/remediation-crds",)),
    ("kai-scheduler", "kai-scheduler/KAI-Scheduler", "deployments/kai-scheduler", ()),
    ("kube-prometheus-stack", "prometheus-community/helm-charts", "charts/kube-prometheus-stack", ()),
    ("kubeflow-trainer", "kubeflow/trainer", "charts/kubeflow-trainer", ()),
    ("kubeflow-trainer", "kubernetes-sigs/jobset", "charts/jobset", ()),
    ("kueue", "kubernetes-sigs/kueue", "charts/kueue", ()),
    ("network-operator", "Mellanox/network-operator", "deployment/network-operator", ("charts/",)),
    ("volcano", "volcano-sh/volcano", "installer/helm/chart/volcano", ("crd/v1beta1/",)),
)
# Tags that are not `v` and the chart's version.
TAGS = {
    "prometheus-community/helm-charts": "kube-prometheus-stack-88.5.3",
    # The version that kubeflow-trainer's Chart.yaml names.
    "kubernetes-sigs/jobset": "v0.12.0",
}
# GKE has them where multi-networking is on; a cluster's own objects show their scope, not their plural.
GKE = "cluster-toolkit modules/scheduler/gke-cluster/templates (group, kind, no namespace); plural by the usual rule"
_FIELDS = {
    "group": r"^  group: (\S+)$",
    "kind": r"^    kind: (\S+)$",
    "plural": r"^    plural: (\S+)$",
    "scope": r"^  scope: (\S+)$",
}
OF_GKE = (("GKENetworkParamSet", "gkenetworkparamsets"), ("Network", "networks"))


def _git(clones: Path, repository: str, *arguments: str) -> str:
    clone = clones / repository.replace("/", "+")
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    return subprocess.run(["git", f"--git-dir={clone}", *arguments], check=True, capture_output=True, text=True).stdout


def _definitions(clones: Path, repository: str, tag: str, path: str) -> Iterator[dict[str, str]]:
    """Yield the definitions of a file, read by their indentation, since a template is no YAML."""
    for document in re.split(r"^---", _git(clones, repository, "show", f"{tag}:{path}"), flags=re.MULTILINE):
        if "kind: CustomResourceDefinition" not in document:
            continue
        found = {name: re.search(pattern, document, re.MULTILINE) for name, pattern in _FIELDS.items()}
        yield {
            **{name: match[1] for name, match in found.items() if match},
            "versions": " ".join(re.findall(r"^ {2,6}(?:- )?name: (v\d\w*)$", document, re.MULTILINE)),
        }


def table(clones: Path) -> str:
    """Return the table's text, sorted."""
    with (DATA / "charts.csv").open(encoding="utf-8") as opened:
        pinned = {row["name"]: row["version"] for row in csv.DictReader(opened)}
    rows = [_row("gke", "networking.gke.io", *entry, "v1", "Cluster", "yes", GKE) for entry in OF_GKE]
    for chart, repository, folder, left_out in CHARTS:
        # Some charts are pinned by a bare version, their tags have a v.
        tag = TAGS.get(repository) or f"v{pinned[chart].removeprefix('v')}"
        named = _git(clones, repository, "ls-tree", "-r", "--name-only", tag, f"{folder}/").split()
        for path in named:
            inside = path.removeprefix(f"{folder}/")
            if "crd" not in inside or not path.endswith(".yaml") or inside.startswith((*left_out, "tests/")):
                continue
            stays = "yes" if "/crds/" in f"/{inside}" else "no"
            for found in _definitions(clones, repository, tag, path):
                written = (found[name] for name in ("group", "kind", "plural", "versions", "scope"))
                rows.append(_row(chart, *written, stays, f"{repository} tag {tag} {path}"))
    return csv_text(COLUMNS, sorted(rows, key=lambda row: tuple(row.values())))


def _row(*values: str) -> dict[str, str]:
    return dict(zip(COLUMNS, values, strict=True))


def main() -> int:
    """Write the table, or say whether it would change."""
    text = table(Path(sys.argv[1]))
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
