"""A GPU stack through the engine on real API servers: up, another operator, another MIG layout, and nothing left."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.errors import LocalCloudError
from gpucloud.sim import session
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer
from gpucloud.sim.kubernetes.seen import kubeconfigs
from gpucloud.sim.status import read_status
from tests.sim.control_plane.live_stack import LiveStack
from tests.sim.control_plane.running import programs

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("control-plane")]

PROGRAM = """
    import pulumi
    from gpucloud import EnvironmentSpec, GpuEnvironment, read_document

    GpuEnvironment("dev", EnvironmentSpec.model_validate(read_document("environment.yaml")))
"""
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
CONFIGS = "/apis/amd.com/v1alpha1/namespaces/kube-amd-gpu/deviceconfigs"
DRIVERS = "/apis/nvidia.com/v1alpha1/nvidiadrivers"
QUEUES = "/apis/kueue.x-k8s.io/v1beta2/clusterqueues"
RUNTIMES = "/apis/trainer.kubeflow.org/v1alpha1/clustertrainingruntimes"
CLASSES = "/apis/resource.k8s.io/v1/deviceclasses"
TEAM = "team-a"
HELD = "operator.example.com/held"


ASKED = {"monitoring": "kube-prometheus-stack", "batch_scheduling": "kueue", "trainer": True}


def _document(
    *, profile: str, operator: str | None, stack: bool = True, claims: bool = False, asked: bool = False
) -> dict[str, Any]:
    a100 = {
        "name": "a100",
        "machine_type": "p4d.24xlarge",
        "zones": ["us-east-1a"],
        "size": {"min": 1, "desired": 1, "max": 2},
        "sharing": {"type": "mig", "profile": profile},
    }
    shared = {
        "name": "l4",
        "machine_type": "g6.xlarge",
        "zones": ["us-east-1a"],
        "size": {"min": 1, "desired": 1, "max": 2},
        "sharing": "whole" if claims or asked else {"type": "time-slicing", "replicas": 4},
        **({"held_back": {"by": "kueue", "share": 0.5, "queue": "others"}} if asked else {}),
    }
    # Two drivers of the operator's, and beside them nodes that have their own.
    operated = [
        {
            "name": name,
            "machine_type": "g5.xlarge",
            "zones": ["us-east-1a"],
            "driver_owner": "operator",
            "driver_version": version,
            "image": {"family": "custom", "id": "ami-0123456789abcdef0"},
        }
        for name, version in (("new", "590.48.01"), ("old", "580.126.09"))
    ]
    mi300x = {
        "name": "mi300x",
        "machine_type": "Standard_ND96isr_MI300X_v5",
        "zones": ["regional"],
        "driver_owner": "operator",
        "size": {"desired": 1, "max": 1},
    }
    allocation: dict[str, Any] = {"allocation": "dra", "claims": {"namespaces": [TEAM]}} if claims else {}
    amd = {"amd_driver_image": "registry.example.com/amd/driver"}
    return {
        "name": "dev",
        "clusters": [
            {
                "name": "cuda",
                "cloud": "aws",
                "region": "us-east-1",
                "node_pools": [a100, shared, *(operated if asked else ())],
                "gpu_stack": {"operator_version": operator, **allocation, **(ASKED if asked else {})}
                if stack
                else None,
            },
            {
                "name": "rocm",
                "cloud": "azure",
                "region": "westus",
                "node_pools": [mi300x],
                "gpu_stack": amd if stack else None,
            },
        ],
    }


class Stack(LiveStack):
    """A project that declares a document, and a local cloud with real Kubernetes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, PROGRAM)
        for key, value in {
            "azure-native:location": "westus",
            "azure-native:subscriptionId": "00000000-0000-0000-0000-000000000000",
            "azure-native:tenantId": "00000000-0000-0000-0000-000000000000",
        }.items():
            self.set(key, value)

    def up(self, **changes: Any) -> None:
        self.project.write("environment.yaml", yaml.safe_dump(_document(**changes)))
        self.project.run("up")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    programs()
    made = Stack(tmp_path)
    yield made
    session.stop(made.root)


def _devices(api: ApiServer) -> dict[str, str]:
    found = api.request("GET", "/api/v1/nodes")["items"]
    return {
        node["metadata"]["labels"]["gpucloud.io/pool"]: node["status"]["allocatable"]["nvidia.com/gpu"]
        for node in found
        if "nvidia.com/gpu" in node["status"]["allocatable"]
    }


def _until(api: ApiServer, wanted: dict[str, str]) -> None:
    deadline = time.monotonic() + 30
    while _devices(api) != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _devices(api) == wanted


def _names(api: ApiServer, path: str) -> list[str]:
    return sorted(entry["metadata"]["name"] for entry in api.request("GET", path)["items"])


def _levels(api: ApiServer) -> dict[str, str]:
    found = (entry["metadata"] for entry in api.request("GET", "/api/v1/namespaces")["items"])
    level = "pod-security.kubernetes.io/enforce"
    return {entry["name"]: entry["labels"][level] for entry in found if level in entry.get("labels", {})}


def _revisions(api: ApiServer, namespace: str, release: str) -> dict[str, str]:
    chosen = f"labelSelector=owner%3Dhelm%2Cname%3D{release}"
    found = api.request("GET", f"/api/v1/namespaces/{namespace}/secrets?{chosen}")["items"]
    return {entry["metadata"]["labels"]["version"]: entry["metadata"]["labels"]["status"] for entry in found}


class Operator(threading.Thread):
    """What AMD's operator does at the end: it lets go of its configuration, as long as it is there itself."""

    def __init__(self, api: ApiServer) -> None:
        super().__init__(daemon=True)
        self._api = api
        self.released: list[bool] = []

    def run(self) -> None:
        for _ in range(600):
            time.sleep(0.1)
            try:
                (config,) = self._api.request("GET", CONFIGS)["items"]
            except (ApiError, ValueError):
                return
            if config["metadata"].get("deletionTimestamp"):
                self.released.append(_revisions(self._api, "kube-amd-gpu", "amd-gpu-operator") != {})
                path = f"{CONFIGS}/{config['metadata']['name']}"
                self._api.request(
                    "PATCH", path, {"metadata": {"finalizers": None}}, form="application/merge-patch+json"
                )
                return


def test_a_stack_comes_changes_and_goes_without_a_trace(stack: Stack) -> None:
    stack.up(profile="1g.5gb", operator="26.3.3")
    cuda, rocm = stack.api("cuda"), stack.api("rocm")
    _until(cuda, {"a100": "56", "l4": "4"})
    assert _revisions(cuda, "gpu-operator", "gpu-operator") == {"1": "deployed"}
    (config,) = rocm.request("GET", CONFIGS)["items"]
    assert config["spec"]["driver"]["image"] == "registry.example.com/amd/driver"

    # Another version of the operator is another revision of its release; nodes stay.
    nodes = {node["metadata"]["uid"] for node in cuda.request("GET", "/api/v1/nodes")["items"]}
    stack.up(profile="1g.5gb", operator="26.7.0")
    assert _revisions(cuda, "gpu-operator", "gpu-operator") == {"1": "superseded", "2": "deployed"}
    assert {node["metadata"]["uid"] for node in cuda.request("GET", "/api/v1/nodes")["items"]} == nodes

    # Another layout is another label of the same node.
    stack.up(profile="3g.20gb", operator="26.7.0")
    _until(cuda, {"a100": "16", "l4": "4"})
    assert {node["metadata"]["uid"] for node in cuda.request("GET", "/api/v1/nodes")["items"]} == nodes

    # What was asked for comes in its order, and goes in the reverse one: queues before the kinds that they are of.
    stack.up(profile="3g.20gb", operator="26.7.0", asked=True)
    _until(cuda, {"a100": "16", "l4": "1"})
    assert _names(cuda, QUEUES) == ["others"]
    assert _names(cuda, RUNTIMES) == ["torch-l4", "torch-new", "torch-old"]
    assert _names(cuda, DRIVERS) == ["new", "old"]
    assert _levels(cuda) == {
        "gpu-operator": "privileged",
        "kubeflow-system": "restricted",
        "kueue-system": "restricted",
        "monitoring": "privileged",
    }

    # By claims: nodes count no GPUs, the driver publishes them.
    stack.up(profile="3g.20gb", operator="26.7.0", claims=True)
    _until(cuda, {})
    slices = cuda.request("GET", "/apis/resource.k8s.io/v1/resourceslices")["items"]
    assert sorted(len(entry["spec"]["devices"]) for entry in slices) == [1, 16]
    with pytest.raises(ApiError, match="404"):
        _names(cuda, QUEUES)
    assert _names(cuda, DRIVERS) == []
    assert _names(cuda, CLASSES) == [
        "gpu.nvidia.com",
        "gpucloud-a100-sxm-40gb-3g.20gb",
        "gpucloud-l4-24gb",
        "mig.nvidia.com",
        "vfio.gpu.nvidia.com",
    ]
    templates = f"/apis/resource.k8s.io/v1/namespaces/{TEAM}/resourceclaimtemplates"
    assert _names(cuda, templates) == ["gpucloud-a100-sxm-40gb-3g.20gb", "gpucloud-l4-24gb"]
    team = cuda.request("GET", f"/api/v1/namespaces/{TEAM}")
    assert team["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"

    # Without a stack: the configuration goes while its operator is there, then the releases, then the namespaces.
    rocm.request(
        "PATCH",
        f"{CONFIGS}/{config['metadata']['name']}",
        {"metadata": {"finalizers": [HELD]}},
        form="application/merge-patch+json",
    )
    operator = Operator(rocm)
    operator.start()
    stack.up(profile="3g.20gb", operator=None, stack=False)
    operator.join()
    assert operator.released == [True]
    assert _names(cuda, CLASSES) == []
    assert _names(cuda, templates) == []
    for api, teams in ((cuda, {TEAM}), (rocm, set())):
        # A team's namespace stays, with whatever the team has in it.
        own = {"default", "kube-node-lease", "kube-public", "kube-system"}
        assert {*_names(api, "/api/v1/namespaces")} == own | teams
        for definition in api.request("GET", DEFINITIONS)["items"]:
            # Helm leaves what lies in a chart's folder `crds`; no finalizer and no object of such a kind is left.
            assert not definition["metadata"].get("finalizers")
            assert not definition["metadata"].get("deletionTimestamp")
            group, version = definition["spec"]["group"], definition["spec"]["versions"][0]["name"]
            path = f"/apis/{group}/{version}/{definition['spec']['names']['plural']}"
            assert api.request("GET", path)["items"] == []
    stack.project.run("destroy")
    assert read_status(stack.root).resources == {}
    # The control planes end with their clusters, a moment later.
    assert _are_gone(stack.root)


def _are_gone(root: Path) -> bool:
    for _ in range(150):
        try:
            kubeconfigs(root)
        except LocalCloudError:
            return True
        time.sleep(0.2)
    return False
