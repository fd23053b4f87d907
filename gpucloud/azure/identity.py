"""Whom a cluster acts as, and what it may do where."""

from collections.abc import Iterator

import pulumi
from pulumi_azure_native import authorization, managedidentity

from gpucloud.azure.tags import resource_tags
from gpucloud.plan.model import ClusterPlan

# Azure built-in roles (learn.microsoft.com/azure/role-based-access-control/built-in-roles).
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
RBAC_CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"


def identity_args(plan: ClusterPlan, group: pulumi.Input[str]) -> managedidentity.UserAssignedIdentityArgs:
    """The control plane's identity: an own subnet and capacity reservations need one that is there before it."""
    return managedidentity.UserAssignedIdentityArgs(
        resource_group_name=group, location=plan.region, tags=resource_tags(dict(plan.tags))
    )


def role_args(
    scope: pulumi.Input[str], role: str, principal_id: pulumi.Input[str], principal_type: str | None
) -> authorization.RoleAssignmentArgs:
    """A built-in role for a principal; its type is said for a new one, which not all of Azure knows yet.

    Without a type Azure looks it up; the SDK would say `User`, which is refused for a service principal.
    """
    args = authorization.RoleAssignmentArgs(
        scope=scope,
        role_definition_id=pulumi.Output.from_input(scope).apply(lambda found: role_definition_id(found, role)),
        principal_id=principal_id,
    )
    pulumi.set(args, "principal_type", principal_type)
    return args


def role_definition_id(scope: str, role: str) -> str:
    """The ID of a built-in role in the subscription that a scope lies in."""
    return f"/subscriptions/{_subscription_of(scope)}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def foreign_groups(plan: ClusterPlan) -> tuple[str, ...]:
    """IDs of the resource groups that the cluster's pools reach into, each once, sorted.

    They hold capacity reservation groups (azure-aks-docs, use-capacity-reservation-groups: Contributor on the resource
    group) and proximity placement groups that are somebody else's (concepts-identity: proximityPlacementGroups/write).
    """
    found = {resource_group_id(name).lower(): resource_group_id(name) for name in _ids_of(plan)}
    return tuple(found[key] for key in sorted(found))


def makes_placements(plan: ClusterPlan) -> bool:
    """Whether a pool makes placement groups in the cluster's own resource group, which its identity joins nodes to."""
    return any(offering.close_placement for pool in plan.node_pools for offering in pool.offerings)


def resource_group_id(resource_id: str) -> str:
    """The ID of the resource group that a resource is in."""
    return "/".join(resource_id.split("/")[:5])


def _ids_of(plan: ClusterPlan) -> Iterator[str]:
    for pool in plan.node_pools:
        yield from (offering.reservation_id for offering in pool.offerings if offering.reservation_id)
        if pool.existing_placement:
            yield pool.existing_placement


def _subscription_of(resource_id: str) -> str:
    return resource_id.split("/")[2]
