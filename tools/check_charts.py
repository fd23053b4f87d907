"""Render the pinned charts with the planned values, and ask a Kubernetes API server about all that comes of it.

    python tools/check_charts.py CLONES [SPEC ...]      a line for each problem; exit 1 when there is one

Run it when a pin of a chart changes. CLONES is as make_chart_values.py has it; SPEC are environments, by default those
of tests/golden. Needs helm 3 on PATH (`go install helm.sh/helm/v3/cmd/helm@v3.18.6`) and the control plane of `make
kubernetes`. Nothing of it runs: the server validates, judges by Pod Security and forgets. What it looks for:

* a chart that does not render, or of whose objects the server refuses one;
* a pod that the Pod Security level of its namespace (charts.csv) does not let start;
* an image that `gpucloud stack images` does not list, or lists and nothing names;
* an object of the stack's own, or of the gate, that the definitions of the chart's kinds or the server refuse.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from chart_folders import chart_folder, documents
from chart_images import image_problems

from gpucloud.facts.charts import chart
from gpucloud.plan import ClusterPlan, ReleasePlan, plan_document
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.sim.kubernetes.control_plane.programs import find_programs

ROOT = Path(__file__).resolve().parents[1]
# Charts ask for these before they render objects of theirs; the clusters have them, or a release before brings them.
API_VERSIONS = ("monitoring.coreos.com/v1", "resource.k8s.io/v1", "resource.k8s.io/v1/DeviceClass")
_SETTLES_SECONDS = 5.0
_WORKLOADS = {"DaemonSet", "Deployment", "Job", "StatefulSet"}
_EXISTS = 409
# Google's clusters have them by themselves.
_OF_GKE = "networking.gke.io/"

Object = dict[str, Any]


def rendered(folder: Path, release: ReleasePlan, newest: str) -> list[Object]:
    """Return what Helm makes of a release; ValueError with Helm's words where it refuses.

    Helm is told the newest Kubernetes that the chart takes, or `newest`, the server's own, where it names none.
    """
    minor = chart(release.chart).kubernetes_to
    command = ["helm", "template", release.name, str(folder), "--namespace", release.namespace, "--include-crds"]
    command += ["--kube-version", f"{minor}.0" if minor else newest, "--skip-tests", "--values", "-"]
    command += [part for version in API_VERSIONS for part in ("--api-versions", version)]
    # As JSON: PyYAML leaves the text `03037858` without quotes, and Helm reads a number.
    values = json.dumps(_plain(release.values))
    made = subprocess.run(command, input=values, check=False, capture_output=True, text=True)
    if made.returncode:
        raise ValueError(made.stderr.strip())
    return [_plain(entry) for entry in documents(made.stdout)]


def _plain(value: Any) -> Any:
    """A value as JSON has it; plans have mappings that are no dicts, YAML has dates."""
    return json.loads(json.dumps(value, default=_told))


def _told(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


def own_object(plan: ManifestPlan) -> Object:
    """Return an object of the stack's own as the API has it."""
    metadata = {"name": plan.name, "labels": dict(plan.labels), "namespace": plan.namespace}
    if plan.namespace is None:
        del metadata["namespace"]
    return dict(_plain({"apiVersion": plan.api_version, "kind": plan.kind, "metadata": metadata, "spec": plan.spec}))


def gate_objects(cluster: ClusterPlan) -> list[Object]:
    """Return the gate's namespace, with its level of Pod Security, and what is in it; nothing without a gate."""
    gate = cluster.gate
    if gate is None:
        return []
    labels = {"pod-security.kubernetes.io/enforce": gate.pod_security}
    found = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": gate.namespace, "labels": labels}}]
    for checked in gate.checks:
        metadata = {"name": checked.name, "namespace": gate.namespace}
        found.append({"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": checked.spec})
        if checked.claim is not None:
            kind = {"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate"}
            found.append({**kind, "metadata": metadata, "spec": checked.claim})
    return [_plain(entry) for entry in found]


def install_kinds(api: ApiServer, objects: Iterable[Object]) -> None:
    """Have the server know the definitions and namespaces among these objects."""
    for entry in objects:
        if entry["kind"] in {"CustomResourceDefinition", "Namespace"}:
            api.apply(entry, "charts", force=True)


def refusals(api: ApiServer, objects: Iterable[Object], namespace: str) -> Iterator[str]:
    """Yield what the server says against these objects and the pods of their workloads.

    They are created as Helm 3 does it, and not applied.
    """
    for found in objects:
        if found["kind"] == "CustomResourceDefinition" or found["apiVersion"].startswith(_OF_GKE):
            continue
        entry = {**found, "metadata": {"namespace": namespace, **found["metadata"]}}
        yield from _refused(api, entry)
        if entry["kind"] in _WORKLOADS:
            yield from _refused(api, _pod(entry))


def _pod(workload: Object) -> Object:
    """A pod of a workload; its account is left out, since nobody made it."""
    template = workload["spec"]["template"]
    spec = {key: value for key, value in template["spec"].items() if not key.startswith("serviceAccount")}
    metadata = {"name": workload["metadata"]["name"][:63], "namespace": workload["metadata"]["namespace"]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _refused(api: ApiServer, entry: Object) -> Iterator[str]:
    try:
        path, _, _ = api.path_of(entry).rpartition("/")
        api.request("POST", f"{path}?dryRun=All&fieldValidation=Strict", entry)
    except ApiError as error:
        if error.code != _EXISTS:
            yield f"{entry['kind']} {entry['metadata']['name']}: {error}"


def check(clones: Path, clusters: Iterable[ClusterPlan]) -> Iterator[str]:
    """Yield the problems of the stacks of these clusters, as `release: problem`."""
    with tempfile.TemporaryDirectory() as scratch, ControlPlane(Path(scratch) / "plane", find_programs()) as plane:
        newest = str(plane.api.request("GET", "/version")["gitVersion"])
        folders: dict[str, Path | None] = {}
        stacks = []
        for cluster in clusters:
            objects: dict[str, list[Object]] = {}
            for release in _pinned(cluster):
                if release.chart not in folders:
                    folders[release.chart] = _folder(clones, release, Path(scratch) / "charts")
                folder = folders[release.chart]
                if folder is None:
                    continue
                try:
                    objects[release.name] = rendered(folder, release, newest)
                except ValueError as error:
                    yield f"{release.name}: {error}"
            stacks.append((cluster, objects))
        for release in (release for cluster, _ in stacks for release in cluster.releases):
            plane.api.apply(_namespace(release), "charts", force=True)
        for _, objects in stacks:
            install_kinds(plane.api, (entry for found in objects.values() for entry in found))
        time.sleep(_SETTLES_SECONDS)
        for cluster, objects in stacks:
            yield from _of_stack(plane.api, cluster, objects)


def _of_stack(api: ApiServer, cluster: ClusterPlan, objects: Mapping[str, list[Object]]) -> Iterator[str]:
    own = [own_object(plan) for plan in cluster.manifests]
    for release in cluster.releases:
        if release.name in objects:
            for problem in refusals(api, objects[release.name], release.namespace):
                yield f"{release.name}: {problem}"
            for problem in image_problems(cluster, release, [*objects[release.name], *own]):
                yield f"{release.name}: {problem}"
    for entry in own:
        if (namespace := entry["metadata"].get("namespace")) is not None:
            api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}, "own")
    gate = gate_objects(cluster)
    install_kinds(api, gate)
    for problem in refusals(api, [*own, *gate], "default"):
        yield f"{cluster.name}: {problem}"


def _pinned(cluster: ClusterPlan) -> Iterator[ReleasePlan]:
    """Releases of the versions that the project pins; an environment may choose others, which are not laid out."""
    return (release for release in cluster.releases if release.version == chart(release.chart).version)


def _folder(clones: Path, release: ReleasePlan, into: Path) -> Path | None:
    pinned = chart(release.chart)
    try:
        return chart_folder(clones, release.chart, (pinned.version, pinned.app_version), into)
    except LookupError as error:
        print(f"{release.chart}: not looked at, {error}", file=sys.stderr)
        return None


def _namespace(release: ReleasePlan) -> Object:
    level = chart(release.chart).pod_security
    labels = {"pod-security.kubernetes.io/enforce": level} if level else {}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": release.namespace, "labels": labels}}


def main() -> int:
    """Check the stacks of the environments that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("specs", type=Path, nargs="*", metavar="SPEC")
    arguments = parser.parse_args()
    specs = arguments.specs or sorted((ROOT / "tests/golden").glob("*/spec.yaml"))
    plans = [plan_document(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in specs]
    problems = sorted(set(check(arguments.clones, [cluster for plan in plans for cluster in plan.clusters])))
    print("\n".join(problems) or f"{len(specs)} environments: nothing is refused")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
