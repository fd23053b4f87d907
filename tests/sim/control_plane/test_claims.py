"""GPUs by ResourceClaims on a real control plane: the real scheduler gives them out, and counts nothing twice.

Three nodes as a cluster's pools would have them, the driver's classes, and what the plan of these pools makes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpucloud.facts.device_mig import mig_profile
from gpucloud.facts.machine_types import machine_type
from gpucloud.plan import plan_document
from gpucloud.plan.model import ClusterPlan
from gpucloud.plan.pod import pod_objects
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.sim.kubernetes.claims import DEVICE_CLASSES, by_claims, claims_gpus
from gpucloud.sim.kubernetes.clusters import EKS, read_clusters
from gpucloud.sim.kubernetes.control_plane.control_plane import FAKE, ControlPlane
from gpucloud.sim.kubernetes.nodes import Played
from gpucloud.sim.kubernetes.shared_devices import Division
from gpucloud.sim.store import Row, Store
from tests.sim.control_plane.running import gpu_pod

pytestmark = pytest.mark.xdist_group("control-plane")
TEAM = "team-a"
PODS = f"/api/v1/namespaces/{TEAM}/pods"
CLAIMS = f"/apis/resource.k8s.io/v1/namespaces/{TEAM}/resourceclaims"
KINDS = {"DeviceClass", "ResourceClaimTemplate"}
POOLS = {"h100": "p5.48xlarge", "l4": "g6.12xlarge", "a100": "p4d.24xlarge", "small": "p4d.24xlarge"}
CUT = {"a100": "3g.20gb", "small": "1g.5gb"}
NO_DEVICES = "cannot allocate all claims"
MORE = {
    "h100": {"fabric": "efa"},
    **{name: {"sharing": {"type": "mig", "profile": profile}} for name, profile in CUT.items()},
}


def _played(name: str, machine: str, profile: str | None = None) -> Played:
    known = machine_type("aws", machine)
    found = mig_profile(known.accelerator, profile) if profile else None
    gpus = known.advertised_devices * (found.max_instances if found else 1)
    fabric = {"vpc.amazonaws.com/efa": str(known.fabric_nics), "hugepages-2Mi": "10256Mi"} if known.fabric_nics else {}
    resources = {"cpu": "64", "memory": "640Gi", "pods": "110", "nvidia.com/gpu": str(gpus), **fabric}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "annotations": dict([FAKE]), "labels": {"gpucloud.io/pool": name}},
        "status": {"capacity": resources, "allocatable": resources},
    }
    instances = {found.name: found.max_instances} if found else None
    return Played(node, known, Division({}, (instances,) * known.advertised_devices))


def _plan() -> ClusterPlan:
    size = {"min": 1, "desired": 1, "max": 2}
    pools = [
        {"name": name, "machine_type": machine, "zones": ["us-east-1a"], "size": size, **MORE.get(name, {})}
        for name, machine in POOLS.items()
    ]
    cluster = {
        "name": "train",
        "cloud": "aws",
        "region": "us-east-1",
        "kubernetes_version": "1.36",
        "gpu_stack": {"allocation": "dra", "claims": {"namespaces": [TEAM]}, "trainer": True, "gate": True},
        "node_pools": pools,
    }
    return plan_document({"name": "prod", "clusters": [cluster]}).clusters[0]


def _object(plan: ManifestPlan) -> dict[str, Any]:
    metadata = {"name": plan.name, **({"namespace": plan.namespace} if plan.namespace else {})}
    return {"apiVersion": plan.api_version, "kind": plan.kind, "metadata": metadata, "spec": dict(plan.spec)}


@pytest.fixture(scope="module")
def cluster(plane: ControlPlane) -> Iterator[ControlPlane]:
    """The control plane with three nodes whose GPUs are claimed, and the classes and templates for them."""
    api = plane.api
    played = [_played(name, machine, CUT.get(name)) for name, machine in POOLS.items()]
    nodes, slices = by_claims(played)
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": TEAM, "labels": labels}}
    made = [*(_object(entry) for entry in _plan().manifests if entry.kind in KINDS), *DEVICE_CLASSES, *slices]
    api.apply(namespace, "tests")
    for node in nodes:
        api.apply({key: value for key, value in node.items() if key != "status"}, "tests")
        path = f"/api/v1/nodes/{node['metadata']['name']}/status"
        api.request("PATCH", path, {"status": node["status"]}, form="application/merge-patch+json")
    for entry in made:
        api.apply(entry, "tests")
    yield plane
    for entry in (*made, *nodes):
        api.request("DELETE", api.path_of(entry))
    api.request("DELETE", api.path_of(namespace))


@pytest.fixture
def team(cluster: ControlPlane) -> Iterator[ControlPlane]:
    """The same, and the team's pods and their claims are gone afterwards.

    Pods that wait go first. Else one is given what the others leave, and where its claim goes before the scheduler has
    seen it, the devices stay taken for two minutes (extendeddynamicresources.go of v1.36,
    AssumeExtendedResourceTimeoutDefaultSeconds).
    """
    yield cluster
    for pod in sorted(cluster.api.request("GET", PODS)["items"], key=lambda pod: "nodeName" in pod["spec"]):
        cluster.api.request("DELETE", f"{PODS}/{pod['metadata']['name']}?gracePeriodSeconds=0")
    cluster.api.wait(CLAIMS, lambda found: not found["items"])


def _pod(name: str, resources: dict[str, Any], pool: str, **spec: Any) -> dict[str, Any]:
    secure = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    container = {"name": "work", "image": "example.invalid/work", "resources": resources, "securityContext": secure}
    whole = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    selector = {"nodeSelector": {"gpucloud.io/pool": pool}} if pool else {}
    spec = {"containers": [container], "securityContext": whole, **selector, **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": TEAM}, "spec": spec}


def _claiming(name: str, template: str, claims: int = 1, pool: str = "") -> dict[str, Any]:
    asked = [{"name": f"gpus-{index}", "resourceClaimTemplateName": template} for index in range(claims)]
    return _pod(name, {"claims": [{"name": entry["name"]} for entry in asked]}, pool, resourceClaims=asked)


def _counting(name: str, resource: str, count: int = 1, pool: str = "") -> dict[str, Any]:
    """A pod that counts, as people wrote them before there were claims."""
    return _pod(name, {"limits": {resource: str(count)}}, pool)


def _place(plane: ControlPlane, pod: dict[str, Any]) -> str:
    """The node that a pod is given."""
    plane.api.apply(pod, "tests")
    path = f"{PODS}/{pod['metadata']['name']}"
    return str(plane.api.wait(path, lambda seen: bool(seen["spec"].get("nodeName")))["spec"]["nodeName"])


def _waits(plane: ControlPlane, pod: dict[str, Any]) -> str:
    """What the scheduler says of a pod that it gives no node."""
    plane.api.apply(pod, "tests")
    path = f"{PODS}/{pod['metadata']['name']}"
    found = plane.api.wait(path, lambda seen: bool(seen["status"].get("conditions")))
    (condition,) = found["status"]["conditions"]
    assert (condition["type"], condition["reason"]) == ("PodScheduled", "Unschedulable")
    return str(condition["message"])


def _devices(plane: ControlPlane) -> list[str]:
    claims = plane.api.request("GET", CLAIMS)["items"]
    given = [entry for claim in claims for entry in (claim.get("status") or {}).get("allocation", {}).get("devices", {}).get("results", [])]  # fmt: skip  # noqa: E501
    return sorted(f"{entry['pool']}/{entry['device']}" for entry in given)


@pytest.mark.parametrize(
    ("template", "node"),
    [
        ("gpucloud-l4-24gb", "l4"),
        ("gpucloud-h100-sxm-80gb", "h100"),
        ("gpucloud-a100-sxm-40gb-3g.20gb", "a100"),
    ],
)
def test_a_template_leads_to_the_node_with_its_gpus(team: ControlPlane, template: str, node: str) -> None:
    assert _place(team, _claiming("one", template)) == node
    assert [device.partition("/")[0] for device in _devices(team)] == [node]


@pytest.mark.parametrize(("pool", "count"), [("h100", 8), ("h100", 1), ("l4", 4), ("l4", 3), ("a100", 2)])
def test_the_pod_that_we_print_runs_in_its_pool(team: ControlPlane, pool: str, count: int) -> None:
    """Under Pod Security `restricted`, with the fabric's resources, whether the stack has the template or not."""
    plan = _plan()
    (chosen,) = (entry for entry in plan.node_pools if entry.name == pool)
    *before, pod = pod_objects(plan, chosen, count, "example.invalid/work")
    for entry in before:
        team.api.apply(entry, "tests")
    assert _place(team, pod) == pool
    assert [device.partition("/")[0] for device in _devices(team)] == [pool] * count
    for entry in before:
        team.api.request("DELETE", team.api.path_of(entry))


def test_a_whole_node_is_all_of_its_gpus_and_is_given_once(team: ControlPlane) -> None:
    assert _place(team, _claiming("first", "gpucloud-h100-sxm-80gb-x8")) == "h100"
    assert _devices(team) == [f"h100/gpu-{index}" for index in range(8)]
    assert NO_DEVICES in _waits(team, _claiming("second", "gpucloud-h100-sxm-80gb"))


def test_a_pod_that_asks_for_more_than_a_node_has_waits(team: ControlPlane) -> None:
    assert NO_DEVICES in _waits(team, _claiming("five-of-four", "gpucloud-l4-24gb", claims=5))
    assert _devices(team) == []
    assert _place(team, _claiming("four-of-four", "gpucloud-l4-24gb", claims=4)) == "l4"


def test_gpus_of_one_kind_are_not_given_on_nodes_of_another(team: ControlPlane) -> None:
    assert NO_DEVICES in _waits(team, _claiming("wrong-pool", "gpucloud-l4-24gb", pool="h100"))


def test_pods_that_count_gpus_are_given_claimed_ones(team: ControlPlane) -> None:
    """The bridge of Kubernetes 1.36 (DRAExtendedResource): an old pod runs as it is, by the driver's class."""
    assert _place(team, _counting("first", "nvidia.com/gpu", 3, pool="l4")) == "l4"
    assert NO_DEVICES in _waits(team, _counting("second", "nvidia.com/gpu", 3, pool="l4"))
    assert _place(team, _counting("any", "nvidia.com/gpu", 8)) == "h100"


def test_pods_that_count_instances_are_given_claimed_ones(team: ControlPlane) -> None:
    """The bridge for instances is a class of ours; `nvidia.com/gpu` never means one."""
    assert _place(team, _counting("instances", "nvidia.com/mig-3g.20gb", 16)) == "a100"
    assert NO_DEVICES in _waits(team, _counting("more", "nvidia.com/mig-3g.20gb"))
    assert NO_DEVICES in _waits(team, _counting("whole", "nvidia.com/gpu", 1, pool="a100"))


def test_a_class_is_a_resource_by_itself(team: ControlPlane) -> None:
    """Kubernetes 1.36 counts each class under a name of its own."""
    assert _place(team, _counting("l4", "deviceclass.resource.kubernetes.io/gpucloud-l4-24gb", 4)) == "l4"


def test_a_training_runtime_counts_a_whole_node_of_claimed_gpus(team: ControlPlane) -> None:
    """In a namespace without a level of Pod Security: it may lock memory, for EFA."""
    (runtime,) = (entry for entry in _plan().manifests if entry.name == "torch-h100")
    (job,) = runtime.spec["template"]["spec"]["replicatedJobs"]
    spec = job["template"]["spec"]["template"]["spec"]
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "node", "namespace": "default"}, "spec": spec}
    team.api.apply(pod, "tests")
    path, claims = "/api/v1/namespaces/default/pods/node", CLAIMS.replace(TEAM, "default")
    assert team.api.wait(path, lambda seen: bool(seen["spec"].get("nodeName")))["spec"]["nodeName"] == "h100"
    (claim,) = team.api.request("GET", claims)["items"]
    assert len(claim["status"]["allocation"]["devices"]["results"]) == 8
    team.api.request("DELETE", f"{path}?gracePeriodSeconds=0")
    team.api.wait(claims, lambda found: not found["items"])


@pytest.mark.parametrize(("pool", "devices"), [("h100", 8), ("l4", 4), ("a100", 16), ("small", 56)])
def test_the_gate_claims_all_that_a_node_has(team: ControlPlane, pool: str, devices: int) -> None:
    """56 instances are those of two claims: one takes 32."""
    gate = _plan().gate
    assert gate is not None
    (check,) = (entry for entry in gate.checks if entry.pool == pool)
    where = {"name": check.name, "namespace": TEAM}
    template = {"apiVersion": "resource.k8s.io/v1", "kind": "ResourceClaimTemplate", "metadata": where}
    team.api.apply({**template, "spec": check.claim}, "tests")
    spec = check.spec["template"]["spec"]
    assert _place(team, {"apiVersion": "v1", "kind": "Pod", "metadata": where, "spec": spec}) == pool
    assert len(set(_devices(team))) == devices
    team.api.request("DELETE", team.api.path_of(template))


def test_nodes_count_no_gpus_and_slices_have_what_facts_say() -> None:
    nodes, (whole, cut) = by_claims([_played("h100", "p5.48xlarge"), _played("a100", "p4d.24xlarge", "3g.20gb")])
    assert all("nvidia.com/gpu" not in node["status"]["capacity"] for node in nodes)
    assert [device["name"] for device in whole["spec"]["devices"]] == [f"gpu-{index}" for index in range(8)]
    first = whole["spec"]["devices"][0]
    assert first["capacity"] == {"memory": {"value": "81920Mi"}}
    assert first["attributes"] == {
        "type": {"string": "gpu"},
        "uuid": first["attributes"]["uuid"],
        "productName": {"string": "NVIDIA H100 80GB HBM3"},
        "architecture": {"string": "Hopper"},
        "cudaComputeCapability": {"version": "9.0.0"},
    }
    assert len(cut["spec"]["devices"]) == 16
    last = cut["spec"]["devices"][-1]
    assert last["name"] == "gpu-7-mig-3g20gb-9-1"
    texts = {name: value["string"] for name, value in last["attributes"].items() if "string" in value}
    assert (texts["type"], texts["profile"]) == ("mig", "3g.20gb")
    assert texts["productName"] == "NVIDIA A100-SXM4-40GB"


def test_devices_of_a_node_with_a_long_name_are_published_each_by_an_identifier_of_its_own() -> None:
    """An attribute has 64 characters (k8s.io/api v0.36.3, resource/v1/types.go, DeviceAttributeMaxValueLength)."""
    name = "train-a100-us-east-1a-on-demand-0123456-us-east-1a-0"
    _, (cut,) = by_claims([_played(name, "p4d.24xlarge", "3g.20gb")])
    found = [device["attributes"] for device in cut["spec"]["devices"]]
    texts = {value["string"] for attributes in found for value in attributes.values() if "string" in value}
    assert max(len(text) for text in texts) <= 64
    assert len({attributes["uuid"]["string"] for attributes in found}) == 16
    assert len({attributes["parentUUID"]["string"] for attributes in found}) == 8


def test_a_node_without_gpus_publishes_nothing() -> None:
    node = gpu_pod("none", gpus=0) | {"status": {"capacity": {"cpu": "4"}, "allocatable": {"cpu": "4"}}}
    assert by_claims([Played(node, None, Division())]) == ([node], [])


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
