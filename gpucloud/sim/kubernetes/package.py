"""The package `kubernetes`: every type of its SDK, and custom resources of any kind."""

import dataclasses
from functools import cache

from gpucloud.sim.errors import Refusal
from gpucloud.sim.kubernetes.clusters import scope_of_kubeconfig
from gpucloud.sim.kubernetes.live import Live
from gpucloud.sim.kubernetes.live_releases import LiveReleases
from gpucloud.sim.kubernetes.objects import OBJECT_CHECKS, SERVER_SET, identify, name_of, object_outputs
from gpucloud.sim.kubernetes.releases import RELEASE_TOKEN, release_type
from gpucloud.sim.model import ResourceType
from gpucloud.sim.provider import Package, SchemaOf
from gpucloud.sim.store import Store
from gpucloud.sim.values import UNKNOWN, Inputs

# Components of the SDK: their provider expands a chart or a manifest, which the local cloud cannot.
_COMPONENTS = ("kubernetes:helm.sh/v4:", "kubernetes:yaml", "kubernetes:kustomize")


def _find_type(token: str, schema_of: SchemaOf) -> ResourceType:
    if token == RELEASE_TOKEN:
        return release_type()
    _, version, kind = token.split(":")
    unknown_builtin = schema_of(token) is None and ("." not in version.split("/")[0] or version.endswith(".k8s.io"))
    if token.startswith(_COMPONENTS) or kind.endswith("Patch") or unknown_builtin:
        raise LookupError("every resource of the SDK but charts, kustomizations and patches, and custom resources")
    return _object_type(token)


@cache
def _object_type(token: str) -> ResourceType:
    _, _, kind = token.split(":")
    return ResourceType(
        token,
        "kubernetes",
        f"Create{kind}",
        f"Patch{kind}",
        f"Delete{kind}",
        identify,
        object_outputs,
        name_of=name_of,
        check_account=OBJECT_CHECKS,
        replaces=frozenset({"metadata.name", "metadata.namespace"}),
        computed_members=SERVER_SET,
    )


def _find_scope(_kind: ResourceType, settings: Inputs, _values: Inputs) -> str:
    """Return which API server it is."""
    kubeconfig = settings.get("kubeconfig", "")
    if kubeconfig is UNKNOWN or not kubeconfig:
        return "default"
    return scope_of_kubeconfig(str(kubeconfig))


def _check_settings(_settings: Inputs) -> list[Refusal]:
    return []


def _invoke(_token: str, _arguments: Inputs, _settings: Inputs, _store: Store) -> Inputs:
    raise LookupError("none")


def live_package(live: Live, releases: LiveReleases) -> Package:
    """Return the package whose objects and Helm releases are brought to real API servers."""

    def find_type(token: str, schema_of: SchemaOf) -> ResourceType:
        kind = _find_type(token, schema_of)
        brought = releases if token == RELEASE_TOKEN else live
        return dataclasses.replace(kind, realise=brought.realise, withdraw=brought.withdraw)

    return dataclasses.replace(PACKAGE, find_type=find_type)


PACKAGE = Package("kubernetes", _find_type, _find_scope, _check_settings, _invoke)
