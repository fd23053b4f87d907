"""How clients reach an AKS cluster."""

import base64
import json

import yaml

# The same application for every AKS cluster of the public cloud (azure-aks-docs, kubelogin-authentication).
_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630"


def kubeconfig(credentials: str) -> str:
    """A kubeconfig that gets its token from the Azure CLI through kubelogin, so that it holds no secret.

    `credentials` are those that AKS lists for a user, in base64; only the server's address and certificate authority
    are taken from them. With local accounts off there is no other way in.
    """
    entry = "gpucloud"
    listed = yaml.safe_load(base64.b64decode(credentials))
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": entry, "cluster": listed["clusters"][0]["cluster"]}],
            "users": [
                {
                    "name": entry,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "kubelogin",
                            "args": ["get-token", "--login", "azurecli", "--server-id", _SERVER_ID],
                            "interactiveMode": "Never",
                            "provideClusterInfo": False,
                        }
                    },
                }
            ],
            "contexts": [{"name": entry, "context": {"cluster": entry, "user": entry}}],
            "current-context": entry,
        },
        sort_keys=True,
    )


def kubeconfig_command(group: str, cluster: str) -> str:
    """The command by which a person gets the same."""
    return (
        f"az aks get-credentials --resource-group {group} --name {cluster} && kubelogin convert-kubeconfig -l azurecli"
    )
