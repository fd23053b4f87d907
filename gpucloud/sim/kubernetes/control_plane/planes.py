"""A control plane for every cluster of the local cloud: started, given its nodes, forgotten with it."""

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpucloud.errors import LocalCloudError
from gpucloud.sim.kubernetes.claims import by_claims, claims_gpus
from gpucloud.sim.kubernetes.clusters import GKE, Cluster, read_clusters
from gpucloud.sim.kubernetes.control_plane.api import ApiServer
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.sim.kubernetes.definitions import bring_definitions
from gpucloud.sim.kubernetes.nodes import played_nodes
from gpucloud.sim.store import Store

KUBECONFIG = "admin.kubeconfig"
_BETWEEN_SECONDS = 0.25
_WAIT_SECONDS = 180.0
_MERGE = "application/merge-patch+json"
_SLICES = "/apis/resource.k8s.io/v1/resourceslices"


class Planes:
    """The control planes of one local cloud, below `<root>/sim/kubernetes`, one folder a cluster."""

    def __init__(self, directory: Path, programs: Mapping[str, Path], store: Store) -> None:
        self._directory = directory
        self._programs = programs
        self._store = store
        self._running: dict[str, ControlPlane] = {}
        self._nodes: dict[str, dict[str, dict[str, Any]]] = {}
        self._failed: dict[str, str] = {}
        self._known_as: dict[str, str] = {}  # every scope of a cluster, and the one that its folder is called after

    async def keep(self, done: asyncio.Event) -> None:
        """Keep control planes and nodes as the clouds' clusters and node groups are, until `done`; then end them all.

        It is never cancelled: a control plane that is just starting would be left running.
        """
        while not done.is_set():
            try:
                await self.follow()
            except LocalCloudError as error:
                print(f"control planes: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the server's log
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), _BETWEEN_SECONDS)
        for scope, plane in self._running.items():
            (self._directory / scope / KUBECONFIG).unlink(missing_ok=True)
            await asyncio.to_thread(plane.stop)

    async def api_of(self, scope: str) -> ApiServer:
        """The API server of a cluster once it has the cluster's nodes; LocalCloudError where none comes."""
        for _ in range(int(_WAIT_SECONDS / _BETWEEN_SECONDS)):
            found = self._known_as.get(scope, scope)
            if found in self._failed:
                raise LocalCloudError(self._failed[found])
            if found in self._nodes:
                return self._running[found].api
            await asyncio.sleep(_BETWEEN_SECONDS)
        raise LocalCloudError("the kubeconfig names no API server of a cluster of this local cloud")

    async def follow(self) -> None:
        """Start, change and forget what the clouds' clusters and node groups ask for now."""
        clusters = {cluster.scopes[0]: cluster for cluster in read_clusters(self._store)}
        self._known_as = {scope: first for first, cluster in clusters.items() for scope in cluster.scopes}
        for scope in sorted(self._running.keys() - clusters.keys()):
            self._nodes.pop(scope, None)
            await asyncio.to_thread(_forget, self._running.pop(scope))
        for folder in self._directory.glob("*"):
            if folder.name not in clusters:
                shutil.rmtree(folder, ignore_errors=True)
        missing = clusters.keys() - self._running.keys() - self._failed.keys()
        await asyncio.gather(*(self._start(scope, clusters[scope]) for scope in sorted(missing)))
        for scope, cluster in clusters.items():
            if scope in self._running:
                played = list(played_nodes(self._store, cluster))
                nodes, slices = [entry.node for entry in played], list[dict[str, Any]]()
                if claims_gpus(self._store, cluster):
                    nodes, slices = by_claims(played)
                wanted = {entry["metadata"]["name"]: entry for entry in (*nodes, *slices)}
                if wanted != self._nodes.get(scope):
                    api = self._running[scope].api
                    await asyncio.to_thread(_set_nodes, api, {node["metadata"]["name"]: node for node in nodes})
                    await asyncio.to_thread(_set_slices, api, {entry["metadata"]["name"]: entry for entry in slices})
                    self._nodes[scope] = wanted

    async def _start(self, scope: str, cluster: Cluster) -> None:
        plane = ControlPlane(self._directory / scope, self._programs)
        try:
            await asyncio.to_thread(plane.start)
            if cluster.row.type == GKE:
                await asyncio.to_thread(bring_definitions, plane.api, "gke", "gke")
        except LocalCloudError as error:
            self._failed[scope] = str(error)
            return
        path = self._directory / scope / KUBECONFIG
        path.touch(mode=0o600)
        path.write_text(json.dumps(plane.kubeconfig), encoding="utf-8")
        (self._directory / scope / "cluster").write_text(cluster.name, encoding="utf-8")
        self._running[scope] = plane


def _forget(plane: ControlPlane) -> None:
    plane.stop()
    plane.forget()


def _set_nodes(api: ApiServer, wanted: Mapping[str, dict[str, Any]]) -> None:
    there = {node["metadata"]["name"] for node in api.request("GET", "/api/v1/nodes")["items"]}
    for name in sorted(there - wanted.keys()):
        api.request("DELETE", f"/api/v1/nodes/{name}")
    for name, node in sorted(wanted.items()):
        api.apply({key: value for key, value in node.items() if key != "status"}, "local-cloud", force=True)
        gone = dict.fromkeys(_devices(api, name) - node["status"]["capacity"].keys())
        status = {**node["status"], **{part: {**node["status"][part], **gone} for part in ("capacity", "allocatable")}}
        api.request("PATCH", f"/api/v1/nodes/{name}/status", {"status": status}, form=_MERGE)


def _devices(api: ApiServer, name: str) -> set[str]:
    """What a node counts now: a merge keeps what it is not told to drop."""
    return set((api.request("GET", f"/api/v1/nodes/{name}").get("status") or {}).get("capacity") or {})


def _set_slices(api: ApiServer, wanted: Mapping[str, dict[str, Any]]) -> None:
    there = {entry["metadata"]["name"] for entry in api.request("GET", _SLICES)["items"]}
    for name in sorted(there - wanted.keys()):
        api.request("DELETE", f"{_SLICES}/{name}")
    for _, entry in sorted(wanted.items()):
        api.apply(entry, "local-cloud", force=True)
