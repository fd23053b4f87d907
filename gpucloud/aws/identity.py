"""IAM roles of a cluster: who may assume them, and which managed policies they carry."""

import json

# https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html
CLUSTER_POLICIES = ("AmazonEKSClusterPolicy",)
# https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html; the CNI policy as long as the add-on uses the
# node's role; SSM so that a node can be looked into without a key or an open port.
NODE_POLICIES = (
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
)
EBS_CSI_POLICIES = ("service-role/AmazonEBSCSIDriverPolicy",)
CLUSTER_ADMIN_POLICY = "cluster-access-policy/AmazonEKSClusterAdminPolicy"


def partition_of(region: str) -> str:
    """The partition that a region belongs to, which begins every ARN in it (botocore's endpoints.json)."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def managed_policy_arn(region: str, policy: str) -> str:
    """ARN of a policy that AWS keeps."""
    return f"arn:{partition_of(region)}:iam::aws:policy/{policy}"


def access_policy_arn(region: str, policy: str) -> str:
    """ARN of an EKS access policy."""
    return f"arn:{partition_of(region)}:eks::aws:{policy}"


def assume_role_policy(service: str, *, session_tags: bool = False) -> str:
    """Trust of one AWS service; EKS Pod Identity also tags the session."""
    actions = ["sts:AssumeRole", "sts:TagSession"] if session_tags else ["sts:AssumeRole"]
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": actions}],
        },
        sort_keys=True,
    )
