"""How clients reach a GKE cluster."""

import json


def kubeconfig(endpoint: str, certificate_authority: str) -> str:
    """A kubeconfig that gets its token from gke-gcloud-auth-plugin, so that it holds no secret and does not expire."""
    entry = "gpucloud"
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": entry,
                    "cluster": {
                        "server": f"https://{endpoint}",
                        "certificate-authority-data": certificate_authority,
                    },
                }
            ],
            "users": [
                {
                    "name": entry,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "gke-gcloud-auth-plugin",
                            "installHint": "gcloud components install gke-gcloud-auth-plugin",
                            "interactiveMode": "IfAvailable",
                            "provideClusterInfo": True,
                        }
                    },
                }
            ],
            "contexts": [{"name": entry, "context": {"cluster": entry, "user": entry}}],
            "current-context": entry,
        },
        sort_keys=True,
    )


def kubeconfig_command(name: str, region: str, project: str, *, private: bool) -> str:
    """The command by which a person gets the same; a private API is reached inside the network only."""
    internal = " --internal-ip" if private else ""
    return f"gcloud container clusters get-credentials {name} --region {region} --project {project}{internal}"
