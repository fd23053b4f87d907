"""Managed identities, role assignments and the registration of preview features."""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.features import state_of
from gpucloud.sim.azure_native.identifiers import CLIENT, LOWER_GROUP, TENANT, at_path, key_of, make_uuid, name_in
from gpucloud.sim.azure_native.times import moment, system_data
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs


def _identity(draft: Draft) -> Inputs:
    return {
        "clientId": make_uuid(draft, "client"),
        "name": name_in(draft.id),
        "principalId": make_uuid(draft, "principal"),
        "systemData": system_data(draft),
        "tenantId": TENANT,
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    }


def _assignment(draft: Draft) -> Inputs:
    before = draft.previous.outputs if draft.previous is not None else {}
    return {
        "createdBy": CLIENT,
        "createdOn": before.get("createdOn") or moment(draft),
        "name": name_in(draft.id),
        "principalType": "User",
        "systemData": system_data(draft),
        "type": "Microsoft.Authorization/roleAssignments",
        "updatedBy": CLIENT,
        "updatedOn": moment(draft),
    }


def _feature(draft: Draft) -> Inputs:
    namespace, name = str(draft.inputs["providerNamespace"]), str(draft.inputs["featureName"])
    return {
        "name": name,
        "properties": {
            "approvalType": "AutoApproval",
            "featureName": name,
            "providerNamespace": namespace,
            "state": state_of(draft.store, namespace, name),
            "subscriptionId": draft.id.split("/")[2],
        },
        "type": "Microsoft.Features/featureProviders/subscriptionFeatureRegistrations",
    }


USER_ASSIGNED_IDENTITY = ResourceType(
    tokens.IDENTITY,
    "Microsoft.ManagedIdentity",
    "UserAssignedIdentities_CreateOrUpdate",
    "UserAssignedIdentities_CreateOrUpdate",
    "UserAssignedIdentities_Delete",
    at_path(f"{LOWER_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"),
    _identity,
    autoname=Autoname("resourceName", form="suffix"),
    name_of=key_of("resourceGroupName", "resourceName"),
    parent_of=key_of("resourceGroupName"),
    volatile=frozenset({"systemData"}),
)
ROLE_ASSIGNMENT = ResourceType(
    tokens.ASSIGNMENT,
    "Microsoft.Authorization",
    "RoleAssignments_Create",
    "RoleAssignments_Create",
    "RoleAssignments_Delete",
    at_path("/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"),
    _assignment,
    autoname=Autoname("roleAssignmentName", form="uuid"),
    name_of=key_of("principalId", "roleDefinitionId", "scope"),
    volatile=frozenset({"systemData", "updatedOn"}),
)
FEATURE_REGISTRATION = ResourceType(
    tokens.FEATURE,
    "Microsoft.Features",
    "SubscriptionFeatureRegistrations_CreateOrUpdate",
    "SubscriptionFeatureRegistrations_CreateOrUpdate",
    "SubscriptionFeatureRegistrations_Delete",
    at_path(
        "/subscriptions/{subscriptionId}/providers/Microsoft.Features/featureProviders/{providerNamespace}"
        "/subscriptionFeatureRegistrations/{featureName}"
    ),
    _feature,
    autoname=Autoname("featureName", form="copy"),
    name_of=key_of("providerNamespace", "featureName"),
    delete_before_replace=True,
    volatile=frozenset({"properties"}),
)

TYPES = (USER_ASSIGNED_IDENTITY, ROLE_ASSIGNMENT, FEATURE_REGISTRATION)
