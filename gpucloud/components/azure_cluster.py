"""An AKS cluster with what every cluster needs before its first GPU node."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import authorization, containerservice, managedidentity

from gpucloud.azure.cluster import UPGRADE_SCHEDULES, ClusterInputs, cluster_args, maintenance_args
from gpucloud.azure.cluster_ref import AzureClusterRef
from gpucloud.azure.identity import (
    CONTRIBUTOR,
    NETWORK_CONTRIBUTOR,
    RBAC_CLUSTER_ADMIN,
    foreign_groups,
    identity_args,
    makes_placements,
    resource_group_id,
    role_args,
)
from gpucloud.azure.kubeconfig import kubeconfig, kubeconfig_command
from gpucloud.components.azure_registry_mirrors import AzureRegistryMirrors
from gpucloud.components.azure_resource import declare
from gpucloud.components.refusal import refused_plainly
from gpucloud.plan.environment import plan_cluster
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec.cluster import ClusterSpec


class AzureCluster(pulumi.ComponentResource):
    """An AKS control plane with its system nodes; GPU pools are components of their own.

    Declares: a user-assigned identity, its roles (on the node subnet; on the resource groups of capacity reservations
    and placement groups that the cluster's pools use), the cluster, the role of cluster administrator for whoever
    creates it, and the two schedules of AKS's own upgrades; an AzureRegistryMirrors where the plan has mirrors that the
    stack makes.

    Local accounts are off: people come in with Entra ID, by the groups under `access.admins` or by Azure roles on the
    cluster. A new role may take minutes to reach all of Azure, in rare cases an hour (azure-aks-docs,
    use-capacity-reservation-groups); a pool that is refused until then is made by the next `pulumi up`.

    Attributes:
        ref: What node pools need; ready for `AzureGpuNodePool`.
        identity_principal_id: The cluster's identity, for roles of one's own.
        oidc_issuer_url: Who signs the tokens of the cluster's service accounts, for federated credentials.
        kubeconfig: For clients that have kubelogin and the Azure CLI; holds no secret.
        kubeconfig_command: The command by which a person gets the same.
        system_nodes: What pools depend on: with AKS the cluster itself, which is there with its system nodes.
        mirrors: What must be there before operators pull images by the mirrors that the stack makes.
    """

    ref: AzureClusterRef
    identity_principal_id: pulumi.Output[str]
    oidc_issuer_url: pulumi.Output[str]
    kubeconfig: pulumi.Output[str]
    kubeconfig_command: pulumi.Output[str]
    system_nodes: pulumi.Resource
    mirrors: Sequence[pulumi.Resource] = ()

    def __init__(  # noqa: PLR0913  # two of six may be left out; a bag of the rest would hide them
        self,
        name: str,
        spec: ClusterSpec | ClusterPlan,
        resource_group_name: pulumi.Input[str],
        node_subnet_id: pulumi.Input[str],
        outbound_addresses: Sequence[pulumi.Input[str]] = (),
        *,
        wait_for: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`outbound_addresses` are those that the internet sees of the nodes: a public API with ranges admits them."""
        super().__init__("gpucloud:index:AzureCluster", name, None, opts)
        with refused_plainly(name):
            plan = spec if isinstance(spec, ClusterPlan) else plan_cluster(spec)
            _require_outbound(plan, outbound_addresses)
        child = pulumi.ResourceOptions(parent=self)
        identity = declare(managedidentity.UserAssignedIdentity, name, identity_args(plan, resource_group_name), child)
        roles = self._roles(name, plan, identity, node_subnet_id)
        cluster = declare(
            containerservice.ManagedCluster,
            name,
            cluster_args(
                plan, name, ClusterInputs(resource_group_name, identity.id, node_subnet_id, outbound_addresses)
            ),
            # AKS lists all pools of the cluster here after a refresh; an update that names the system pool alone leaves
            # the others as they are (pulumi-azure-native#579), one that names a pool that is gone is refused (#2719).
            pulumi.ResourceOptions(
                parent=self, depends_on=[*roles, *wait_for], ignore_changes=["agentPoolProfiles[0].count"]
            ),
        )
        for schedule in UPGRADE_SCHEDULES:
            args = maintenance_args(resource_group_name, cluster.name, schedule)
            declare(containerservice.MaintenanceConfiguration, f"{name}-{schedule}", args, child)
        admin = self._admit_creator(name, cluster)
        if plan.managed_mirrors:
            nodes = cluster.identity_profile.apply(_kubelet_object_id)
            self.mirrors = AzureRegistryMirrors(name, plan, resource_group_name, nodes, opts=child).made
        self.system_nodes = cluster
        self.identity_principal_id = identity.principal_id
        self.oidc_issuer_url = cluster.oidc_issuer_profile.apply(_issuer_url)
        self.ref = AzureClusterRef(
            resource_group_name=resource_group_name,
            cluster_name=cluster.name,
            region=plan.region,
            node_subnet_id=node_subnet_id,
            kubernetes_version=cluster.kubernetes_version.apply(lambda found: found or plan.kubernetes_version),
            tags=dict(plan.tags),
        )
        self.kubeconfig = self._kubeconfig(resource_group_name, cluster, admin)
        self.kubeconfig_command = pulumi.Output.all(resource_group_name, cluster.name).apply(
            lambda found: kubeconfig_command(*found)
        )
        self.register_outputs({"cluster_name": cluster.name, "kubeconfig_command": self.kubeconfig_command})

    def _roles(
        self,
        name: str,
        plan: ClusterPlan,
        identity: managedidentity.UserAssignedIdentity,
        node_subnet_id: pulumi.Input[str],
    ) -> list[pulumi.Resource]:
        scopes: list[tuple[str, pulumi.Input[str], str]] = [("subnet", node_subnet_id, NETWORK_CONTRIBUTOR)]
        own_group = identity.id.apply(resource_group_id)
        if makes_placements(plan):
            scopes.append(("placement", own_group, CONTRIBUTOR))
        scopes += [(group.rpartition("/")[2], group, CONTRIBUTOR) for group in foreign_groups(plan)]
        return [
            declare(
                authorization.RoleAssignment,
                f"{name}-{suffix}",
                role_args(scope, role, identity.principal_id, "ServicePrincipal"),
                pulumi.ResourceOptions(parent=self),
            )
            for suffix, scope, role in scopes
        ]

    def _admit_creator(self, name: str, cluster: containerservice.ManagedCluster) -> pulumi.Resource:
        """Who creates the cluster administers it, as on the other clouds; who updates it later changes nothing."""
        client = authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self))
        return declare(
            authorization.RoleAssignment,
            f"{name}-creator",
            role_args(cluster.id, RBAC_CLUSTER_ADMIN, client.object_id, None),
            pulumi.ResourceOptions(parent=self, ignore_changes=["principalId"]),
        )

    def _kubeconfig(
        self, group: pulumi.Input[str], cluster: containerservice.ManagedCluster, admin: pulumi.Resource
    ) -> pulumi.Output[str]:
        listed = containerservice.list_managed_cluster_user_credentials_output(
            resource_group_name=group,
            resource_name=cluster.name,
            opts=pulumi.InvokeOutputOptions(parent=self, depends_on=[admin]),
        )
        return listed.kubeconfigs.apply(lambda found: kubeconfig(found[0].value))


def _require_outbound(plan: ClusterPlan, addresses: Sequence[pulumi.Input[str]]) -> None:
    """Behind ranges that leave out the nodes' own address, no node would ever join."""
    if plan.public_from and "0.0.0.0/0" not in plan.public_from and not addresses:
        raise pulumi.RunError(
            f"outbound_addresses: the API of {plan.name} admits {', '.join(plan.public_from)} alone, so its own nodes "
            "could not reach it; give the address of their NAT gateway (`AzureNetwork.outbound_address`)"
        )


def _kubelet_object_id(
    profile: Mapping[str, containerservice.outputs.UserAssignedIdentityManagedClusterResponse] | None,
) -> str:
    """Whom nodes pull images as: an identity that AKS makes for every cluster that is given none."""
    found = (profile or {}).get("kubeletidentity")
    if found is None or not found.object_id:
        raise pulumi.RunError("AKS gave no identityProfile.kubeletidentity; refresh the stack and try again")
    return found.object_id


def _issuer_url(profile: containerservice.outputs.ManagedClusterOIDCIssuerProfileResponse | None) -> str:
    """What AKS computes for every cluster whose issuer is on."""
    if profile is None or not profile.issuer_url:
        raise pulumi.RunError("AKS gave no oidcIssuerProfile.issuerURL; refresh the stack and try again")
    return profile.issuer_url
