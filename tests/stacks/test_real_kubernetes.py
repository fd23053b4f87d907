"""`make up KUBERNETES=real`: the stack's own objects on a real API server, its nodes, and a pod with a GPU."""

import json
import sys

import pytest

from gpucloud.sim.status import read_status
from tests.sim.control_plane.running import programs
from tests.stacks.house import GPUCLOUD, House

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("control-plane")]
REAL = (GPUCLOUD, "sim", "run", "--kubernetes", "real", "--")


def test_up_shows_nodes_and_a_pod_with_a_gpu_and_down_leaves_nothing(house: House) -> None:
    programs()
    # Under pytest-xdist COLUMNS is 80, and tables fold their cells.
    environment = {**house.plain, "COLUMNS": "100"}
    local = (*REAL, sys.executable, "-m", "stacks.local")
    said = house.run(*local, "up", environment=environment)
    assert "0 of 1 nvidia.com/gpu" in said
    assert "dev-gpu: a pod with 1 nvidia.com/gpu ran on dev-gpu-t4-us-west-2a-spot" in said
    listed = house.run(*REAL, GPUCLOUD, "sim", "nodes", "--format", "json", environment=environment)
    (gpu,) = [node for node in json.loads(listed) if node["devices"]]
    assert (gpu["machine_type"], gpu["ready"], gpu["used"]) == ("g4dn.xlarge", True, {})
    gate = f"{GPUCLOUD} stack verify stacks/environments/dev.yaml --kubeconfig $({GPUCLOUD} sim kubeconfig)"
    unseen = " ".join(f"--allow-skipped {check}" for check in ("driver", "metrics", "operands", "product"))
    judged = house.run(*REAL, "sh", "-c", f"{gate} {unseen}", environment=environment)
    assert "gpu: the gate opens (4 pass, 4 skipped)" in judged
    closed = house.run(*REAL, "sh", "-c", f"{gate} || echo closed with $?", environment=environment)
    assert "the gate stays closed (4 pass, 4 skipped)" in closed
    assert "closed with 1" in closed
    house.run(*local, "down", environment=environment)
    assert read_status(house.local).resources == {}
