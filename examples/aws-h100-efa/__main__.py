"""Train on H100s: a new EKS cluster, training nodes with 32 EFA interfaces each.

In the local cloud: gpucloud sim run -- pulumi up --stack dev
"""

import pulumi

from gpucloud import (
    ClusterSpec,
    Efa,
    EnvironmentSpec,
    GpuEnvironment,
    KubeletSpec,
    NetworkSpec,
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
                cloud="aws",
                region="us-east-1",
                network=NetworkSpec(cidr="10.64.0.0/16"),
                node_pools=(
                    # Pre-training: whole nodes, close together, pinned to sockets; a second zone if the first is out.
                    NodePoolSpec(
                        name="pretrain",
                        machine_type="p5.48xlarge",
                        zones=("us-east-1a", "us-east-1b"),
                        size=SizeSpec(min=0, desired=2, max=8),
                        capacity=(OnDemand(), Spot()),
                        fabric=Efa(),
                        kubelet=KubeletSpec(
                            cpuManagerPolicy="static", topologyManagerPolicy="restricted", topologyManagerScope="pod"
                        ),
                    ),
                    # Evaluation: machines with one H100, without the fabric, on spot alone.
                    NodePoolSpec(
                        name="evaluate",
                        accelerator="h100-sxm-80gb",
                        accelerators_per_node=1,
                        zones=("us-east-1a", "us-east-1b"),
                        size=SizeSpec(max=4),
                        capacity=(Spot(),),
                    ),
                ),
            ),
        ),
    ),
)

pulumi.export("pools", environment.pools)
