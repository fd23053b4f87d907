"""What cannot be removed while something uses it.

Sources: tpgb tpgresource/utils.go (deletion_policy), resource_container_cluster.go (deletion_protection); Compute
Engine API v1: resourceInUseByAnotherResource, HTTP 400.
"""

from collections.abc import Callable

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.networks import FIREWALL, NAT, NETWORK, ROUTER, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.places import short
from gpucloud.sim.gcp.rules.reading import items, text
from gpucloud.sim.gcp.scheduling import POLICY, RESERVATION
from gpucloud.sim.store import Row, Store


def keep_protected(_store: Store, row: Row) -> None:
    """Refuse to delete what its deletion policy keeps."""
    if row.outputs.get("deletionPolicy") == "PREVENT":
        reason = f'cannot destroy "{row.id}" without setting deletion_policy="DELETE" and running `pulumi up`'
        raise CloudError("", reason)


def keep_protected_cluster(_store: Store, row: Row) -> None:
    """Refuse to delete a cluster whose deletion protection is on, which it is unless set to false."""
    if row.outputs.get("deletionProtection", True):
        reason = (
            "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with "
            "cluster deletion."
        )
        raise CloudError("", reason)


def _in_use(row: Row, user: Row) -> CloudError:
    kind = {NETWORK: "network", SUBNETWORK: "subnetwork", POLICY: "resource_policy"}[row.type]
    reason = f"The {kind} resource '{row.id}' is already being used by '{user.id}'"
    return CloudError("resourceInUseByAnotherResource", reason)


def _uses_network(other: Row, row: Row) -> bool:
    return (
        short(str(other.inputs.get("network", ""))) == short(row.id) and other.id.split("/")[1] == row.id.split("/")[1]
    )


def keep_network_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a network with subnetworks, routers, firewall rules or clusters in it."""
    for token in (SUBNETWORK, ROUTER, FIREWALL, CLUSTER):
        for other in store.find("type = ?", token):
            if _uses_network(other, row):
                raise _in_use(row, other)


def keep_subnetwork_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a subnetwork of a cluster or of a pool's additional networks."""
    region = row.id.split("/")[3]
    for other in store.find("type IN (?, ?)", CLUSTER, NODE_POOL):
        configs = items(other.inputs, "networkConfig.additionalNodeNetworkConfigs")
        names = [str(other.inputs.get("subnetwork", "")), *(text(config, "subnetwork") for config in configs)]
        if short(row.id) in map(short, names) and f"/locations/{region}" in other.id:
            raise _in_use(row, other)


def keep_policy_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a placement policy of a node pool."""
    for other in store.find("type = ?", NODE_POOL):
        if short(text(other.inputs, "placementPolicy.policyName")) == short(row.id):
            raise _in_use(row, other)


def find_parts(store: Store, row: Row) -> list[Row]:
    """Return what goes with a resource: the node pools of a cluster, the NATs of a router."""
    if row.type == CLUSTER:
        return store.find("type = ? AND substr(id, 1, ?) = ?", NODE_POOL, len(row.id) + 1, f"{row.id}/")
    if row.type == ROUTER:
        _, project, _, region, _, name = row.id.split("/")
        start = f"{project}/{region}/{name}/"
        return store.find("type = ? AND substr(id, 1, ?) = ?", NAT, len(start), start)
    return []


REMOVAL: dict[str, tuple[Callable[[Store, Row], None], ...]] = {
    NETWORK: (keep_protected, keep_network_in_use),
    SUBNETWORK: (keep_protected, keep_subnetwork_in_use),
    ROUTER: (keep_protected,),
    FIREWALL: (keep_protected,),
    POLICY: (keep_protected, keep_policy_in_use),
    RESERVATION: (keep_protected,),
    CLUSTER: (keep_protected, keep_protected_cluster),
    NODE_POOL: (keep_protected,),
    NAT: (keep_protected,),
    "gcp:serviceaccount/account:Account": (keep_protected,),
}
