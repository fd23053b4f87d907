"""What Azure would add to a declared resource and answer to a function, as far as anything here reads it."""

import base64
import json
from typing import Any

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/theirs"
_KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "clusters": [
        {"name": "a", "cluster": {"server": "https://a.azmk8s.example:443", "certificate-authority-data": "Q0E="}}
    ],
    "users": [{"name": "clusterUser", "user": {"token": "not to be passed on"}}],
}
ANSWERS: dict[str, dict[str, Any]] = {
    "azure-native:authorization:getClientConfig": {
        "clientId": "me", "objectId": "my-object", "subscriptionId": SUBSCRIPTION, "tenantId": "tenant",
    },
    "azure-native:containerservice:listManagedClusterUserCredentials": {
        "kubeconfigs": [
            {"name": "clusterUser", "value": base64.b64encode(json.dumps(_KUBECONFIG).encode()).decode()}
        ],
    },
    "azure-native:features:getSubscriptionFeatureRegistration": {
        "id": "f", "name": "f", "type": "t", "azureApiVersion": "v", "properties": {"state": "Registered"},
    },
}  # fmt: skip
"""What functions answer where a test says nothing else."""


def id_of(token: str, name: str) -> str:
    """Return an ID in Azure's form, which names its subscription and resource group."""
    return f"{_GROUP}/providers/{token.split(':')[1]}/{token.rpartition(':')[2]}/{name}"


def previewed(token: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return what a preview knows of any resource's outputs: its inputs, but for those that Azure adds members to."""
    left_out = {
        "azure-native:containerservice:ManagedCluster": {"identity", "oidcIssuerProfile"},
        "azure-native:containerregistry:CredentialSet": {"identity"},
    }.get(token, set())
    return {key: value for key, value in inputs.items() if key not in left_out}


def computed(token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs of a resource: its inputs, and what Azure adds."""
    given = {**inputs, "name": inputs.get("agentPoolName") or inputs.get("configName") or f"{name}00000000"}
    match token.rpartition(":")[2]:
        case "UserAssignedIdentity":
            given |= {"principalId": f"<{name}.principal>", "clientId": f"<{name}.client>"}
        case "Registry":
            given |= {"name": inputs["registryName"], "loginServer": f"{inputs['registryName']}.azurecr.io"}
        case "CredentialSet":
            given["identity"] = {**inputs["identity"], "principalId": f"<{name}.principal>"}
        case "PublicIPAddress":
            given["ipAddress"] = "20.0.0.1"
        case "ManagedCluster":
            listed = inputs["identity"]["userAssignedIdentities"]
            given["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {entry: {} for entry in listed}}
            given["identityProfile"] = {"kubeletidentity": {"objectId": f"<{name}.kubelet>"}}
            given["oidcIssuerProfile"] = {"enabled": True, "issuerURL": f"https://oidc.example/{name}/"}
    return given
