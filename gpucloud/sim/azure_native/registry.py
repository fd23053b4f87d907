"""Container registries, their cache rules and credential sets.

Paths and names: Microsoft.ContainerRegistry 2023-01-01-preview containerregistry.json. A login server is the name below
azurecr.io; nothing answers there, and whether the name is free in all of Azure is not known. Nothing is pulled.
"""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import GROUP, TENANT, at_path, key_of, make_uuid, name_in
from gpucloud.sim.azure_native.times import moment, system_data
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

SERVICE = "Microsoft.ContainerRegistry"
_PATH = f"{GROUP}/providers/{SERVICE}/registries/{{registryName}}"
registry_key = key_of("resourceGroupName", "registryName")


def _common(draft: Draft, kind: str) -> Inputs:
    before = draft.previous.outputs if draft.previous is not None else {}
    return {
        "creationDate": before.get("creationDate") or moment(draft),
        "name": name_in(draft.id),
        "provisioningState": "Succeeded",
        "systemData": system_data(draft),
        "type": f"{SERVICE}/{kind}",
    }


def _registry(draft: Draft) -> Inputs:
    tier = (draft.inputs.get("sku") or {}).get("name")
    return {
        **_common(draft, "registries"),
        "dataEndpointHostNames": [],
        "loginServer": f"{name_in(draft.id).lower()}.azurecr.io",
        "privateEndpointConnections": [],
        "sku": {"name": tier, "tier": tier},
        "status": {"displayStatus": "Ready", "message": "", "timestamp": moment(draft)},
    }


def _rule(draft: Draft) -> Inputs:
    return _common(draft, "registries/cacheRules")


def _credentials(draft: Draft) -> Inputs:
    given = draft.inputs.get("authCredentials") or ()
    outputs = {
        **_common(draft, "registries/credentialSets"),
        "authCredentials": [{**entry, "credentialHealth": {"status": "Healthy"}} for entry in given],
    }
    if (draft.inputs.get("identity") or {}).get("type") == "SystemAssigned":
        outputs["identity"] = {"principalId": make_uuid(draft, "principal"), "tenantId": TENANT}
    return outputs


def _inside(store: Store, row: Row) -> list[Row]:
    """Return what goes together with a registry."""
    return store.find("parent = ? AND type IN (?, ?)", row.name, tokens.CACHE_RULE, tokens.CREDENTIAL_SET)


REGISTRY = ResourceType(
    tokens.REGISTRY,
    SERVICE,
    "Registries_Create",
    "Registries_Update",
    "Registries_Delete",
    at_path(_PATH),
    _registry,
    autoname=Autoname("registryName", form="suffix"),
    name_of=registry_key,
    parent_of=key_of("resourceGroupName"),
    computed_members={"sku": ("tier",)},
    volatile=frozenset({"status", "systemData"}),
    goes_along=_inside,
)
CACHE_RULE = ResourceType(
    tokens.CACHE_RULE,
    SERVICE,
    "CacheRules_Create",
    "CacheRules_Update",
    "CacheRules_Delete",
    at_path(f"{_PATH}/cacheRules/{{cacheRuleName}}"),
    _rule,
    autoname=Autoname("cacheRuleName", form="copy"),
    name_of=key_of("resourceGroupName", "registryName", "cacheRuleName"),
    parent_of=registry_key,
    volatile=frozenset({"systemData"}),
)
CREDENTIAL_SET = ResourceType(
    tokens.CREDENTIAL_SET,
    SERVICE,
    "CredentialSets_Create",
    "CredentialSets_Update",
    "CredentialSets_Delete",
    at_path(f"{_PATH}/credentialSets/{{credentialSetName}}"),
    _credentials,
    autoname=Autoname("credentialSetName", form="copy"),
    name_of=key_of("resourceGroupName", "registryName", "credentialSetName"),
    parent_of=registry_key,
    computed_members={"identity": ("principalId", "tenantId")},
    overriding=frozenset({"authCredentials"}),
    volatile=frozenset({"authCredentials", "systemData"}),
)

TYPES = (REGISTRY, CACHE_RULE, CREDENTIAL_SET)
