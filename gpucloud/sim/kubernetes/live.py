"""Objects of a Pulumi program on a real API server: server-side apply, waiting, deleting until it is gone."""

import asyncio
import time
from typing import Any

from gpucloud.errors import LocalCloudError
from gpucloud.sim.errors import CloudError
from gpucloud.sim.kubernetes.awaiting import is_made, is_replaced_unready
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer
from gpucloud.sim.kubernetes.control_plane.planes import Planes
from gpucloud.sim.kubernetes.objects import object_body
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

# As pulumi-kubernetes does: ten minutes for what it waits for, five in most cases of removal.
_SECONDS = 600.0
_BETWEEN = 0.2
_MANAGER = "pulumi-kubernetes"
_NOT_FOUND = 404


class Live:
    """Brings objects to the API server of their cluster and takes them away again."""

    def __init__(self, planes: Planes) -> None:
        self._planes = planes

    async def realise(self, draft: Draft) -> Inputs:
        """Apply an object and return it as the server has it once it is made; CloudError with the server's words."""
        body = object_body(draft.type, draft.id, draft.inputs)
        try:
            api = await self._planes.api_of(draft.scope)
            if is_replaced_unready(body):
                await _clear_unready(api, body)
            found = await asyncio.to_thread(api.apply, body, _MANAGER, force=True)
            path = await asyncio.to_thread(api.path_of, body)
            found = await _until_made(api, path, found, draft.timeout or _SECONDS)
        except ApiError as error:
            raise CloudError(error.reason, str(error)) from error
        except LocalCloudError as error:
            raise CloudError("Unreachable", f"configured Kubernetes cluster is unreachable: {error}") from error
        return _without_bookkeeping(found)

    async def withdraw(self, row: Row) -> None:
        """Delete an object and return once it is gone, with its dependents; CloudError where a finalizer holds it."""
        body = object_body(row.type, row.id, row.inputs)
        try:
            api = await self._planes.api_of(row.scope)
            await _delete(api, await asyncio.to_thread(api.path_of, body))
        except ApiError as error:
            if error.code != _NOT_FOUND:
                raise CloudError(error.reason, str(error)) from error
        except LocalCloudError as error:
            raise CloudError("Unreachable", f"configured Kubernetes cluster is unreachable: {error}") from error


async def _clear_unready(api: ApiServer, body: Inputs) -> None:
    """Delete what an earlier call has left unmade, so that it is tried from the beginning."""
    path = await asyncio.to_thread(api.path_of, body)
    try:
        if not _was_made(await asyncio.to_thread(api.request, "GET", path)):
            await _delete(api, path)
    except ApiError as error:
        if error.code != _NOT_FOUND:
            raise


def _was_made(found: Any) -> bool:
    try:
        return is_made(found)
    except CloudError:
        return False


async def _delete(api: ApiServer, path: str) -> None:
    await asyncio.to_thread(api.request, "DELETE", f"{path}?propagationPolicy=Foreground")
    await _until_gone(api, path)


async def _until_made(api: ApiServer, path: str, found: Any, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while True:
        if is_made(found):
            return found
        if time.monotonic() > deadline:
            raise CloudError("Timeout", f"{path} timed out waiting to be Ready")
        await asyncio.sleep(_BETWEEN)
        found = await asyncio.to_thread(api.request, "GET", path)


async def _until_gone(api: ApiServer, path: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        found = await asyncio.to_thread(api.request, "GET", path)  # ApiError (404) ends it
        await asyncio.sleep(_BETWEEN)
    finalizers = found["metadata"].get("finalizers") or found.get("spec", {}).get("finalizers") or ["none"]
    raise CloudError("Timeout", f"{path} timed out waiting to be deleted; finalizers: {', '.join(finalizers)}")


def _without_bookkeeping(found: Inputs) -> Inputs:
    metadata = {key: value for key, value in found["metadata"].items() if key != "managedFields"}
    return {**found, "metadata": metadata}
