"""Helm releases: recorded with chart, version and values; no chart is fetched and nothing of it is rendered."""

from functools import cache

from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

RELEASE_TOKEN = "kubernetes:helm.sh/v3:Release"  # noqa: S105 - a type token


def _identify(draft: Draft) -> str:
    return f"{draft.inputs.get('namespace', 'default')}/{draft.inputs.get('name')}"


def _outputs(draft: Draft) -> Inputs:
    namespace, _, name = draft.id.partition("/")
    revision = int(draft.previous.outputs["status"]["revision"]) + 1 if draft.previous else 1
    chart = str(draft.inputs.get("chart", ""))
    return {
        "manifest": {},
        "name": name,
        "namespace": namespace,
        "resourceNames": {},
        "status": {
            "appVersion": "",
            "chart": chart.rpartition("/")[2],
            "name": name,
            "namespace": namespace,
            "revision": revision,
            "status": "deployed",
            "version": str(draft.inputs.get("version", "")),
        },
    }


def _refuse_missing_namespace(draft: Draft) -> None:
    namespace = str(draft.inputs.get("namespace", "default"))
    if draft.inputs.get("createNamespace") or namespace in {"default", "kube-system", "kube-public"}:
        return
    if draft.store.find_one("kubernetes:core/v1:Namespace", draft.scope, namespace) is None:
        raise CloudError("NotFound", f'create: failed to create: namespaces "{namespace}" not found')


def _refuse_taken_name(draft: Draft) -> None:
    if draft.previous is None and draft.store.find_one(draft.type, draft.scope, _identify(draft)) is not None:
        raise CloudError("AlreadyExists", "cannot re-use a name that is still in use")


@cache
def release_type() -> ResourceType:
    """Return how the local cloud plays `helm.v3.Release`."""
    return ResourceType(
        RELEASE_TOKEN,
        "helm",
        "Install",
        "Upgrade",
        "Uninstall",
        _identify,
        _outputs,
        autoname=Autoname(max_length=53),
        check_account=(_refuse_missing_namespace, _refuse_taken_name),
        volatile=frozenset({"status"}),
        replaces=frozenset({"name", "namespace"}),
    )
