"""The functions of the package `azure-native` that the local cloud answers."""

import base64
import json
from collections.abc import Callable

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.features import state_of
from gpucloud.sim.azure_native.identifiers import CLIENT, OBJECT, TENANT, find_by_key, subscription_of
from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

API_VERSION_FEATURES = "2021-07-01"


def _client(_arguments: Inputs, settings: Inputs, _store: Store) -> Inputs:
    return {
        "clientId": CLIENT,
        "objectId": OBJECT,
        "subscriptionId": subscription_of(settings),
        "tenantId": TENANT,
    }


def _feature(arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    namespace, name = str(arguments["providerNamespace"]), str(arguments["featureName"])
    subscription = subscription_of(settings)
    return {
        "azureApiVersion": API_VERSION_FEATURES,
        "id": (
            f"/subscriptions/{subscription}/providers/Microsoft.Features/featureProviders/{namespace}"
            f"/subscriptionFeatureRegistrations/{name}"
        ),
        "name": name,
        "properties": {
            "approvalType": "AutoApproval",
            "featureName": name,
            "providerNamespace": namespace,
            "state": state_of(store, namespace, name),
            "subscriptionId": subscription,
            "tenantId": TENANT,
        },
        "type": "Microsoft.Features/featureProviders/subscriptionFeatureRegistrations",
    }


def _user_credentials(arguments: Inputs, _settings: Inputs, store: Store) -> Inputs:
    key = f"{arguments['resourceGroupName']}/{arguments['resourceName']}".lower()
    row = find_by_key(store, tokens.CLUSTER, key)
    if row is None or row.status == "creating":
        raise CloudError(
            "ResourceNotFound",
            f"The Resource 'Microsoft.ContainerService/managedClusters/{arguments['resourceName']}' under resource "
            f"group '{arguments['resourceGroupName']}' was not found. For more details please go to "
            "https://aka.ms/ARMResourceNotFoundFix",
        )
    document = json.dumps(_kubeconfig(row), sort_keys=True)  # JSON is YAML
    return {"kubeconfigs": [{"name": "clusterUser", "value": base64.b64encode(document.encode()).decode()}]}


def _kubeconfig(row: Row) -> Inputs:
    """Return a kubeconfig in the form of AKS: with Entra ID the user is kubelogin's, without it a certificate's."""
    name = str(row.outputs["name"])
    user = f"clusterUser_{row.inputs.get('resourceGroupName')}_{name}"
    server = f"https://{row.outputs.get('privateFQDN') or row.outputs['fqdn']}:443"
    authority = base64.b64encode(f"local cloud: not a certificate ({name})".encode()).decode()
    kubelogin = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "command": "kubelogin",
        "args": ["get-token", "--environment", "AzurePublicCloud", "--server-id", CLIENT, "--tenant-id", TENANT],
    }
    identity = {"exec": kubelogin} if row.inputs.get("aadProfile") else {"token": "local-cloud"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": server, "certificate-authority-data": authority}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": user}}],
        "current-context": name,
        "users": [{"name": user, "user": identity}],
    }


FUNCTIONS: dict[str, Callable[[Inputs, Inputs, Store], Inputs]] = {
    "azure-native:authorization:getClientConfig": _client,
    "azure-native:containerservice:listManagedClusterUserCredentials": _user_credentials,
    "azure-native:features:getSubscriptionFeatureRegistration": _feature,
}


def invoke(token: str, arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    """Return the answer of a function; LookupError, with the names of those that there are, for any other."""
    if token not in FUNCTIONS:
        raise LookupError(", ".join(sorted(FUNCTIONS)))
    return FUNCTIONS[token](arguments, settings, store)
