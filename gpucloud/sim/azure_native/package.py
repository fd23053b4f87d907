"""The package `azure-native`: its types, its settings, its functions, and how its provider words what goes wrong."""

import dataclasses
from collections.abc import Callable
from functools import cache

from gpucloud.sim.answers import Wording
from gpucloud.sim.azure_native import cluster, compute, identity, network, registry, tokens
from gpucloud.sim.azure_native.functions import invoke
from gpucloud.sim.azure_native.identifiers import find_by_key
from gpucloud.sim.azure_native.replacement import changes_refused_of, replaces_of
from gpucloud.sim.azure_native.rules.limits import limits_of
from gpucloud.sim.azure_native.rules.names import refuse_existing
from gpucloud.sim.azure_native.rules.references import references_of
from gpucloud.sim.azure_native.rules.removal import REMOVAL
from gpucloud.sim.azure_native.rules.table import ACCOUNT_RULES, input_rules_of
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.provider import Package, SchemaOf
from gpucloud.sim.store import Store
from gpucloud.sim.values import UNKNOWN, Inputs, has_unknown

_SCOPE = "subscription"  # ids are unique in it
_WITHOUT_LOCATION = frozenset(
    {
        tokens.SUBNET,
        tokens.ASSIGNMENT,
        tokens.POOL,
        tokens.MAINTENANCE,
        tokens.CACHE_RULE,
        tokens.CREDENTIAL_SET,
        tokens.FEATURE,
    }
)
# "Uses Azure REST API version …" in the docstrings of pulumi_azure_native 3.29.0.
API_VERSIONS = {
    tokens.GROUP: "2024-03-01",
    tokens.NETWORK: "2024-05-01",
    tokens.SUBNET: "2024-05-01",
    tokens.GATEWAY: "2024-05-01",
    tokens.ADDRESS: "2024-05-01",
    tokens.IDENTITY: "2023-01-31",
    tokens.ASSIGNMENT: "2022-04-01",
    tokens.CLUSTER: "2025-09-01",
    tokens.POOL: "2025-09-01",
    tokens.MAINTENANCE: "2025-09-01",
    tokens.PLACEMENT: "2024-11-01",
    tokens.RESERVATION_GROUP: "2024-11-01",
    tokens.RESERVATION: "2024-11-01",
    tokens.REGISTRY: "2023-01-01-preview",
    tokens.CACHE_RULE: "2024-11-01-preview",
    tokens.CREDENTIAL_SET: "2023-01-01-preview",
    tokens.FEATURE: "2021-07-01",
}


@cache
def types() -> dict[str, ResourceType]:
    """Return the modelled types by token."""
    families = (network, identity, compute, cluster, registry)
    modelled = [kind for family in families for kind in family.TYPES]
    return {kind.token: _complete(kind) for kind in sorted(modelled, key=lambda kind: kind.token)}


def _complete(kind: ResourceType) -> ResourceType:
    """Return the type with what tables say of it."""
    return dataclasses.replace(
        kind,
        check_inputs=(limits_of(kind.token), *input_rules_of(kind.token)),
        check_account=(
            refuse_existing(kind),
            *references_of(kind.token),
            *changes_refused_of(kind.token),
            *ACCOUNT_RULES.get(kind.token, ()),
        ),
        check_removal=REMOVAL.get(kind.token, ()),
        compute=_with_version(kind),
        fill_inputs=_as_given if kind.token in _WITHOUT_LOCATION else _fill_location,
        replaces=replaces_of(kind.token),
    )


def _with_version(kind: ResourceType) -> Callable[[Draft], Inputs]:
    def compute_all(draft: Draft) -> Inputs:
        return {**kind.compute(draft), "azureApiVersion": API_VERSIONS[kind.token]}

    return compute_all


def _as_given(_store: Store, _settings: Inputs, _olds: Inputs, news: Inputs) -> Inputs:
    return news


def _fill_location(store: Store, settings: Inputs, olds: Inputs, news: Inputs) -> Inputs:
    """Return the inputs with a location: the program's, the one it had, the provider's, or the resource group's.

    Source: pulumi-azure-native provider.go, getDefaultLocation.
    """
    if news.get("location") is not None:
        return news
    group = news.get("resourceGroupName")
    location = olds.get("location") or settings.get("location")
    if not location and has_unknown(group):
        location = UNKNOWN
    elif not location and group is not None:
        row = find_by_key(store, tokens.GROUP, str(group).lower())
        location = row.outputs.get("location") if row is not None else None
    return {**news, "location": location} if location else news


def _find_type(token: str, _schema_of: SchemaOf) -> ResourceType:
    found = types().get(token)
    if found is None:
        raise LookupError(", ".join(types()))
    return found


def _find_scope(_kind: ResourceType, _settings: Inputs, _values: Inputs) -> str:
    return _SCOPE


def _check_settings(settings: Inputs) -> list[Refusal]:
    """Return nothing: the provider refuses no setting, and the local cloud has a subscription of its own."""
    del settings
    return []


def _refusal_text(_kind: ResourceType, _operation: str, error: CloudError) -> str:
    """Return the text of a refused call as the provider words it (client_azcore.go, PulumiAzcoreResponseError)."""
    if not error.code:
        return f"local cloud: {error.message}"
    return f'local cloud: Status={_STATUS.get(error.code, 400)} Code="{error.code}" Message="{error.message}"'


def _failure_text(_kind: ResourceType, _operation: str, _urn: str, reason: str) -> str:
    """Return a late failure as the provider words it: the poll for its end is answered, with the error in the body."""
    code, _, message = reason.partition(": ")
    return f'Status=200 Code="{code}" Message="{message}"'


_STATUS = {
    "AuthorizationFailed": 403,
    "LinkedAuthorizationFailed": 403,
    "NotFound": 404,
    "OperationNotAllowed": 409,
    "ParentResourceNotFound": 404,
    "ResourceGroupNotFound": 404,
    "ResourceNotFound": 404,
    "RoleAssignmentExists": 409,
    "Throttled": 429,
}

PACKAGE = Package(
    "azure-native",
    _find_type,
    _find_scope,
    _check_settings,
    invoke,
    Wording(refusal=_refusal_text, failure=_failure_text),
)
