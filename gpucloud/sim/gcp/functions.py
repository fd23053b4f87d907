"""The functions (`get…`) of the package `gcp` that the local cloud answers."""

from collections.abc import Callable

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.clusters import DEFAULT_VERSION
from gpucloud.sim.gcp.places import PROJECT, PROJECT_NUMBER, settings_region
from gpucloud.sim.gcp.reservation_answer import answer_reservation
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs


def _project_of(arguments: Inputs, settings: Inputs) -> str:
    return str(arguments.get("project") or arguments.get("projectId") or settings.get("project") or PROJECT)


def _reservation(arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    project = _project_of(arguments, settings)
    return answer_reservation(store, project, str(arguments["zone"]), str(arguments["name"]))


def _project(arguments: Inputs, settings: Inputs, _store: Store) -> Inputs:
    project = _project_of(arguments, settings)
    return {
        "autoCreateNetwork": False,
        "billingAccount": "",
        "deletionPolicy": "PREVENT",
        "effectiveLabels": {},
        "folderId": "",
        "id": f"projects/{project}",
        "labels": {},
        "name": project,
        "number": PROJECT_NUMBER,
        "orgId": "",
        "projectId": project,
        "pulumiLabels": {},
        "tags": {},
    }


def _client(_arguments: Inputs, settings: Inputs, _store: Store) -> Inputs:
    return {
        "accessToken": "local-cloud-not-a-token",
        "defaultLabels": settings.get("defaultLabels") or {},
        "id": f"projects/{_project_of({}, settings)}",
        "project": _project_of({}, settings),
        "region": settings_region(settings),
        "zone": str(settings.get("zone") or ""),
    }


def _versions(arguments: Inputs, settings: Inputs, _store: Store) -> Inputs:
    location = str(arguments.get("location") or settings.get("zone") or settings.get("region") or "")
    if not location:
        raise CloudError("", "Cannot determine location: set location in this data source or at provider-level")
    versions = [v for v in (DEFAULT_VERSION,) if v.startswith(str(arguments.get("versionPrefix") or ""))]
    if not versions:
        raise CloudError("", f"No versions found for prefix {arguments['versionPrefix']!r}; the local cloud has one")
    return {
        **arguments,
        "defaultClusterVersion": DEFAULT_VERSION,
        "id": location,
        "latestMasterVersion": versions[0],
        "latestNodeVersion": versions[0],
        "location": location,
        "releaseChannelDefaultVersion": dict.fromkeys(("EXTENDED", "RAPID", "REGULAR", "STABLE"), DEFAULT_VERSION),
        "releaseChannelLatestVersion": dict.fromkeys(("EXTENDED", "RAPID", "REGULAR", "STABLE"), DEFAULT_VERSION),
        "releaseChannelUpgradeTargetVersion": {},
        "validMasterVersions": versions,
        "validNodeVersions": versions,
    }


FUNCTIONS: dict[str, Callable[[Inputs, Inputs, Store], Inputs]] = {
    "gcp:compute/getReservation:getReservation": _reservation,
    "gcp:container/getEngineVersions:getEngineVersions": _versions,
    "gcp:organizations/getClientConfig:getClientConfig": _client,
    "gcp:organizations/getProject:getProject": _project,
}


def invoke(token: str, arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    """Return a function's result; LookupError with the modelled ones for another token, CloudError where it fails."""
    function = FUNCTIONS.get(token)
    if function is None:
        raise LookupError(", ".join(FUNCTIONS))
    return function(arguments, settings, store)
