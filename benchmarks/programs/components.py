"""Small GPU node pools on an existing cluster, through gpucloud."""

import pulumi

from gpucloud import AwsClusterRef, AwsGpuNodePool, NodePoolSpec, OnDemand, SizeSpec, Spot

cluster = AwsClusterRef(
    cluster_name="training",
    region="us-east-1",
    vpc_id="vpc-0123456789abcdef0",
    subnet_ids={"us-east-1a": "subnet-0123456789abcdef0"},
    node_role_arn="arn:aws:iam::123456789012:role/nodes",
    cluster_security_group_id="sg-0123456789abcdef0",
    tags={"team": "platform"},
)
for number in range(pulumi.Config().require_int("pools")):
    pool = NodePoolSpec(
        name=f"pool-{number:03}",
        machine_type="g5.xlarge",
        zones=("us-east-1a",),
        size=SizeSpec(min=0, desired=0, max=4),
        capacity=(Spot(), OnDemand()),
    )
    AwsGpuNodePool(pool.name, pool, cluster)
