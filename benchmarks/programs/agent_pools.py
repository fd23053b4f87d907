"""GPU node pools on an existing AKS cluster, through gpucloud."""

import pulumi

from gpucloud import AzureClusterRef, AzureGpuNodePool, NodePoolSpec, SizeSpec

cluster = AzureClusterRef(
    resource_group_name="training",
    cluster_name="training",
    region="eastus",
    node_subnet_id=(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/training/providers/"
        "Microsoft.Network/virtualNetworks/training/subnets/nodes"
    ),
)
for number in range(pulumi.Config().require_int("pools")):
    pool = NodePoolSpec(
        name=f"p{number:03}", machine_type="Standard_NC24ads_A100_v4", zones=("1",), size=SizeSpec(max=4)
    )
    AzureGpuNodePool(pool.name, pool, cluster)
