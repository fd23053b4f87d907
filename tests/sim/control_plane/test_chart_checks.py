"""What the script that renders charts has an API server say of their objects."""

import importlib
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gpucloud.plan import plan_document
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from tests.plan.test_values_paths import platform

pytestmark = pytest.mark.xdist_group("control-plane")
ROOT = Path(__file__).resolve().parents[3]
CONTAINER = {"name": "plugin", "image": "example.invalid/plugin"}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("check_charts")


def _workload(**pod: Any) -> dict[str, Any]:
    labels = {"app": "plugin"}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [CONTAINER], "serviceAccountName": "none", **pod},
    }
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "plugin"}, "spec": spec}


@pytest.fixture(scope="module")
def namespace(plane: ControlPlane) -> str:
    labels = {"pod-security.kubernetes.io/enforce": "baseline"}
    plane.api.apply(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "charts", "labels": labels}}, "tests"
    )
    plane.api.wait("/api/v1/namespaces/charts/serviceaccounts", lambda found: bool(found["items"]))
    return "charts"


def test_what_may_be_there_is_no_problem(plane: ControlPlane, script: ModuleType, namespace: str) -> None:
    assert list(script.refusals(plane.api, [_workload()], namespace)) == []
    kind = {"apiVersion": "networking.gke.io/v1", "kind": "Network", "metadata": {"name": "n"}}
    there = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    assert list(script.refusals(plane.api, [kind, there], namespace)) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hostNetwork": True}, 'Pod plugin: .*violates PodSecurity "baseline:latest": host namespaces'),
        ({"hostNetwerk": True}, 'DaemonSet plugin: .*unknown field "spec.template.spec.hostNetwerk"'),
        ({"containers": []}, "DaemonSet plugin: .*containers: Required value"),
    ],
)
def test_what_the_server_refuses_is_a_problem(
    plane: ControlPlane, script: ModuleType, namespace: str, changes: dict[str, Any], says: str
) -> None:
    problems = "\n".join(script.refusals(plane.api, [_workload(**changes)], namespace))
    with pytest.raises(AssertionError, match=says):
        raise AssertionError(problems)


def test_what_the_gate_runs_is_judged_in_its_namespace(plane: ControlPlane, script: ModuleType) -> None:
    document = platform("aws", gate=True, allocation="dra")
    (cluster,) = plan_document(document).clusters
    namespace, *objects = script.gate_objects(cluster)
    assert {entry["kind"] for entry in objects} == {"Job", "ResourceClaimTemplate"}
    script.install_kinds(plane.api, [namespace])
    name = namespace["metadata"]["name"]
    plane.api.wait(f"/api/v1/namespaces/{name}/serviceaccounts", lambda found: bool(found["items"]))
    assert list(script.refusals(plane.api, objects, "default")) == []
    for job in objects:
        if job["kind"] == "Job":
            job["spec"]["template"]["spec"]["hostPID"] = True
    (problem,) = script.refusals(plane.api, objects, "default")
    assert 'violates PodSecurity "restricted:latest": host namespaces' in problem
    assert script.gate_objects(plan_document(platform("aws")).clusters[0]) == []


def test_definitions_of_a_chart_judge_the_stacks_own_objects(plane: ControlPlane, script: ModuleType) -> None:
    """A kind that nobody brought, then one with a schema, then an object that the schema refuses."""
    (cluster,) = plan_document(platform("aws", trainer=True)).clusters
    (runtime,) = (plan for plan in cluster.manifests if plan.kind == "ClusterTrainingRuntime")
    found = script.own_object(runtime)
    (problem,) = script.refusals(plane.api, [found], "default")
    assert 'no matches for kind "ClusterTrainingRuntime"' in problem
    schema = {
        "type": "object",
        "properties": {
            "spec": {
                "type": "object",
                "properties": {"numNodes": {"type": "integer"}},
            }
        },
    }
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Runtime", "plural": "runtimes", "singular": "runtime", "listKind": "RuntimeList"}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "runtimes.checks.example.com"},
        "spec": {"group": "checks.example.com", "names": names, "scope": "Cluster", "versions": [version]},
    }
    script.install_kinds(plane.api, [definition])

    def problems(**spec: Any) -> list[str]:
        plan = ManifestPlan("one", None, "checks.example.com/v1", "Runtime", spec)
        return list(script.refusals(plane.api, [script.own_object(plan)], "default"))

    deadline = time.monotonic() + 60
    while problems(numNodes=1) and time.monotonic() < deadline:
        time.sleep(0.1)  # the server serves a kind some time after its definition is there
    assert problems(numNodes=1) == []
    assert "must be of type integer" in problems(numNodes="many")[0]
    assert 'unknown field "spec.nodes"' in problems(nodes=1)[0]
    plane.api.request("DELETE", plane.api.path_of(definition))
