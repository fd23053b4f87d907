"""What the control planes of a running local cloud have: their kubeconfigs, nodes, and one pod tried on a GPU node."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpucloud.errors import LocalCloudError
from gpucloud.sim.kubernetes.control_plane.api import ApiServer
from gpucloud.sim.kubernetes.control_plane.planes import KUBECONFIG
from gpucloud.sim.session import find

_TRIAL = "gpucloud-trial"
_PLAIN = ("cpu", "memory", "pods", "ephemeral-storage")


@dataclass(frozen=True, slots=True)
class SeenNode:
    """One node as the API server has it; `devices` are its extended resources, `used` what pods hold of them."""

    cluster: str
    name: str
    machine_type: str
    zone: str
    ready: bool
    devices: dict[str, int]
    used: dict[str, int]
    taints: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A pod that asked for all devices of one node, and where it came to run."""

    cluster: str
    node: str
    resource: str
    count: int


def kubeconfigs(root: Path) -> dict[str, Path]:
    """Return the path of an administrator's kubeconfig by cluster; LocalCloudError where no control plane runs."""
    running = find(root)
    if running is None or running.kubernetes != "real":
        raise LocalCloudError("no local cloud with real Kubernetes runs: gpucloud sim start --kubernetes real")
    folders = sorted((root / "sim" / "kubernetes").glob("*/cluster"))
    paths = {path.read_text("utf-8"): path.with_name(KUBECONFIG) for path in folders}
    found = {cluster: path for cluster, path in paths.items() if path.is_file()}
    if not found:
        raise LocalCloudError(
            "no control plane runs yet: the local cloud has no cluster; `make up KUBERNETES=real` makes one"
        )
    return dict(sorted(found.items()))


def api_at(kubeconfig: Path) -> ApiServer:
    """Return the API server of such a kubeconfig."""
    document = json.loads(kubeconfig.read_text("utf-8"))
    cluster = document["clusters"][0]["cluster"]
    authority = b64decode(cluster["certificate-authority-data"]).decode()
    return ApiServer(cluster["server"], authority, document["users"][0]["user"]["token"])


def nodes(root: Path) -> Iterator[SeenNode]:
    """Yield the nodes of every control plane, by cluster and name; LocalCloudError where one does not answer."""
    for cluster, kubeconfig in kubeconfigs(root).items():
        api = api_at(kubeconfig)
        held = _held(api.request("GET", "/api/v1/pods")["items"])
        for node in api.request("GET", "/api/v1/nodes")["items"]:
            metadata, status = node["metadata"], node["status"]
            allocatable = status.get("allocatable", {})
            yield SeenNode(
                cluster,
                metadata["name"],
                metadata["labels"].get("node.kubernetes.io/instance-type", ""),
                metadata["labels"].get("topology.kubernetes.io/zone", ""),
                any(entry["type"] == "Ready" and entry["status"] == "True" for entry in status.get("conditions", [])),
                {name: int(count) for name, count in sorted(allocatable.items()) if name not in _PLAIN},
                dict(held.get(metadata["name"], {})),
                tuple(node["spec"].get("taints", [])),
            )


def try_pods(root: Path) -> tuple[Trial, ...]:
    """Run a pod on one node of each kind with devices, take it away again, and return where each ran.

    It asks for all devices of the node and tolerates its taints. LocalCloudError where it is not ready in a minute,
    with the scheduler's words in it.
    """
    trials = []
    for node in _one_of_each(nodes(root)):
        api = api_at(kubeconfigs(root)[node.cluster])
        for resource, count in node.devices.items():
            pod = _pod(node, resource, count)
            path = api.path_of(pod)
            api.apply(pod, _TRIAL)
            try:
                found = api.wait(path, lambda seen: seen["status"].get("phase") == "Running")
            finally:
                api.request("DELETE", f"{path}?gracePeriodSeconds=0")
            trials.append(Trial(node.cluster, found["spec"]["nodeName"], resource, count))
    return tuple(trials)


def _one_of_each(found: Iterator[SeenNode]) -> list[SeenNode]:
    kinds: dict[tuple[str, str], SeenNode] = {}
    for node in found:
        if node.devices and node.ready:
            kinds.setdefault((node.cluster, node.machine_type), node)
    return list(kinds.values())


def _pod(node: SeenNode, resource: str, count: int) -> dict[str, Any]:
    container = {
        "name": "trial",
        "image": "example.invalid/trial",
        "resources": {"limits": {resource: str(count)}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    name = f"{_TRIAL}-{node.machine_type.lower().replace('.', '-').replace('_', '-')}"
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "containers": [container],
            "nodeSelector": {"node.kubernetes.io/instance-type": node.machine_type},
            "tolerations": [
                {"key": taint["key"], "operator": "Exists", "effect": taint["effect"]} for taint in node.taints
            ],
        },
    }


def _held(pods: list[dict[str, Any]]) -> dict[str, Counter[str]]:
    held: dict[str, Counter[str]] = {}
    for pod in pods:
        if "nodeName" in pod["spec"] and pod["status"].get("phase") not in {"Succeeded", "Failed"}:
            for container in pod["spec"]["containers"]:
                limits = (container.get("resources") or {}).get("limits") or {}
                counts = {name: int(count) for name, count in limits.items() if name not in _PLAIN}
                held.setdefault(pod["spec"]["nodeName"], Counter()).update(counts)
    return held
