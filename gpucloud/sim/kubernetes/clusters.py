"""The clusters of the clouds, with what holds their nodes, and how a kubeconfig names one of them."""

import hashlib
from dataclasses import dataclass

import yaml

from gpucloud.sim.store import Row, Store

EKS = "aws:eks/cluster:Cluster"
AKS = "azure-native:containerservice:ManagedCluster"
GKE = "gcp:container/cluster:Cluster"
_GROUPS = {
    EKS: "aws:eks/nodeGroup:NodeGroup",
    AKS: "azure-native:containerservice:AgentPool",
    GKE: "gcp:container/nodePool:NodePool",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One managed cluster, and the node groups, agent pools or node pools that it has."""

    row: Row
    groups: tuple[Row, ...]

    @property
    def scopes(self) -> tuple[str, ...]:
        """What stands for its API server in rows of Kubernetes objects: digits of each of its addresses."""
        outputs = self.row.outputs
        if self.row.type == EKS:
            servers = [str(outputs["endpoint"])]
        elif self.row.type == AKS:
            names = [outputs.get("privateFQDN"), outputs.get("fqdn")]
            servers = [f"https://{name}:443" for name in names if name]
        else:
            private = (outputs.get("privateClusterConfig") or {}).get("privateEndpoint")
            servers = [f"https://{name}" for name in (outputs["endpoint"], private) if name]
        return tuple(scope_of_server(server) for server in servers)

    @property
    def name(self) -> str:
        """Its name in the cloud."""
        return str(self.row.outputs["name"])


def read_clusters(store: Store) -> tuple[Cluster, ...]:
    """Return every cluster that was made, oldest first."""
    found = []
    for row in store.find(f"type IN ({', '.join('?' * len(_GROUPS))}) AND status <> 'creating'", *_GROUPS):
        groups = store.find("type = ? AND status <> 'creating'", _GROUPS[row.type])
        found.append(Cluster(row, tuple(group for group in groups if _belongs(group, row))))
    return tuple(found)


def objects_of(store: Store, row: Row) -> list[Row]:
    """Return the objects in a cluster's API, which go with it; nothing where the row is of something else.

    An object that its program let go of (`retainOnDelete`) stays that long.
    """
    if row.type not in _GROUPS or row.status == "creating":
        return []
    scopes = Cluster(row, ()).scopes
    return store.find(f"type LIKE 'kubernetes:%' AND scope IN ({', '.join('?' * len(scopes))})", *scopes)


def _belongs(group: Row, cluster: Row) -> bool:
    if cluster.type == EKS:
        return group.scope == cluster.scope and group.inputs.get("clusterName") == cluster.outputs["name"]
    if cluster.type == AKS:
        return group.scope == cluster.scope and group.parent == cluster.name
    return group.id.startswith(f"{cluster.id}/nodePools/")


def scope_of_server(server: str) -> str:
    """Return digits of an API server's address, for that is all that tells servers apart."""
    return hashlib.sha256(server.encode()).hexdigest()[:12]


def scope_of_kubeconfig(text: str) -> str:
    """Return the same of the server that a kubeconfig's current context names; of the text where it names none."""
    try:
        document = yaml.safe_load(text)
        current = next(c["context"] for c in document["contexts"] if c["name"] == document["current-context"])
        server = next(c["cluster"]["server"] for c in document["clusters"] if c["name"] == current["cluster"])
    except (yaml.YAMLError, LookupError, TypeError, StopIteration):
        return scope_of_server(text)
    return scope_of_server(str(server))
