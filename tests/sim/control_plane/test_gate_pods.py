"""The gate's pods on a real API server: each fits the Pod Security level of its namespace, and its Job is taken."""

from typing import Any

import pytest

from gpucloud.plan import plan_document
from gpucloud.plan.gate_model import GateCheckPlan, GatePlan
from gpucloud.sim.kubernetes.control_plane.api import ApiError
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.spec.loading import read_document
from tests.golden_files import SCENARIOS

pytestmark = pytest.mark.xdist_group("control-plane")
DOCUMENT = SCENARIOS / "gate-of-three-ways-to-share" / "spec.yaml"


def _gates() -> dict[str, GatePlan]:
    clusters = plan_document(read_document(str(DOCUMENT))).clusters
    return {cluster.name: cluster.gate for cluster in clusters if cluster.gate is not None}


def _object(kind: str, version: str, name: str, namespace: str, spec: Any) -> dict[str, Any]:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}


def _pod(check: GateCheckPlan, namespace: str) -> dict[str, Any]:
    return _object("Pod", "v1", check.name, namespace, check.spec["template"]["spec"])


def _namespace(plane: ControlPlane, level: str) -> str:
    labels = {"pod-security.kubernetes.io/enforce": level}
    metadata = {"name": f"gate-{level}", "labels": labels}
    plane.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, "tests")
    # Pods are refused until a controller has made the namespace's own account.
    accounts = f"/api/v1/namespaces/gate-{level}/serviceaccounts"
    plane.api.wait(accounts, lambda found: [entry["metadata"]["name"] for entry in found["items"]] == ["default"])
    return f"gate-{level}"


@pytest.mark.parametrize("cluster", ["claims", "cuda", "rocm"])
def test_the_pods_fit_the_level_of_their_namespace(plane: ControlPlane, cluster: str) -> None:
    gate = _gates()[cluster]
    namespace = _namespace(plane, gate.pod_security)
    for check in gate.checks:
        plane.api.apply(_pod(check, namespace), "tests", dry_run=True)
        plane.api.apply(_object("Job", "batch/v1", check.name, namespace, check.spec), "tests", dry_run=True)
        if check.claim is not None:
            template = _object("ResourceClaimTemplate", "resource.k8s.io/v1", check.name, namespace, check.claim)
            plane.api.apply(template, "tests", dry_run=True)


def test_amds_pods_would_not_fit_the_stricter_level(plane: ControlPlane) -> None:
    (check,) = _gates()["rocm"].checks
    with pytest.raises(ApiError, match="violates PodSecurity"):
        plane.api.apply(_pod(check, _namespace(plane, "restricted")), "tests", dry_run=True)
