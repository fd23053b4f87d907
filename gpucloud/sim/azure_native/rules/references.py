"""What a resource names must exist. Ids of other subscriptions are taken at their word.

Codes and texts: Azure Resource Manager, "Resolve errors for resource not found" (ResourceGroupNotFound,
ParentResourceNotFound); Microsoft.Network, "InvalidResourceReference".
"""

from collections.abc import Callable

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import find_by_id, find_by_key, subscription_of
from gpucloud.sim.azure_native.rules.limits import values_at
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft

# Type -> where an id stands, and the type that it names.
REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    tokens.SUBNET: (("natGateway.id", tokens.GATEWAY),),
    tokens.GATEWAY: (("publicIpAddresses[].id", tokens.ADDRESS),),
    tokens.CLUSTER: (
        ("identity.userAssignedIdentities[]", tokens.IDENTITY),
        ("identityProfile.kubeletidentity.resourceId", tokens.IDENTITY),
        ("agentPoolProfiles[].vnetSubnetID", tokens.SUBNET),
        ("agentPoolProfiles[].podSubnetID", tokens.SUBNET),
        ("agentPoolProfiles[].proximityPlacementGroupID", tokens.PLACEMENT),
        ("apiServerAccessProfile.subnetId", tokens.SUBNET),
    ),
    tokens.POOL: (
        ("vnetSubnetID", tokens.SUBNET),
        ("podSubnetID", tokens.SUBNET),
        ("proximityPlacementGroupID", tokens.PLACEMENT),
    ),
    tokens.CACHE_RULE: (("credentialSetResourceId", tokens.CREDENTIAL_SET),),
}
# Type -> the type that it is inside of, and the inputs that make up that one's key.
PARENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    tokens.SUBNET: (tokens.NETWORK, ("resourceGroupName", "virtualNetworkName")),
    tokens.POOL: (tokens.CLUSTER, ("resourceGroupName", "resourceName")),
    tokens.MAINTENANCE: (tokens.CLUSTER, ("resourceGroupName", "resourceName")),
    tokens.CACHE_RULE: (tokens.REGISTRY, ("resourceGroupName", "registryName")),
    tokens.CREDENTIAL_SET: (tokens.REGISTRY, ("resourceGroupName", "registryName")),
    tokens.RESERVATION: (tokens.RESERVATION_GROUP, ("resourceGroupName", "capacityReservationGroupName")),
}
_PATHS = {
    tokens.NETWORK: "Microsoft.Network/virtualNetworks",
    tokens.CLUSTER: "Microsoft.ContainerService/managedClusters",
    tokens.REGISTRY: "Microsoft.ContainerRegistry/registries",
    tokens.RESERVATION_GROUP: "Microsoft.Compute/capacityReservationGroups",
}


def references_of(token: str) -> tuple[Callable[[Draft], None], ...]:
    """Return the rules that a type's resource group, parent and references exist."""
    rules: list[Callable[[Draft], None]] = []
    if token not in {tokens.GROUP, tokens.ASSIGNMENT, tokens.FEATURE}:
        rules.append(refuse_missing_group)
    if token in PARENTS:
        rules.append(refuse_missing_parent)
    if token in REFERENCES:
        rules.append(refuse_missing_reference)
    return tuple(rules)


def refuse_missing_group(draft: Draft) -> None:
    """Refuse a resource in a resource group that does not exist."""
    name = str(draft.inputs.get("resourceGroupName", ""))
    if find_by_key(draft.store, tokens.GROUP, name.lower()) is None:
        raise CloudError("ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def refuse_missing_parent(draft: Draft) -> None:
    """Refuse a resource inside another that does not exist."""
    parent, names = PARENTS[draft.type]
    values = [str(draft.inputs.get(name, "")) for name in names]
    if find_by_key(draft.store, parent, "/".join(values).lower()) is None:
        path = f"/subscriptions/{subscription_of(draft.settings)}/resourceGroups/{values[0]}/providers/{_PATHS[parent]}"
        raise CloudError(
            "ParentResourceNotFound",
            f"Failed to perform 'write' on resource(s) of type '{_PATHS[parent].partition('/')[2]}', because the "
            f"parent resource '{path}/{values[1]}' could not be found.",
        )


def refuse_missing_reference(draft: Draft) -> None:
    """Refuse an id of this subscription that names nothing."""
    own = f"/subscriptions/{subscription_of(draft.settings)}/".lower()
    for path, target in REFERENCES[draft.type]:
        for where, id_ in values_at(path, draft.inputs):
            known = not str(id_).lower().startswith(own) and str(id_).startswith("/subscriptions/")
            if not known and find_by_id(draft.store, id_, target) is None:
                raise CloudError(
                    "InvalidResourceReference",
                    f"Resource {id_} referenced by {where} was not found. Please make sure that the referenced "
                    "resource exists, and that both resources are in the same region.",
                )
