"""An EKS cluster with what every cluster needs before its first GPU node."""

import dataclasses
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster import (
    ADDONS_AFTER_NODES,
    ADDONS_BEFORE_NODES,
    EBS_CSI_ADDON,
    LOG_RETENTION_DAYS,
    addon_args,
    cluster_args,
    system_node_group_args,
    system_template_args,
)
from gpucloud.aws.cluster_ref import AwsClusterRef
from gpucloud.aws.identity import (
    CLUSTER_ADMIN_POLICY,
    CLUSTER_POLICIES,
    EBS_CSI_POLICIES,
    NODE_POLICIES,
    access_policy_arn,
    assume_role_policy,
    managed_policy_arn,
)
from gpucloud.aws.kubeconfig import kubeconfig
from gpucloud.aws.tags import resource_tags
from gpucloud.components.aws_registry_mirrors import AwsRegistryMirrors
from gpucloud.components.refusal import refused_plainly
from gpucloud.plan.environment import plan_cluster
from gpucloud.plan.model import ClusterPlan
from gpucloud.spec.cluster import ClusterSpec


class AwsCluster(pulumi.ComponentResource):
    """An EKS control plane, its system nodes and its add-ons; GPU pools are components of their own.

    Declares: IAM roles with their policies, a KMS key for secrets, the control plane's log group, the cluster, access
    entries for administrators, add-ons (network and identity before nodes, storage and DNS after), a launch template
    and a node group over the control plane's zones for system pods; an AwsRegistryMirrors where the plan has mirrors
    that the stack makes.

    Attributes:
        ref: What node pools need; ready for `AwsGpuNodePool`.
        kubeconfig: For clients that have the AWS CLI; holds no secret.
        kubeconfig_command: The command by which a person gets the same.
        mirrors: What must be there before operators pull images by the mirrors that the stack makes.
    """

    ref: AwsClusterRef
    kubeconfig: pulumi.Output[str]
    kubeconfig_command: pulumi.Output[str]
    mirrors: Sequence[pulumi.Resource] = ()

    def __init__(  # noqa: PLR0913  # everything that other resources give
        self,
        name: str,
        spec: ClusterSpec | ClusterPlan,
        vpc_id: pulumi.Input[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        *,
        wait_for: Sequence[pulumi.Resource] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AwsCluster", name, None, opts)
        with refused_plainly(name):
            plan = spec if isinstance(spec, ClusterPlan) else plan_cluster(spec)
        child = pulumi.ResourceOptions(parent=self)
        tags = resource_tags(dict(plan.tags), name)
        role, role_policies = self._role(f"{name}-cluster", plan, "eks.amazonaws.com", CLUSTER_POLICIES)
        node_role, node_policies = self._role(f"{name}-node", plan, "ec2.amazonaws.com", NODE_POLICIES)
        if plan.managed_mirrors:
            mirrors = AwsRegistryMirrors(name, plan.managed_mirrors, plan.region, node_role.name, opts=child)
            self.mirrors = mirrors.made
        key = aws.kms.Key(
            name,
            aws.kms.KeyArgs(
                region=plan.region, description=f"Secrets of EKS cluster {name}", enable_key_rotation=True, tags=tags
            ),
            opts=child,
        )
        # EKS would make the group itself, without an end to what it keeps, and leave it behind.
        logs = aws.cloudwatch.LogGroup(
            name,
            aws.cloudwatch.LogGroupArgs(
                region=plan.region,
                name=f"/aws/eks/{name}/cluster",
                retention_in_days=LOG_RETENTION_DAYS,
                tags=tags,
            ),
            opts=child,
        )
        cluster = aws.eks.Cluster(
            name,
            cluster_args(plan, name, role.arn, _control_plane_subnets(plan, subnet_ids), key.arn),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*role_policies, logs, *wait_for]),
        )
        self._admit_admins(name, plan, cluster)
        first = [
            aws.eks.Addon(f"{name}-{addon}", addon_args(plan, addon, cluster.name), opts=child)
            for addon in ADDONS_BEFORE_NODES
        ]
        authority = cluster.certificate_authority.apply(lambda found: _given(found.data, "certificateAuthority.data"))
        self.ref = AwsClusterRef(
            cluster_name=cluster.name,
            region=plan.region,
            vpc_id=vpc_id,
            subnet_ids=subnet_ids,
            node_role_arn=node_role.arn,
            cluster_security_group_id=cluster.vpc_config.apply(
                lambda found: _given(found.cluster_security_group_id, "vpcConfig.clusterSecurityGroupId")
            ),
            endpoint=cluster.endpoint,
            certificate_authority=authority,
            service_cidr=plan.network.service_cidr,
            kubernetes_version=cluster.version,
            tags=dict(plan.tags),
        )
        template = aws.ec2.LaunchTemplate(f"{name}-system", system_template_args(plan, f"{name}-system"), opts=child)
        self.system_nodes = aws.eks.NodeGroup(
            f"{name}-system",
            system_node_group_args(plan, f"{name}-system", self.ref, template),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[*first, *node_policies], ignore_changes=["scalingConfig.desiredSize"]
            ),
        )
        self.ref = dataclasses.replace(self.ref, wait_for=(self.system_nodes,))
        storage_role, storage_policies = self._role(f"{name}-ebs-csi", plan, "pods.eks.amazonaws.com", EBS_CSI_POLICIES)
        for addon in ADDONS_AFTER_NODES:
            args = addon_args(plan, addon, cluster.name, storage_role.arn if addon == EBS_CSI_ADDON else None)
            after_nodes = pulumi.ResourceOptions(parent=self, depends_on=[self.system_nodes, *storage_policies])
            aws.eks.Addon(f"{name}-{addon}", args, opts=after_nodes)
        self.kubeconfig = pulumi.Output.all(cluster.name, cluster.endpoint, authority).apply(
            lambda found: kubeconfig(*found, plan.region)
        )
        self.kubeconfig_command = cluster.name.apply(
            lambda found: f"aws eks update-kubeconfig --name {found} --region {plan.region}"
        )
        self.register_outputs({"cluster_name": cluster.name, "kubeconfig_command": self.kubeconfig_command})

    def _role(
        self, name: str, plan: ClusterPlan, service: str, policies: tuple[str, ...]
    ) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
        child = pulumi.ResourceOptions(parent=self)
        trust = assume_role_policy(service, session_tags=service.startswith("pods."))
        role = aws.iam.Role(
            name, aws.iam.RoleArgs(assume_role_policy=trust, tags=resource_tags(dict(plan.tags), name)), opts=child
        )
        attached = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rpartition('/')[2]}",
                aws.iam.RolePolicyAttachmentArgs(role=role.name, policy_arn=managed_policy_arn(plan.region, policy)),
                opts=child,
            )
            for policy in policies
        ]
        return role, attached

    def _admit_admins(self, name: str, plan: ClusterPlan, cluster: aws.eks.Cluster) -> None:
        child = pulumi.ResourceOptions(parent=self)
        for admin in plan.admins:
            # Account, kind and path tell two entries apart, and stay when another is added.
            *_, account, principal = admin.split(":", 5)
            suffix = f"{name}-{account}-{principal}"
            entry = aws.eks.AccessEntry(
                suffix,
                aws.eks.AccessEntryArgs(region=plan.region, cluster_name=cluster.name, principal_arn=admin),
                opts=child,
            )
            aws.eks.AccessPolicyAssociation(
                suffix,
                aws.eks.AccessPolicyAssociationArgs(
                    region=plan.region,
                    cluster_name=cluster.name,
                    principal_arn=entry.principal_arn,
                    policy_arn=access_policy_arn(plan.region, CLUSTER_ADMIN_POLICY),
                    access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
                ),
                opts=child,
            )


def _control_plane_subnets(plan: ClusterPlan, subnet_ids: Mapping[str, pulumi.Input[str]]) -> list[pulumi.Input[str]]:
    """Subnets in the zones that the plan chose to stay; a zone with nodes alone needs none."""
    missing = sorted(set(plan.network.control_plane_zones) - subnet_ids.keys())
    if missing:
        raise pulumi.RunError(
            f"subnet_ids: none in {', '.join(missing)}, where the control plane of {plan.name} lies; "
            "write the zones that have one under the cluster's `network.zones`"
        )
    return [subnet_ids[zone] for zone in plan.network.control_plane_zones]


def _given(value: str | None, name: str) -> str:
    """What EKS computes for every cluster; nodes without it could not join."""
    if not value:
        raise pulumi.RunError(f"EKS gave no {name}; refresh the stack and try again")
    return value
