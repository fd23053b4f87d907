"""One control plane for all tests of a worker."""

from collections.abc import Iterator

import pytest

from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from tests.sim.control_plane.running import gpu_node, programs


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A running control plane with one node of 8 GPUs."""
    with ControlPlane(tmp_path_factory.mktemp("control-plane"), programs()) as running:
        node, status = gpu_node("gpu-1", gpus=8)
        running.api.apply(node, "tests")
        running.api.request("PATCH", "/api/v1/nodes/gpu-1/status", status, form="application/merge-patch+json")
        running.api.wait("/api/v1/nodes/gpu-1", lambda found: _ready(found["status"]))
        yield running


def _ready(status: dict[str, list[dict[str, str]]]) -> bool:
    return any(entry["type"] == "Ready" and entry["status"] == "True" for entry in status.get("conditions", []))
