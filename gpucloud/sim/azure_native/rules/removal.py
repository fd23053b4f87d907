"""What cannot be removed while something depends on it.

Codes and texts: cluster-api-provider-azure#172 and azurerm#688 (subnet), ernestio/ernest#514 (public address),
azure-aks-docs use-system-pools.md (the last system pool), azure-compute-docs capacity-reservation-remove.
A resource group is never in use: everything in it goes along.
"""

from collections.abc import Callable

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import same_id
from gpucloud.sim.azure_native.rules.limits import values_at
from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Row, Store

_SUBNET_PATHS = ("vnetSubnetID", "podSubnetID", "agentPoolProfiles[].vnetSubnetID", "agentPoolProfiles[].podSubnetID")


def _users(store: Store, row: Row, *paths: str) -> list[str]:
    """Return the ids of the resources that name this one at any of the paths."""
    return [
        other.id
        for other in store.find("id <> ? AND type LIKE 'azure-native:%'", row.id)
        if any(same_id(found, row.id) for path in paths for _, found in values_at(path, other.inputs))
    ]


def keep_subnet_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a subnet that has agent pools in it."""
    users = _users(store, row, *_SUBNET_PATHS)
    if users:
        raise CloudError(
            "InUseSubnetCannotBeDeleted",
            f"Subnet {row.outputs['name']} is in use by {users[0]} and cannot be deleted. In order to delete the "
            "subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.",
        )


def keep_network_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a virtual network with a subnet in use; its other subnets go with it."""
    for subnet in store.find("type = ? AND parent = ?", tokens.SUBNET, row.name):
        keep_subnet_in_use(store, subnet)


def keep_address_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a public address that a NAT gateway has."""
    users = _users(store, row, "publicIpAddresses[].id")
    if users:
        raise CloudError(
            "PublicIPAddressCannotBeDeleted",
            f"Public IP address {row.id} can not be deleted since it is still allocated to resource {users[0]}.",
        )


def keep_gateway_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a NAT gateway that a subnet names."""
    users = _users(store, row, "natGateway.id")
    if users:
        raise CloudError("OperationNotAllowed", f"NAT gateway {row.id} is in use by subnet {users[0]}.")


def keep_placement_group_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a proximity placement group with pools in it."""
    users = _users(store, row, "proximityPlacementGroupID", "agentPoolProfiles[].proximityPlacementGroupID")
    if users:
        raise CloudError("OperationNotAllowed", f"Proximity placement group {row.id} is in use by {users[0]}.")


def keep_full_reservation_group(store: Store, row: Row) -> None:
    """Refuse to remove a capacity reservation group with reservations or pools."""
    held = [other.id for other in store.find("type = ? AND parent = ?", tokens.RESERVATION, row.name)]
    held += _users(store, row, "capacityReservationGroupID", "agentPoolProfiles[].capacityReservationGroupID")
    if held:
        raise CloudError("OperationNotAllowed", f"Capacity reservation group {row.id} is in use by {held[0]}.")


def keep_reservation_in_use(store: Store, row: Row) -> None:
    """Refuse to remove a capacity reservation that nodes run in."""
    used = store.db.execute(
        "SELECT SUM(nodes) FROM allocation WHERE lower(reservation) = ?", (row.id.lower(),)
    ).fetchone()[0]
    if used:
        raise CloudError(
            "OperationNotAllowed", f"Capacity reservation {row.id} cannot be deleted: {used} nodes use it."
        )


def keep_last_system_pool(store: Store, row: Row) -> None:
    """Refuse to remove the last system pool of a cluster."""
    if row.inputs.get("mode") != "System":
        return
    cluster = store.find("type = ? AND name = ?", tokens.CLUSTER, row.parent)
    inside = [p for found in cluster for p in found.inputs.get("agentPoolProfiles") or () if p.get("mode") == "System"]
    others = store.find("type = ? AND parent = ? AND id <> ?", tokens.POOL, row.parent, row.id)
    if not inside and not any(other.inputs.get("mode") == "System" for other in others):
        raise CloudError("OperationNotAllowed", "There has to be at least one system agent pool in the cluster.")


REMOVAL: dict[str, tuple[Callable[[Store, Row], None], ...]] = {
    tokens.NETWORK: (keep_network_in_use,),
    tokens.SUBNET: (keep_subnet_in_use,),
    tokens.ADDRESS: (keep_address_in_use,),
    tokens.GATEWAY: (keep_gateway_in_use,),
    tokens.PLACEMENT: (keep_placement_group_in_use,),
    tokens.RESERVATION_GROUP: (keep_full_reservation_group,),
    tokens.RESERVATION: (keep_reservation_in_use,),
    tokens.POOL: (keep_last_system_pool,),
}
