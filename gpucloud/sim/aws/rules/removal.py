"""What cannot be removed while something depends on it.

Codes: EC2 API reference, "Error codes" (DependencyViolation, InvalidPlacementGroup.InUse); EKS and IAM service models.
"""

from collections.abc import Callable

from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Row, Store

# Rules of a security group and routes of a table go with what holds them.
_GO_WITH_PARENT = ("aws:vpc/", "aws:ec2/route:", "aws:ec2/routeTableAssociation:", "aws:eks/accessPolicyAssociation:")


def _children(store: Store, row: Row) -> list[Row]:
    found = store.find("parent = ? AND scope = ?", row.id, row.scope)
    return [child for child in found if not child.type.startswith(_GO_WITH_PARENT)]


def _dependency(what: str) -> Callable[[Store, Row], None]:
    def check(store: Store, row: Row) -> None:
        children = _children(store, row)
        if children:
            held = ", ".join(sorted(child.id for child in children)[:3])
            raise CloudError(
                "DependencyViolation", f"The {what} '{row.id}' has dependencies and cannot be deleted: {held}."
            )

    return check


def keep_cluster_with_node_groups(store: Store, row: Row) -> None:
    """Refuse to delete a cluster that has node groups (EKS: ResourceInUseException)."""
    groups = store.find("type = ? AND parent = ? AND scope = ?", "aws:eks/nodeGroup:NodeGroup", row.id, row.scope)
    if groups:
        raise CloudError("ResourceInUseException", f"Cluster has nodegroups attached: {groups[0].id.partition(':')[2]}")


def keep_subnet_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a subnet with NAT gateways, endpoints, a cluster's interfaces or nodes in it."""
    users = [child.id for child in _children(store, row)]
    for other in store.find(
        "scope = ? AND type IN ('aws:eks/cluster:Cluster', 'aws:eks/nodeGroup:NodeGroup')", row.scope
    ):
        used = other.inputs.get("subnetIds", []) + other.inputs.get("vpcConfig", {}).get("subnetIds", [])
        if row.id in used:
            users.append(other.id)
    if users:
        raise CloudError(
            "DependencyViolation",
            f"The subnet '{row.id}' has dependencies and cannot be deleted: {', '.join(users[:3])}.",
        )


def keep_security_group_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a group that a rule of another group names (EC2: DependencyViolation)."""
    rules = store.find("scope = ? AND type LIKE 'aws:vpc/securityGroup%' AND parent <> ?", row.scope, row.id)
    users = [rule.id for rule in rules if rule.inputs.get("referencedSecurityGroupId") == row.id]
    if users:
        raise CloudError("DependencyViolation", f"resource {row.id} has a dependent object: {users[0]}")


def keep_role_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a role with policies attached or in an instance profile (IAM: DeleteConflict).

    Skipped with forceDetachPolicies, where the provider detaches them itself.
    """
    users = [
        user for user in store.find("parent = ? AND scope = ?", row.id, row.scope) if user.type.startswith("aws:iam/")
    ]
    if row.inputs.get("forceDetachPolicies"):
        users = [user for user in users if "rolePolicyAttachment" not in user.type]
    if users:
        raise CloudError("DeleteConflict", f"Cannot delete entity, must detach all policies first: {users[0].id}")


def keep_placement_group_in_use(store: Store, row: Row) -> None:
    """Refuse to delete a placement group with nodes in it (EC2: InvalidPlacementGroup.InUse)."""
    for group in store.find("scope = ? AND type = 'aws:eks/nodeGroup:NodeGroup'", row.scope):
        template = group.inputs.get("launchTemplate", {})
        for found in store.find(
            "scope = ? AND type = 'aws:ec2/launchTemplate:LaunchTemplate' AND (id = ? OR name = ?)",
            row.scope,
            template.get("id", "-"),
            template.get("name", "-"),
        ):
            placement = found.inputs.get("placement", {})
            if row.id == placement.get("groupName") or row.outputs.get("placementGroupId") == placement.get(
                "groupId", "-"
            ):
                raise CloudError("InvalidPlacementGroup.InUse", f"The placement group '{row.id}' is in use: {group.id}")


def keep_protected_cluster(_store: Store, row: Row) -> None:
    """Refuse to delete a cluster with deletion protection (EKS API, DeleteCluster: InvalidRequestException)."""
    if row.inputs.get("deletionProtection"):
        raise CloudError("InvalidRequestException", f"Cluster {row.id} has deletion protection enabled")


REMOVAL: dict[str, tuple[Callable[[Store, Row], None], ...]] = {
    "aws:ec2/vpc:Vpc": (_dependency("vpc"),),
    "aws:ec2/subnet:Subnet": (keep_subnet_in_use,),
    "aws:ec2/securityGroup:SecurityGroup": (keep_security_group_in_use,),
    "aws:ec2/placementGroup:PlacementGroup": (keep_placement_group_in_use,),
    "aws:eks/cluster:Cluster": (keep_protected_cluster, keep_cluster_with_node_groups),
    "aws:iam/role:Role": (keep_role_in_use,),
}
