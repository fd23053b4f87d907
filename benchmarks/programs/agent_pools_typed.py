"""The same agent pools with the same arguments, through the SDK's own class and its aliases."""

import pulumi
from pulumi_azure_native import containerservice

from gpucloud import AzureClusterRef, NodePoolSpec, SizeSpec
from gpucloud.azure.agent_pool import agent_pool_args
from gpucloud.plan.node_pool import plan_single_pool

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
    plan = plan_single_pool("azure", cluster.region, pool.name, pool)
    (offering,) = plan.offerings
    # The class takes keywords only, since its argument type and its constructor both have a `resource_name`.
    given = {
        f"{key}_" if key == "resource_name" else key: value
        for key, value in vars(agent_pool_args(plan, offering, cluster, None)).items()
    }
    containerservice.AgentPool(f"{pool.name}-{offering.name}", **given)
