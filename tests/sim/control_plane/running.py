"""A control plane for tests, and what they put into it."""

import os
from pathlib import Path
from typing import Any

import pytest

from gpucloud.errors import LocalCloudError
from gpucloud.sim.kubernetes.control_plane.control_plane import FAKE
from gpucloud.sim.kubernetes.control_plane.programs import find_programs

GPUS = "nvidia.com/gpu"


def programs() -> dict[str, Path]:
    """The programs; in CI their lack is a failure, elsewhere a skip."""
    try:
        return find_programs()
    except LocalCloudError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def gpu_node(name: str, *, gpus: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A tainted node and its status."""
    resources = {"cpu": "192", "memory": "2Ti", "pods": "110", GPUS: str(gpus)}
    taint = {"key": GPUS, "value": "present", "effect": "NoSchedule"}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "annotations": dict([FAKE])},
        "spec": {"taints": [taint]},
    }
    return node, {"status": {"capacity": resources, "allocatable": resources}}


def gpu_pod(name: str, *, gpus: int, tolerates: bool = True) -> dict[str, Any]:
    """A pod that asks for GPUs."""
    container = {"name": "work", "image": "example.invalid/work", "resources": {"limits": {GPUS: str(gpus)}}}
    tolerations = [{"key": GPUS, "operator": "Exists"}] if tolerates else []
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"containers": [container], "tolerations": tolerations},
    }
