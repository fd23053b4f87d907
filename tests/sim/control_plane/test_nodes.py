"""Nodes of each cloud's node groups, and which cluster a kubeconfig means."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.sim.capacity import Offering, hold
from gpucloud.sim.kubernetes.claims import by_claims
from gpucloud.sim.kubernetes.clusters import (
    AKS,
    EKS,
    GKE,
    Cluster,
    objects_of,
    read_clusters,
    scope_of_kubeconfig,
    scope_of_server,
)
from gpucloud.sim.kubernetes.nodes import played_nodes
from gpucloud.sim.store import Row, Store

GPU_TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path)
    yield made
    made.close()


def _insert(  # noqa: PLR0917 - one column each
    store: Store, kind: str, id_: str, scope: str, inputs: Any, outputs: Any, **more: str
) -> int:
    row = Row(
        0, kind, f"urn::{id_}", id_, scope, more.get("name", ""), more.get("parent", ""), "active", True, {}, {}, []
    )
    with store.write():
        seq = store.insert(row)
        store.change(seq, "active", inputs, outputs, [])
    return seq


def _hold(store: Store, seq: int, machine: str, zone: str, nodes: int) -> None:
    with store.write():
        hold(store, seq, zone[:-1].rstrip("-"), Offering(machine, zone, "on-demand"), nodes)


def nodes_of(store: Store, cluster: Cluster) -> list[dict[str, Any]]:
    return [entry.node for entry in played_nodes(store, cluster)]


def test_eks(store: Store) -> None:
    _insert(store, EKS, "train", "us-east-1", {}, {"name": "train", "endpoint": "https://a.invalid"})
    _insert(store, EKS, "train", "us-west-2", {}, {"name": "train", "endpoint": "https://b.invalid"})
    inputs = {
        "clusterName": "train",
        "labels": {"team": "a"},
        "taints": [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
    }
    group = "aws:eks/nodeGroup:NodeGroup"
    seq = _insert(store, group, "train:h100", "us-east-1", inputs, {"nodeGroupName": "h100"})
    _hold(store, seq, "p5.48xlarge", "us-east-1a", 2)
    _hold(store, seq, "p5.48xlarge", "us-east-1b", 1)
    here, there = read_clusters(store)
    assert nodes_of(store, there) == []
    found = nodes_of(store, here)
    names = ["h100-us-east-1a-0", "h100-us-east-1a-1", "h100-us-east-1b-0"]
    assert [node["metadata"]["name"] for node in found] == names
    labels = found[0]["metadata"]["labels"]
    assert labels["eks.amazonaws.com/nodegroup"] == "h100"
    assert labels["node.kubernetes.io/instance-type"] == "p5.48xlarge"
    assert (labels["team"], labels["topology.kubernetes.io/zone"]) == ("a", "us-east-1a")
    assert found[0]["spec"]["taints"] == [GPU_TAINT]
    assert found[0]["status"]["allocatable"] == {
        "cpu": "192", "memory": "2097152Mi", "nvidia.com/gpu": "8", "pods": "110",
    }  # fmt: skip


def test_aks_has_system_nodes_of_the_cluster_itself(store: Store) -> None:
    outputs = {"name": "train", "fqdn": "train.invalid", "privateFQDN": ""}
    cluster = _insert(store, AKS, "/c/train", "eastus", {}, outputs, name="group/train")
    _hold(store, cluster, "Standard_D4s_v5", "eastus-1", 1)
    pool = _insert(
        store,
        "azure-native:containerservice:AgentPool",
        "/c/train/agentPools/mi300",
        "eastus",
        {},
        {"name": "mi300", "nodeLabels": {"team": "a"}, "nodeTaints": ["amd.com/gpu=present:NoSchedule", "x:NoExecute"]},
        parent="group/train",
    )
    _hold(store, pool, "Standard_ND96isr_MI300X_v5", "eastus-2", 1)
    (found,) = read_clusters(store)
    system, gpu = nodes_of(store, found)
    assert (system["metadata"]["labels"]["kubernetes.azure.com/mode"], system["spec"]["taints"]) == ("system", [])
    assert set(system["status"]["capacity"]) == {"cpu", "memory", "pods"}
    assert gpu["metadata"]["labels"]["kubernetes.azure.com/agentpool"] == "mi300"
    assert gpu["status"]["capacity"]["amd.com/gpu"] == "8"
    assert gpu["spec"]["taints"] == [
        {"key": "amd.com/gpu", "value": "present", "effect": "NoSchedule"},
        {"key": "x", "value": "", "effect": "NoExecute"},
    ]
    assert found.scopes == (scope_of_server("https://train.invalid:443"),)


def test_gke_taints_gpu_nodes_by_itself(store: Store) -> None:
    id_ = "projects/p/locations/us-central1/clusters/train"
    outputs = {"name": "train", "endpoint": "e.invalid", "privateClusterConfig": {"privateEndpoint": "private.invalid"}}
    _insert(store, GKE, id_, "p", {}, outputs)
    inputs = {"nodeConfig": {"labels": {"team": "a"}, "taints": [{"key": "k", "value": "v", "effect": "NO_EXECUTE"}]}}
    kind = "gcp:container/nodePool:NodePool"
    for name, machine in (("h100", "a3-highgpu-8g"), ("cpu", "n2-standard-4")):
        seq = _insert(store, kind, f"{id_}/nodePools/{name}", "p", inputs, {"name": name})
        _hold(store, seq, machine, "us-central1-a", 1)
    (cluster,) = read_clusters(store)
    gpu, cpu = nodes_of(store, cluster)
    given = {"key": "k", "value": "v", "effect": "NoExecute"}
    assert (gpu["spec"]["taints"], cpu["spec"]["taints"]) == ([given, GPU_TAINT], [given])
    assert gpu["metadata"]["labels"]["cloud.google.com/gke-nodepool"] == "h100"
    assert cluster.scopes == (scope_of_server("https://e.invalid"), scope_of_server("https://private.invalid"))


def test_objects_go_with_their_cluster_and_with_no_other(store: Store) -> None:
    for region, server in (("us-east-1", "https://a.invalid"), ("us-west-2", "https://b.invalid")):
        _insert(store, EKS, "train", region, {}, {"name": "train", "endpoint": server})
        _insert(store, "kubernetes:core/v1:Namespace", f"team-{region}", scope_of_server(server), {}, {})
    here, _ = read_clusters(store)
    assert [row.id for row in objects_of(store, here.row)] == ["team-us-east-1"]
    (namespace,) = store.find("id = ?", "team-us-east-1")
    assert objects_of(store, namespace) == []


def test_a_cluster_that_is_being_made_has_no_nodes_yet(store: Store) -> None:
    with store.write():
        store.insert(Row(0, EKS, "urn", "train", "us-east-1", "", "", "creating", False, {}, {}, []))
    assert read_clusters(store) == ()


def test_a_kubeconfig_means_the_server_of_its_current_context() -> None:
    document = {
        "current-context": "two",
        "contexts": [{"name": "one", "context": {"cluster": "a"}}, {"name": "two", "context": {"cluster": "b"}}],
        "clusters": [
            {"name": "a", "cluster": {"server": "https://a.invalid"}},
            {"name": "b", "cluster": {"server": "https://b.invalid"}},
        ],
    }
    assert scope_of_kubeconfig(yaml.safe_dump(document)) == scope_of_server("https://b.invalid")
    document["current-context"] = "one"
    assert scope_of_kubeconfig(yaml.safe_dump(document)) == scope_of_server("https://a.invalid")
    for broken in ("", "text", "{", '{"current-context": "none", "contexts": []}', "/home/me/.kube/config"):
        assert scope_of_kubeconfig(broken) == scope_of_server(broken)


RELEASE = "kubernetes:helm.sh/v3:Release"
PLUGIN = {
    "default": "whole",
    "data": {
        "whole": "version: v1\n",
        "mps-3": "version: v1\nsharing:\n  mps:\n    resources:\n    - {name: nvidia.com/gpu, replicas: 3}\n",
    },
}


@pytest.mark.parametrize(
    ("labels", "installed", "devices"),
    [
        ({"nvidia.com/mig.config": "all-1g.10gb"}, True, "56"),
        ({"nvidia.com/mig.config": "all-1g.99gb"}, True, "8"),
        ({"nvidia.com/device-plugin.config": "mps-3"}, True, "24"),
        ({}, True, "8"),
        # Labels are the operator's to follow: without it nothing is cut.
        ({"nvidia.com/mig.config": "all-1g.10gb"}, False, "8"),
    ],
)
def test_the_operator_divides_gpus_as_labels_say(
    store: Store, labels: dict[str, str], installed: bool, devices: str
) -> None:
    _insert(store, EKS, "train", "us-east-1", {}, {"name": "train", "endpoint": "https://a.invalid"})
    inputs = {"clusterName": "train", "labels": labels}
    seq = _insert(store, "aws:eks/nodeGroup:NodeGroup", "train:h100", "us-east-1", inputs, {"nodeGroupName": "h100"})
    _hold(store, seq, "p5.48xlarge", "us-east-1a", 1)
    (cluster,) = read_clusters(store)
    if installed:
        values = {"devicePlugin": {"config": PLUGIN}}
        _insert(store, RELEASE, "o/o", cluster.scopes[0], {"chart": "gpu-operator", "values": values}, {})
    (node,) = nodes_of(store, cluster)
    assert node["status"]["allocatable"]["nvidia.com/gpu"] == devices


def test_unlike_instances_are_counted_each(store: Store) -> None:
    _insert(store, EKS, "train", "us-east-1", {}, {"name": "train", "endpoint": "https://a.invalid"})
    labels = {"nvidia.com/mig.config": "ours", "nvidia.com/device-plugin.config": "mixed"}
    inputs = {"clusterName": "train", "labels": labels}
    seq = _insert(store, "aws:eks/nodeGroup:NodeGroup", "train:h100", "us-east-1", inputs, {"nodeGroupName": "h100"})
    _hold(store, seq, "p5.48xlarge", "us-east-1a", 1)
    (cluster,) = read_clusters(store)
    entry = {"devices": "all", "mig-enabled": True, "mig-devices": {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}}
    file = {"version": "v1", "mig-configs": {"ours": [entry]}}
    values = {
        "mig": {"strategy": ""},
        "migManager": {"config": {"name": "cuts", "data": {"config.yaml": yaml.safe_dump(file)}}},
        "devicePlugin": {"config": {"data": {"mixed": "version: v1\nflags: {migStrategy: mixed}\n"}}},
    }
    _insert(store, RELEASE, "o/o", cluster.scopes[0], {"chart": "gpu-operator", "values": values}, {})
    (played,) = played_nodes(store, cluster)
    allocatable = played.node["status"]["allocatable"]
    found = {key: value for key, value in allocatable.items() if key.startswith("nvidia.com/")}
    assert found == {"nvidia.com/mig-1g.10gb": "16", "nvidia.com/mig-2g.20gb": "8", "nvidia.com/mig-3g.40gb": "8"}
    ((bare,), (devices,)) = by_claims([played])
    assert not [key for key in bare["status"]["allocatable"] if key.startswith("nvidia.com/")]
    assert len(devices["spec"]["devices"]) == 32


@pytest.mark.parametrize(("profile", "devices"), [("MIG1g", "56"), ("MIG3g", "16"), (None, "8")])
def test_aks_divides_gpus_as_its_profile_says(store: Store, profile: str | None, devices: str) -> None:
    server = {"name": "train", "fqdn": "train.invalid"}
    _insert(store, AKS, "/train", "eastus", {}, server, name="train")
    pool = "azure-native:containerservice:AgentPool"
    outputs = {"name": "h100", "gpuInstanceProfile": profile}
    seq = _insert(store, pool, "/train/h100", "eastus", {}, outputs, name="h100", parent="train")
    _hold(store, seq, "Standard_ND96isr_H100_v5", "eastus-1", 1)
    (cluster,) = read_clusters(store)
    (node,) = nodes_of(store, cluster)
    assert node["status"]["allocatable"]["nvidia.com/gpu"] == devices


@pytest.mark.parametrize(
    ("told", "devices"),
    [
        ({"gpuPartitionSize": "3g.40gb"}, "16"),
        ({"gpuSharingConfig": {"gpuSharingStrategy": "MPS", "maxSharedClientsPerGpu": 5}}, "40"),
        ({}, "8"),
    ],
)
def test_gke_divides_gpus_as_its_pool_says(store: Store, told: dict[str, Any], devices: str) -> None:
    _insert(store, GKE, "projects/p/clusters/train", "p", {}, {"name": "train", "endpoint": "10.0.0.2"})
    pool, id_ = "gcp:container/nodePool:NodePool", "projects/p/clusters/train/nodePools/h100"
    config = {"nodeConfig": {"guestAccelerators": [{"type": "nvidia-h100-80gb", "count": 8, **told}]}}
    seq = _insert(store, pool, id_, "p", config, {"name": "h100"})
    _hold(store, seq, "a3-highgpu-8g", "us-central1-a", 1)
    (cluster,) = read_clusters(store)
    (node,) = nodes_of(store, cluster)
    assert node["status"]["allocatable"]["nvidia.com/gpu"] == devices
