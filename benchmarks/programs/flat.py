"""The same pools as a person would write them for the AWS package alone: no components, no checks, no plan."""

import base64

import pulumi
import pulumi_aws as aws

REGION, ZONE, MACHINE_TYPE, ACCELERATOR = "us-east-1", "us-east-1a", "g5.xlarge", "a10g-24gb"
NODE_TEMPLATE = "k8s.io/cluster-autoscaler/node-template"
USER_DATA = """\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="GPUCLOUD"

--GPUCLOUD
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0

--GPUCLOUD--
"""

for number in range(pulumi.Config().require_int("pools")):
    pool = f"pool-{number:03}"
    labels = {
        "gpucloud.io/accelerator": ACCELERATOR,
        "gpucloud.io/fabric": "none",
        "gpucloud.io/pool": pool,
        "k8s.amazonaws.com/accelerator": ACCELERATOR,
    }
    for short, capacity_type in (("spot", "spot"), ("od", "on-demand")):
        offering = f"{pool}-{ZONE}-{short}"
        tags = {"Name": offering, "team": "platform"}
        template = aws.ec2.LaunchTemplate(
            offering,
            aws.ec2.LaunchTemplateArgs(
                region=REGION,
                description=f"{MACHINE_TYPE} for pool {pool}: {capacity_type} in {ZONE}",
                update_default_version=True,
                block_device_mappings=[
                    aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                        device_name="/dev/xvda",
                        ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                            volume_type="gp3",
                            volume_size=200,
                            throughput=600,
                            iops=4000,
                            encrypted="true",
                            delete_on_termination="true",
                        ),
                    )
                ],
                metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                    http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=2
                ),
                vpc_security_group_ids=["sg-0123456789abcdef0"],
                user_data=base64.b64encode(USER_DATA.encode()).decode(),
                tag_specifications=[
                    aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                    for kind in ("instance", "network-interface", "volume")
                ],
                tags=tags,
            ),
        )
        group = aws.eks.NodeGroup(
            offering,
            aws.eks.NodeGroupArgs(
                region=REGION,
                cluster_name="training",
                node_role_arn="arn:aws:iam::123456789012:role/nodes",
                subnet_ids=["subnet-0123456789abcdef0"],
                ami_type="AL2023_x86_64_NVIDIA",
                capacity_type="SPOT" if short == "spot" else "ON_DEMAND",
                instance_types=[MACHINE_TYPE],
                launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                    id=template.id, version=template.latest_version.apply(str)
                ),
                scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=0, desired_size=0, max_size=4),
                update_config=aws.eks.NodeGroupUpdateConfigArgs(max_unavailable=1, update_strategy="MINIMAL"),
                node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=True),
                labels=labels,
                taints=[aws.eks.NodeGroupTaintArgs(key="nvidia.com/gpu", value="present", effect="NO_SCHEDULE")],
                tags=tags,
            ),
            opts=pulumi.ResourceOptions(ignore_changes=["scalingConfig.desiredSize"]),
        )
        scaling_group = group.resources.apply(lambda found: found[0].autoscaling_groups[0].name or "")
        node_tags = [
            *((f"label-{key}", f"{NODE_TEMPLATE}/label/{key}", value) for key, value in labels.items()),
            ("resource-ephemeral-storage", f"{NODE_TEMPLATE}/resources/ephemeral-storage", "232Gi"),
            ("resource-nvidia.com/gpu", f"{NODE_TEMPLATE}/resources/nvidia.com/gpu", "1"),
            ("taint-nvidia.com/gpu-NoSchedule", f"{NODE_TEMPLATE}/taint/nvidia.com/gpu", "present:NoSchedule"),
        ]
        for suffix, key, value in node_tags:
            aws.autoscaling.Tag(
                f"{offering}-{suffix}",
                aws.autoscaling.TagArgs(
                    region=REGION,
                    autoscaling_group_name=scaling_group,
                    tag=aws.autoscaling.TagTagArgs(key=key, value=value, propagate_at_launch=False),
                ),
            )
