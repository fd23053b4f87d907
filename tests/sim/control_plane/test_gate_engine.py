"""The gate through the engine on a real API server: it opens, closes within its deadline, and opens again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.sim import session
from gpucloud.sim.kubernetes.control_plane.api import ApiServer
from gpucloud.sim.session import Kubernetes
from gpucloud.sim.status import read_status
from tests.sim.control_plane.live_stack import LiveStack
from tests.sim.control_plane.running import programs

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("control-plane")]

PROGRAM = """
    import pulumi
    import pulumi_kubernetes as k8s
    from gpucloud import EnvironmentSpec, GpuEnvironment, read_document

    document = read_document("environment.yaml")
    gate = GpuEnvironment("dev", EnvironmentSpec.model_validate(document)).gates["cuda"]
    operator = document["clusters"][0]["gpu_stack"]["operator_version"]
    after = pulumi.ResourceOptions(parent=gate, depends_on=list(gate.jobs.values()))
    k8s.core.v1.ConfigMap("serves", metadata={"name": "serves"}, data={"operator": operator}, opts=after)
    pulumi.export("passed", gate.passed)
    pulumi.export("skipped", gate.skipped)
"""
JOBS = "/apis/batch/v1/namespaces/gpucloud-gate/jobs"
DEADLINE = 60


def _pool(name: str, machine: str, **fields: Any) -> dict[str, Any]:
    size = {"min": 1, "desired": 1, "max": 2}
    return {"name": name, "machine_type": machine, "zones": ["us-east-1a"], "size": size, **fields}


def _document(*, operator: str | None, claims: bool = False) -> dict[str, Any]:
    h100 = _pool("h100", "p5.48xlarge")
    a100 = _pool("a100", "p4d.24xlarge", sharing={"type": "mig", "profile": "1g.5gb"}, taints=[{"key": "team"}])
    pools = [h100] if claims else [h100, a100, _pool("later", "g6.xlarge", size={"max": 1})]
    gate = {"deadline_seconds": DEADLINE, "allow_skipped": True}
    allocation = "dra" if claims else "device-plugin"
    cluster = {
        "name": "cuda",
        "cloud": "aws",
        "region": "us-east-1",
        "node_pools": pools,
        "gpu_stack": {"operator_version": operator, "gate": gate, "allocation": allocation},
    }
    return {"name": "dev", "clusters": [cluster]}


class Stack(LiveStack):
    """A project with a gate, and a local cloud."""

    def __init__(self, folder: Path, kubernetes: Kubernetes = "real") -> None:
        super().__init__(folder, PROGRAM, kubernetes)

    def up(self, *, fails: bool = False, **changes: Any) -> str:
        self.project.write("environment.yaml", yaml.safe_dump(_document(**changes)))
        return self.run("up", "--continue-on-error", fails=fails)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    programs()
    made = Stack(tmp_path)
    yield made
    session.stop(made.root)


def _jobs(api: ApiServer) -> dict[str, str]:
    """By pool the name of its newest Job: the one before goes when that has completed."""
    found = sorted(api.request("GET", JOBS)["items"], key=lambda job: str(job["metadata"]["creationTimestamp"]))
    return {job["spec"]["template"]["metadata"]["labels"]["gpucloud.io/pool"]: job["metadata"]["name"] for job in found}


def _served(api: ApiServer) -> str:
    """What was declared after the gate."""
    return str(api.request("GET", "/api/v1/namespaces/default/configmaps/serves")["data"]["operator"])


def _offer(api: ApiServer, gpus: int) -> None:
    """What the device plugin does when a GPU fell off the bus: the node stays Ready."""
    for node in api.request("GET", "/api/v1/nodes?labelSelector=gpucloud.io/pool%3Dh100")["items"]:
        path = f"/api/v1/nodes/{node['metadata']['name']}/status"
        status = {"status": {"allocatable": {"nvidia.com/gpu": str(gpus)}}}
        api.request("PATCH", path, status, form="application/merge-patch+json")


def test_the_gate_opens_closes_and_opens_again(stack: Stack) -> None:
    said = stack.up(operator="26.3.3")
    assert "pool later is not looked at: the pool starts at zero nodes" in said
    assert stack.project.run("stack", "output", "passed").strip() == "true"
    assert "later" in stack.project.run("stack", "output", "skipped")
    api = stack.api()
    first = _jobs(api)
    assert first.keys() == {"a100", "h100"}
    assert _served(api) == "26.3.3"

    # The same again: nothing runs.
    stack.up(operator="26.3.3")
    assert _jobs(api) == first

    # A GPU is gone, and another version of the operator has the gate look again.
    _offer(api, 7)
    said = stack.up(operator="26.7.0", fails=True)
    lines = [line.strip() for line in said.splitlines() if "the gate is closed" in line]
    assert lines
    assert all(
        f"pool h100: no node gave a pod all that it asks for within {DEADLINE} s; look at" in line for line in lines
    )
    assert "Traceback" not in said
    assert "registration" not in said
    assert _served(api) == "26.3.3"
    second = _jobs(api)
    assert second["h100"] != first["h100"]

    # The Job that failed is not waited for again, another one is made.
    failed = api.request("GET", f"{JOBS}/{second['h100']}")["metadata"]["uid"]
    _offer(api, 8)
    stack.up(operator="26.7.0")
    assert _served(api) == "26.7.0"
    assert api.request("GET", f"{JOBS}/{second['h100']}")["metadata"]["uid"] != failed
    assert set(_jobs(api).values()).isdisjoint(first.values())

    # By claims: the gate brings its own, and no GPU stays claimed.
    stack.up(operator="26.7.0", claims=True)
    (job,) = api.request("GET", JOBS)["items"]
    assert job["spec"]["template"]["spec"]["resourceClaims"][0]["resourceClaimTemplateName"] == job["metadata"]["name"]
    stack.project.run("destroy")
    assert read_status(stack.root).resources == {}


def test_a_played_cluster_takes_the_gate_too(tmp_path: Path) -> None:
    made = Stack(tmp_path, "played")
    try:
        made.up(operator="26.3.3", claims=True)
        assert made.project.run("stack", "output", "passed").strip() == "true"
        types = read_status(made.root).resources
        assert types["kubernetes:batch/v1:Job"] == 1
        assert types["kubernetes:resource.k8s.io/v1:ResourceClaimTemplate"] == 1
        made.project.run("destroy")
    finally:
        session.stop(made.root)
