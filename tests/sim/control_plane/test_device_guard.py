"""The policy against device files, on a real API server: whom it refuses, and whom it does not."""

from collections.abc import Iterator
from typing import Any

import pytest

from gpucloud.errors import LocalCloudError
from gpucloud.plan.device_guard import guard_manifests
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.spec import GpuStackSpec
from tests.plan.pools import plan_of
from tests.sim.control_plane.running import gpu_pod

pytestmark = pytest.mark.xdist_group("control-plane")


@pytest.fixture(scope="module")
def guarded(plane: ControlPlane) -> Iterator[ControlPlane]:
    """A control plane with the policy of a cluster with H100."""
    cluster = plan_of().clusters[0]
    objects = [
        {
            "apiVersion": entry.api_version,
            "kind": entry.kind,
            "metadata": {"name": entry.name},
            "spec": dict(entry.spec),
        }
        for entry in guard_manifests(GpuStackSpec(), cluster.node_pools, cluster.releases, "1.36")
    ]
    for entry in objects:
        plane.api.apply(entry, "tests")
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "gpu-operator"}}
    plane.api.apply(namespace, "tests")
    yield plane
    for entry in objects:
        plane.api.request("DELETE", plane.api.path_of(entry))
    plane.api.request("DELETE", plane.api.path_of(namespace))


def _mounting(name: str, path: str, namespace: str = "default") -> dict[str, Any]:
    pod = gpu_pod(name, gpus=1)
    pod["metadata"]["namespace"] = namespace
    pod["spec"]["volumes"] = [{"name": "device", "hostPath": {"path": path}}]
    return pod


def _create(plane: ControlPlane, pod: dict[str, Any]) -> str:
    """What the server says against a pod, empty where it takes it; a dry run leaves nothing behind."""
    path = plane.api.path_of(pod).rpartition("/")[0]
    try:
        plane.api.request("POST", f"{path}?dryRun=All", pod)
    except LocalCloudError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("path", ["/dev/nvidia0", "/dev/nvidiactl", "/dev//nvidia-uvm", "/dev/nvidia-caps"])
def test_a_pod_with_a_device_file_is_refused(guarded: ControlPlane, path: str) -> None:
    # A policy holds a moment after it was made: the server compiles it first.
    guarded.api.wait("/api/v1/namespaces/default", lambda _: bool(_create(guarded, _mounting("first", "/dev/nvidia0"))))
    assert "GPUs that the scheduler gives to others" in _create(guarded, _mounting("device", path))


@pytest.mark.parametrize("path", ["/dev/snd", "/var/nvidia", "/dev/infiniband"])
def test_other_paths_are_fine(guarded: ControlPlane, path: str) -> None:
    assert _create(guarded, _mounting("other", path)) == ""


def test_pods_that_ask_for_gpus_are_fine(guarded: ControlPlane) -> None:
    assert _create(guarded, gpu_pod("asking", gpus=1)) == ""


@pytest.mark.parametrize("namespace", ["gpu-operator", "kube-system"])
def test_operators_may(guarded: ControlPlane, namespace: str) -> None:
    assert _create(guarded, _mounting("operand", "/dev/nvidia0", namespace)) == ""
