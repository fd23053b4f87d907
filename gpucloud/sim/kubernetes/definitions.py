"""Custom resource definitions on a real API server: the kinds that a chart or a cloud brings, open to any field.

Charts are not rendered, so their schemas are not there: an object of such a kind is stored, owned and deleted as the
server does it, and its fields are judged by nobody.
"""

from typing import Any

from gpucloud.facts.custom_resources import CustomResource, custom_resources
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer

_PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_NOT_FOUND = 404


def bring_definitions(api: ApiServer, brought_by: str, manager: str) -> None:
    """Apply what a chart or a cloud brings, and return once the server serves it."""
    found = custom_resources(brought_by)
    for entry in found:
        api.apply(_definition(entry), manager, force=True)
    for entry in found:
        api.wait(f"{_PATH}/{entry.name}", _is_established)
        for version in entry.versions:
            # Established says that names are accepted; discovery follows a moment later.
            api.wait(f"/apis/{entry.group}/{version}", lambda served, kind=entry.kind: _serves(served, kind))


def take_definitions(api: ApiServer, brought_by: str) -> None:
    """Delete what goes with the chart's release; what lies in its folder `crds` stays, as Helm leaves it."""
    for entry in custom_resources(brought_by):
        if entry.stays:
            continue
        try:
            api.request("DELETE", f"{_PATH}/{entry.name}")
        except ApiError as error:
            if error.code != _NOT_FOUND:
                raise


def _is_established(found: Any) -> bool:
    conditions = (found.get("status") or {}).get("conditions") or []
    return any(entry["type"] == "Established" and entry["status"] == "True" for entry in conditions)


def _serves(found: Any, kind: str) -> bool:
    return any(entry["kind"] == kind for entry in found["resources"])


def _definition(entry: CustomResource) -> dict[str, Any]:
    versions = [
        {
            "name": version,
            "served": True,
            "storage": version == entry.versions[-1],
            "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        }
        for version in entry.versions
    ]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": entry.name},
        "spec": {
            "group": entry.group,
            "names": {"kind": entry.kind, "plural": entry.plural, "singular": entry.kind.lower()},
            "scope": entry.scope,
            "versions": versions,
        },
    }
