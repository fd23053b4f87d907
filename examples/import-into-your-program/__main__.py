"""Two components in a program that is otherwise yours: a GPU pool and its operators on a cluster that you already have.

In the local cloud: gpucloud sim run -- pulumi up --stack dev
"""

import pulumi
import pulumi_kubernetes as k8s
from own_cluster import make_own_cluster

from gpucloud import AwsClusterRef, AwsGpuNodePool, GpuStack, GpuStackSpec, NodePoolSpec, OnDemand, SizeSpec, Spot

own = make_own_cluster()

pool = AwsGpuNodePool(
    "inference",
    NodePoolSpec(
        name="inference",
        machine_type="g6.2xlarge",
        zones=("us-west-2a", "us-west-2b"),
        spread="even",
        size=SizeSpec(min=0, desired=2, max=6),
        capacity=(Spot(), OnDemand()),
        labels={"team": "search"},
    ),
    AwsClusterRef(
        cluster_name=own.cluster.name,
        region="us-west-2",
        vpc_id=own.vpc.id,
        subnet_ids={zone: subnet.id for zone, subnet in own.subnets.items()},
        node_role_arn=own.node_role.arn,
        cluster_security_group_id=own.cluster.vpc_config.cluster_security_group_id,
    ),
)

# However you reach your cluster: this provider uses the kubeconfig of whoever runs the program.
kubernetes = k8s.Provider("own", context=own.cluster.name)
GpuStack(
    "gpu-stack",
    GpuStackSpec(),
    pools=[pool.plan],
    opts=pulumi.ResourceOptions(providers={"kubernetes": kubernetes}, depends_on=[pool]),
)

pulumi.export("node_groups", pool.node_group_names)
