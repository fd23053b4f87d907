"""A GKE cluster with what every cluster needs before its first GPU node."""

import dataclasses
from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from gpucloud.components.gcp_registry_mirrors import GcpRegistryMirrors
from gpucloud.components.refusal import refused_plainly
from gpucloud.gcp.cluster import SYSTEM_POOL, cluster_args, system_node_pool_args
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.identity import ADMIN_ROLE, NODE_ROLES, member_args, node_account_args
from gpucloud.gcp.kubeconfig import kubeconfig, kubeconfig_command
from gpucloud.plan.environment import plan_cluster
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec.cluster import ClusterSpec


class GcpCluster(pulumi.ComponentResource):
    """A regional GKE Standard control plane and its system nodes; GPU pools are components of their own.

    Declares: a service account for nodes with its roles, the cluster (Dataplane V2, Workload Identity, private nodes),
    the role of every administrator, and a node pool over the control plane's zones for system pods. The subnet must
    have secondary ranges called `pods` and `services`, as that of `GcpNetwork` has. And a GcpRegistryMirrors where the
    plan has mirrors that the stack makes.

    GKE's own deletion protection is off, so that a stack can be destroyed; set `protect` in `opts` where that must not
    happen. Administrators are so for every cluster of the project, since Google Cloud's role is the project's.

    Attributes:
        ref: What node pools need; ready for `GcpGpuNodePool`.
        kubeconfig: For clients that have gke-gcloud-auth-plugin; holds no secret.
        kubeconfig_command: The command by which a person gets the same.
        system_nodes: The node pool of system pods.
        mirrors: What must be there before operators pull images by the mirrors that the stack makes.
    """

    ref: GcpClusterRef
    kubeconfig: pulumi.Output[str]
    kubeconfig_command: pulumi.Output[str]
    system_nodes: gcp.container.NodePool
    mirrors: Sequence[pulumi.Resource] = ()

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        spec: ClusterSpec | ClusterPlan,
        network_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        *,
        wait_for: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GcpCluster", name, None, opts)
        with refused_plainly(name):
            plan = spec if isinstance(spec, ClusterPlan) else plan_cluster(spec)
        child = pulumi.ResourceOptions(parent=self)
        client = gcp.organizations.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self))
        project = client.project
        account = gcp.serviceaccount.Account(name, node_account_args(name, project), opts=child)
        roles = [
            gcp.projects.IAMMember(
                f"{name}-{role.rpartition('/')[2]}", member_args(project, role, account.member), opts=child
            )
            for role in NODE_ROLES
        ]
        cluster = gcp.container.Cluster(
            name,
            cluster_args(plan, name, project, network_id, subnet_id, account.email),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*roles, *wait_for],
                # Both are of the pool that is removed; a change of either would replace the cluster.
                ignore_changes=["initialNodeCount", "nodeConfig"],
                # Its name is taken until it is gone.
                delete_before_replace=True,
            ),
        )
        if plan.managed_mirrors:
            self.mirrors = GcpRegistryMirrors(
                name, plan.managed_mirrors, plan.region, project, labels=dict(plan.tags), opts=child
            ).made
        for admin in plan.admins:
            gcp.projects.IAMMember(f"{name}-{admin}", member_args(project, ADMIN_ROLE, admin), opts=child)
        self.ref = GcpClusterRef(
            cluster_name=cluster.name,
            region=plan.region,
            node_service_account=account.email,
            project=project,
            labels=dict(plan.tags),
        )
        self.system_nodes = gcp.container.NodePool(
            f"{name}-{SYSTEM_POOL}",
            system_node_pool_args(plan, self.ref),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=roles, ignore_changes=["initialNodeCount"], delete_before_replace=True
            ),
        )
        authority = cluster.master_auth.apply(lambda found: _given(found.cluster_ca_certificate))
        self.kubeconfig = pulumi.Output.all(cluster.endpoint, authority).apply(lambda found: kubeconfig(*found))
        self.kubeconfig_command = pulumi.Output.all(cluster.name, project).apply(
            lambda found: kubeconfig_command(found[0], plan.region, found[1], private=not plan.public_from)
        )
        self.ref = dataclasses.replace(self.ref, wait_for=(self.system_nodes,))
        self.register_outputs({"cluster_name": cluster.name, "kubeconfig_command": self.kubeconfig_command})


def _given(certificate: str | None) -> str:
    """What GKE computes for every cluster; without it no client could trust the API."""
    if not certificate:
        raise pulumi.RunError("GKE gave no masterAuth.clusterCaCertificate; refresh the stack and try again")
    return certificate
