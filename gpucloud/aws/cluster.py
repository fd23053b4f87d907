"""Arguments of an EKS control plane, its system nodes and its add-ons."""

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster_ref import AwsClusterRef
from gpucloud.aws.node_group import ami_type
from gpucloud.aws.tags import resource_tags
from gpucloud.plan.model import ClusterPlan, ImagePlan

CONTROL_PLANE_LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
LOG_RETENTION_DAYS = 90
EBS_CSI_ADDON = "aws-ebs-csi-driver"
# Before nodes: without network and identity none becomes ready. After them: these run pods of their own.
ADDONS_BEFORE_NODES = ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")
# The monitoring agent sees faults of accelerators, which node repair would otherwise not know of.
ADDONS_AFTER_NODES = (EBS_CSI_ADDON, "coredns", "eks-node-monitoring-agent")


def cluster_args(
    plan: ClusterPlan,
    name: str,
    role_arn: pulumi.Input[str],
    subnet_ids: list[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
) -> aws.eks.ClusterArgs:
    """A control plane whose API is private unless ranges are written, with all logs, and secrets under an own key.

    Access is by entries alone: the aws-auth ConfigMap is not read.
    """
    return aws.eks.ClusterArgs(
        region=plan.region,
        name=name,
        role_arn=role_arn,
        version=plan.kubernetes_version,
        vpc_config=aws.eks.ClusterVpcConfigArgs(
            subnet_ids=subnet_ids,
            endpoint_private_access=True,
            endpoint_public_access=bool(plan.public_from),
            public_access_cidrs=list(plan.public_from) or None,
        ),
        access_config=aws.eks.ClusterAccessConfigArgs(
            authentication_mode="API", bootstrap_cluster_creator_admin_permissions=True
        ),
        kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
            service_ipv4_cidr=plan.network.service_cidr
        ),
        encryption_config=aws.eks.ClusterEncryptionConfigArgs(
            provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=key_arn), resources=["secrets"]
        ),
        enabled_cluster_log_types=list(CONTROL_PLANE_LOGS),
        # The add-ons are declared one by one; EKS's own copies would be unmanaged.
        bootstrap_self_managed_addons=False,
        # Extended support is charged extra; under standard support a cluster upgrades by itself before that begins.
        upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
        tags=resource_tags(dict(plan.tags), name),
    )


def addon_args(
    plan: ClusterPlan, addon: str, cluster_name: pulumi.Input[str], role_arn: pulumi.Input[str] | None = None
) -> aws.eks.AddonArgs:
    """One add-on at EKS's default version for the cluster's; an upgrade keeps what a person changed in the cluster.

    Nodes with EFA-only interfaces need vpc-cni 1.18.5 or newer (EKS user guide, node-efa); no version is pinned here.
    """
    return aws.eks.AddonArgs(
        region=plan.region,
        cluster_name=cluster_name,
        addon_name=addon,
        resolve_conflicts_on_create="OVERWRITE",
        resolve_conflicts_on_update="PRESERVE",
        pod_identity_associations=(
            [aws.eks.AddonPodIdentityAssociationArgs(role_arn=role_arn, service_account="ebs-csi-controller-sa")]
            if role_arn is not None
            else None
        ),
        tags=resource_tags(dict(plan.tags), addon),
    )


def system_template_args(plan: ClusterPlan, name: str) -> aws.ec2.LaunchTemplateArgs:
    """System nodes: encrypted root volume, session tokens for instance metadata."""
    return aws.ec2.LaunchTemplateArgs(
        region=plan.region,
        update_default_version=True,
        block_device_mappings=[
            aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                device_name="/dev/xvda",
                ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                    volume_type="gp3", volume_size=50, encrypted="true", delete_on_termination="true"
                ),
            )
        ],
        metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
            http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=2
        ),
        tags=resource_tags(dict(plan.tags), name),
    )


def system_node_group_args(
    plan: ClusterPlan, name: str, cluster: AwsClusterRef, template: aws.ec2.LaunchTemplate
) -> aws.eks.NodeGroupArgs:
    """One group over the control plane's zones: system pods must outlive a zone, and their nodes are never scarce."""
    system = plan.system_pool
    return aws.eks.NodeGroupArgs(
        region=plan.region,
        cluster_name=cluster.cluster_name,
        version=cluster.kubernetes_version,
        node_role_arn=cluster.node_role_arn,
        # The zones that stay: another subnet would replace the group, and drain every system pod at once.
        subnet_ids=[cluster.subnet_ids[zone] for zone in plan.network.control_plane_zones],
        ami_type=ami_type(ImagePlan("al2023", "standard", None), system.architecture),
        capacity_type="ON_DEMAND",
        instance_types=[system.machine_type],
        launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version=template.latest_version.apply(str)),
        scaling_config=aws.eks.NodeGroupScalingConfigArgs(
            min_size=system.size.min, desired_size=system.size.desired, max_size=system.size.max
        ),
        update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1),
        labels={"gpucloud.io/pool": "system"},
        tags=resource_tags(dict(plan.tags), name),
    )
