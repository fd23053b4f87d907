"""Reading a cluster for `gpucloud stack verify`, with the Python client of the Kubernetes project (`gpucloud[verify]`).

It knows kubeconfigs as kubectl does, with the exec plugins by which EKS, AKS and GKE give out credentials.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gpucloud.errors import GpuCloudError
from gpucloud.verify.seen import SeenCluster, SeenDaemonSet, SeenNode, Unseen

# kwok keeps a node with this annotation alive (kwok.sigs.k8s.io, "Manage nodes").
_PLAYED = ("kwok.x-k8s.io/node", "fake")
_DRA_DRIVER = "gpu.nvidia.com"
# NVIDIA/gpu-operator v26.7.0, assets/state-dcgm-exporter: label of the pods; dcgm-exporter's port.
_EXPORTER, _PORT = "app%3Dnvidia-dcgm-exporter", 9400
_FORBIDDEN, _MISSING = 403, 404
_SECONDS = 30


class UnreachableClusterError(GpuCloudError):
    """Raise when the API server does not answer at all, or the client is not installed."""


class ClusterReader:
    """An API server, read-only."""

    def __init__(self, kubeconfig: Path | None, context: str | None) -> None:
        try:
            from kubernetes import config  # noqa: PLC0415  # an extra: nobody else needs it
        except ImportError:
            raise UnreachableClusterError(
                "the Kubernetes client is not installed: pip install gpucloud[verify]"
            ) from None
        try:
            self._api = config.new_client_from_config(str(kubeconfig) if kubeconfig else None, context)
        except config.ConfigException as error:
            raise UnreachableClusterError(f"no kubeconfig to reach the cluster with: {error}") from error

    def read(self, namespaces: Sequence[str], metrics_of: str | None) -> SeenCluster:
        """Everything that the checks look at; what the credentials do not show is `Unseen`.

        `namespaces` are the operators', `metrics_of` the one that the DCGM exporter runs in. Raises
        UnreachableClusterError where not even nodes can be listed.
        """
        nodes = self._get("/api/v1/nodes")
        if isinstance(nodes, Unseen):
            raise UnreachableClusterError(f"nodes cannot be listed: {nodes.reason}")
        return SeenCluster(
            nodes=tuple(_node(entry) for entry in nodes["items"]),
            daemon_sets=self._daemon_sets(namespaces),
            policy_state=self._policy_state(),
            claimable=self._claimable(),
            metrics=self._metrics(metrics_of) if metrics_of else {},
        )

    def _daemon_sets(self, namespaces: Sequence[str]) -> tuple[SeenDaemonSet, ...] | Unseen:
        found: list[SeenDaemonSet] = []
        for namespace in namespaces:
            listed = self._get(f"/apis/apps/v1/namespaces/{namespace}/daemonsets")
            if isinstance(listed, Unseen):
                return listed
            found += (
                SeenDaemonSet(
                    namespace,
                    entry["metadata"]["name"],
                    entry.get("status", {}).get("desiredNumberScheduled", 0),
                    entry.get("status", {}).get("numberReady", 0),
                )
                for entry in listed["items"]
            )
        return tuple(found)

    def _policy_state(self) -> str | Unseen | None:
        listed = self._get("/apis/nvidia.com/v1/clusterpolicies", missing={"items": []})
        if isinstance(listed, Unseen):
            return listed
        states = [entry.get("status", {}).get("state", "") for entry in listed["items"]]
        return states[0] if states else None

    def _claimable(self) -> Mapping[str, int] | Unseen:
        listed = self._get("/apis/resource.k8s.io/v1/resourceslices", missing={"items": []})
        if isinstance(listed, Unseen):
            return listed
        found: dict[str, int] = {}
        for entry in listed["items"]:
            spec = entry["spec"]
            if spec.get("driver") == _DRA_DRIVER and "nodeName" in spec:
                found[spec["nodeName"]] = found.get(spec["nodeName"], 0) + len(spec.get("devices") or [])
        return found

    def _metrics(self, namespace: str) -> Mapping[str, Mapping[str, tuple[float, ...]]] | Unseen:
        pods = self._get(f"/api/v1/namespaces/{namespace}/pods?labelSelector={_EXPORTER}")
        if isinstance(pods, Unseen):
            return pods
        found = {}
        for pod in pods["items"]:
            name, node = pod["metadata"]["name"], pod["spec"].get("nodeName")
            text = self._text(f"/api/v1/namespaces/{namespace}/pods/{name}:{_PORT}/proxy/metrics")
            if isinstance(text, Unseen):
                return text
            if node is not None:
                found[node] = metric_values(text)
        return found

    def _get(self, path: str, missing: dict[str, Any] | None = None) -> dict[str, Any] | Unseen:
        text = self._text(path, missing=json.dumps(missing) if missing is not None else None)
        return text if isinstance(text, Unseen) else dict(json.loads(text))

    def _text(self, path: str, missing: str | None = None) -> str | Unseen:
        request = self._api.param_serialize("GET", path, auth_settings=["BearerToken"])
        try:
            answer = self._api.call_api(*request, _request_timeout=_SECONDS)
            body = answer.read()
        except Exception as error:  # whatever lies between here and the server raises its own
            raise UnreachableClusterError(f"{self._api.configuration.host} does not answer: {error}") from error
        if answer.status == _MISSING and missing is not None:
            return missing
        if answer.status >= 400:  # noqa: PLR2004  # HTTP: an error of the client or the server
            why = "these credentials may not see it" if answer.status == _FORBIDDEN else f"HTTP {answer.status}"
            return Unseen(f"{path.partition('?')[0]}: {why}")
        return body.decode() if isinstance(body, bytes) else str(body)


def metric_values(text: str) -> dict[str, tuple[float, ...]]:
    """The values of each metric in Prometheus' text format, whatever their labels."""
    found: dict[str, tuple[float, ...]] = {}
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        name = line.partition("{")[0].partition(" ")[0]
        value = line.rpartition("}")[2].split()[0] if "{" in line else line.split()[1]
        found[name] = (*found.get(name, ()), float(value))
    return found


def _node(entry: dict[str, Any]) -> SeenNode:
    metadata, status = entry["metadata"], entry.get("status", {})
    annotations = metadata.get("annotations") or {}
    return SeenNode(
        name=metadata["name"],
        labels=metadata.get("labels") or {},
        taints=frozenset(
            (taint["key"], taint.get("value", ""), taint["effect"]) for taint in entry["spec"].get("taints") or []
        ),
        ready=any(item["type"] == "Ready" and item["status"] == "True" for item in status.get("conditions") or []),
        capacity=status.get("capacity") or {},
        allocatable=status.get("allocatable") or {},
        played=annotations.get(_PLAYED[0]) == _PLAYED[1],
    )
