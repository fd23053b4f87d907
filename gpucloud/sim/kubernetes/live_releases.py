"""Helm releases on a real API server: the record that Helm keeps there, and the definitions that their charts bring."""

import asyncio
import base64
import gzip
import json
from typing import Any

from gpucloud.errors import LocalCloudError
from gpucloud.sim.errors import CloudError
from gpucloud.sim.kubernetes.claims import DEVICE_CLASSES, DRA_CHART, gives_gpus
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer
from gpucloud.sim.kubernetes.control_plane.planes import Planes
from gpucloud.sim.kubernetes.definitions import bring_definitions, take_definitions
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

_HELM = "helm"


class LiveReleases:
    """Brings releases to the API server of their cluster and takes them away again."""

    def __init__(self, planes: Planes) -> None:
        self._planes = planes

    async def realise(self, draft: Draft) -> Inputs:
        """Store the next revision of a release; CloudError with the server's words. No outputs come from it."""
        try:
            api = await self._planes.api_of(draft.scope)
            await asyncio.to_thread(_install, api, draft)
        except ApiError as error:
            raise CloudError(error.reason, str(error)) from error
        except LocalCloudError as error:
            raise CloudError("Unreachable", f"Kubernetes cluster unreachable: {error}") from error
        return {}

    async def withdraw(self, row: Row) -> None:
        """Delete the record of every revision, and the definitions that go with the chart."""
        try:
            api = await self._planes.api_of(row.scope)
            await asyncio.to_thread(_uninstall, api, row)
        except ApiError as error:
            raise CloudError(error.reason, str(error)) from error
        except LocalCloudError as error:
            raise CloudError("Unreachable", f"Kubernetes cluster unreachable: {error}") from error


def _install(api: ApiServer, draft: Draft) -> None:
    bring_definitions(api, _chart(draft.inputs), _HELM)
    if _has_classes(draft.inputs):
        for entry in DEVICE_CLASSES:
            api.apply(entry, _HELM, force=True)
    namespace, _, name = draft.id.partition("/")
    kept = _records(api, namespace, name)
    for record in kept:
        _set_status(api, record, "superseded")
    revision = max((int(record["metadata"]["labels"]["version"]) for record in kept), default=0) + 1
    api.apply(_record(draft.inputs, namespace, name, revision), _HELM, force=True)


def _uninstall(api: ApiServer, row: Row) -> None:
    namespace, _, name = row.id.partition("/")
    for record in _records(api, namespace, name):
        api.request("DELETE", f"{_secrets(namespace)}/{record['metadata']['name']}")
    take_definitions(api, _chart(row.inputs))
    if _has_classes(row.inputs):
        for entry in DEVICE_CLASSES:
            api.request("DELETE", api.path_of(entry))


def _has_classes(inputs: Inputs) -> bool:
    return _chart(inputs) == DRA_CHART and gives_gpus(inputs.get("values") or {})


def _chart(inputs: Inputs) -> str:
    """Return the name of a chart, of one in a registry its last part."""
    return str(inputs.get("chart", "")).rpartition("/")[2]


def _secrets(namespace: str) -> str:
    return f"/api/v1/namespaces/{namespace}/secrets"


def _records(api: ApiServer, namespace: str, name: str) -> list[Any]:
    found = api.request("GET", f"{_secrets(namespace)}?labelSelector=owner%3Dhelm%2Cname%3D{name}")
    return list(found["items"])


def _set_status(api: ApiServer, record: Any, status: str) -> None:
    path = f"{_secrets(record['metadata']['namespace'])}/{record['metadata']['name']}"
    api.request("PATCH", path, {"metadata": {"labels": {"status": status}}}, form="application/merge-patch+json")


def _record(inputs: Inputs, namespace: str, name: str, revision: int) -> dict[str, Any]:
    """A Secret as Helm 3 stores a release (helm/helm, pkg/storage/driver/secrets.go and util.go)."""
    release = {
        "name": name,
        "namespace": namespace,
        "version": revision,
        "info": {"status": "deployed"},
        "chart": {"metadata": {"name": _chart(inputs), "version": str(inputs.get("version", ""))}},
        "config": inputs.get("values") or {},
        "manifest": "",
    }
    packed = base64.b64encode(gzip.compress(json.dumps(release, sort_keys=True).encode(), mtime=0))
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{revision}",
            "namespace": namespace,
            "labels": {"name": name, "owner": "helm", "status": "deployed", "version": str(revision)},
        },
        "data": {"release": base64.b64encode(packed).decode()},
    }
