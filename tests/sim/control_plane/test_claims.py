"""GPUs by ResourceClaims on a real control plane: the real scheduler gives them out, and counts nothing twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpucloud.sim.kubernetes.claims import DEVICE_CLASS, by_claims, claims_gpus
from gpucloud.sim.kubernetes.clusters import EKS, read_clusters
from gpucloud.sim.kubernetes.control_plane.control_plane import FAKE, ControlPlane
from gpucloud.sim.store import Row, Store
from tests.sim.control_plane.running import gpu_pod

pytestmark = pytest.mark.xdist_group("control-plane")
PODS = "/api/v1/namespaces/default/pods"
SLICES = "/apis/resource.k8s.io/v1/resourceslices"


def _node(name: str, gpus: str) -> dict[str, Any]:
    resources = {"cpu": "8", "memory": "64Gi", "pods": "110", "nvidia.com/gpu": gpus}
    labels = {"claims": "yes", "gpucloud.io/accelerator": "h100-sxm-80gb"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "annotations": dict([FAKE]), "labels": labels},
        "status": {"capacity": resources, "allocatable": resources},
    }


def _pod(name: str) -> dict[str, Any]:
    container = {"name": "work", "image": "example.invalid/work", "resources": {"claims": [{"name": "gpus"}]}}
    claims = [{"name": "gpus", "resourceClaimTemplateName": "three"}]
    spec = {"containers": [container], "resourceClaims": claims, "nodeSelector": {"claims": "yes"}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "default"}, "spec": spec}


@pytest.fixture
def claimed(plane: ControlPlane) -> Iterator[ControlPlane]:
    api = plane.api
    nodes, slices = by_claims([_node("claimed", "4")])
    api.apply(DEVICE_CLASS, "tests")
    for node in nodes:
        api.apply({key: value for key, value in node.items() if key != "status"}, "tests")
        status = {"status": node["status"]}
        api.request("PATCH", "/api/v1/nodes/claimed/status", status, form="application/merge-patch+json")
    for entry in slices:
        api.apply(entry, "tests")
    yield plane
    for name in ("first", "second"):
        api.request("DELETE", f"{PODS}/{name}?gracePeriodSeconds=0")
    for path in (f"{SLICES}/{slices[0]['metadata']['name']}", "/api/v1/nodes/claimed", api.path_of(DEVICE_CLASS)):
        api.request("DELETE", path)


def test_claims_are_met_until_the_devices_are_gone(claimed: ControlPlane) -> None:
    api = claimed.api
    request = {"name": "gpus", "exactly": {"deviceClassName": "gpu.nvidia.com", "count": 3}}
    template = {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceClaimTemplate",
        "metadata": {"name": "three", "namespace": "default"},
        "spec": {"spec": {"devices": {"requests": [request]}}},
    }
    api.apply(template, "tests")
    api.apply(_pod("first"), "tests")
    found = api.wait(f"{PODS}/first", lambda pod: bool(pod["spec"].get("nodeName")))
    assert found["spec"]["nodeName"] == "claimed"
    (claim,) = api.request("GET", "/apis/resource.k8s.io/v1/namespaces/default/resourceclaims")["items"]
    assert len(claim["status"]["allocation"]["devices"]["results"]) == 3
    api.apply(_pod("second"), "tests")
    waits = api.wait(f"{PODS}/second", lambda pod: bool(pod["status"].get("conditions")))
    assert "cannot allocate all claims" in waits["status"]["conditions"][0]["message"]


def test_pods_that_count_gpus_are_given_claimed_ones(claimed: ControlPlane) -> None:
    """The bridge of Kubernetes 1.36 (DRAExtendedResource): an old pod runs as it is."""
    api = claimed.api
    for name in ("first", "second"):
        pod = gpu_pod(name, gpus=3)
        api.apply({**pod, "spec": {**pod["spec"], "nodeSelector": {"claims": "yes"}}}, "tests")
        if name == "first":
            found = api.wait(f"{PODS}/{name}", lambda pod: bool(pod["spec"].get("nodeName")))
            assert found["spec"]["nodeName"] == "claimed"
    waits = api.wait(f"{PODS}/second", lambda pod: bool(pod["status"].get("conditions")))
    assert waits["status"]["conditions"][0]["reason"] == "Unschedulable"


def test_nodes_count_no_gpus_and_slices_have_what_facts_say() -> None:
    bare = _node("cpu", "0")
    nodes, (only,) = by_claims([_node("gpu", "2"), bare])
    assert all("nvidia.com/gpu" not in node["status"]["capacity"] for node in nodes)
    assert [device["name"] for device in only["spec"]["devices"]] == ["gpu-0", "gpu-1"]
    assert only["spec"]["devices"][0]["capacity"] == {"memory": {"value": "81920Mi"}}


@pytest.mark.parametrize(
    ("chart", "enabled", "claims"),
    [("oci://registry/charts/dra-driver-nvidia-gpu", True, True), ("dra-driver-nvidia-gpu", False, False),
     ("gpu-operator", True, False)],
)  # fmt: skip
def test_a_release_of_the_driver_decides(tmp_path: Path, chart: str, enabled: bool, claims: bool) -> None:
    store = Store(tmp_path)
    outputs = {"name": "train", "endpoint": "https://a.invalid"}
    with store.write():
        cluster = Row(0, EKS, "urn::c", "train", "us-east-1", "", "", "active", True, {}, {}, [])
        store.change(store.insert(cluster), "active", {}, outputs, [])
        (found,) = read_clusters(store)
        values = {"resources": {"gpus": {"enabled": enabled}}}
        kind = "kubernetes:helm.sh/v3:Release"
        release = Row(0, kind, "urn::r", "d/d", found.scopes[0], "", "", "active", True, {}, {}, [])
        store.change(store.insert(release), "active", {"chart": chart, "values": values}, {}, [])
    assert claims_gpus(store, found) is claims
    store.close()
