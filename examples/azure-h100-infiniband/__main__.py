"""Train on H100s: a new AKS cluster, training nodes with eight InfiniBand cards each.

In the local cloud: gpucloud sim run -- pulumi up --stack dev
In a real subscription, once: az feature register --namespace Microsoft.ContainerService --name AKSInfinibandSupport
"""

import pulumi

from gpucloud import (
    ClusterSpec,
    EnvironmentSpec,
    GpuEnvironment,
    Infiniband,
    KubeletSpec,
    LinuxSpec,
    NodePoolSpec,
    OnDemand,
    SizeSpec,
    Spot,
)

environment = GpuEnvironment(
    "h100",
    EnvironmentSpec(
        name="h100",
        clusters=(
            ClusterSpec(
                name="train",
                cloud="azure",
                region="eastus",
                node_pools=(
                    # Pre-training: InfiniBand ends at a pool's border, so the whole job is one pool. Azure sells many
                    # GPU sizes in no zone at all: `regional` is where to go on to. The GPU operator owns the driver,
                    # which InfiniBand between GPUs needs.
                    NodePoolSpec(
                        name="train",
                        machine_type="Standard_ND96isr_H100_v5",
                        zones=("1", "regional"),
                        size=SizeSpec(min=0, desired=2, max=16),
                        capacity=(OnDemand(), Spot()),
                        fabric=Infiniband(),
                        driver_owner="operator",
                        kubelet=KubeletSpec(cpuManagerPolicy="static", topologyManagerPolicy="restricted"),
                        linux=LinuxSpec(transparent_hugepages="madvise"),
                    ),
                    # Evaluation: one 94 GB card a node, on spot alone, with the same driver owner as the whole cluster.
                    NodePoolSpec(
                        name="evaluate",
                        accelerator="h100-nvl-94gb",
                        accelerators_per_node=1,
                        zones=("1",),
                        size=SizeSpec(max=4),
                        capacity=(Spot(),),
                        driver_owner="operator",
                    ),
                ),
            ),
        ),
    ),
)

pulumi.export("pools", environment.pools)
