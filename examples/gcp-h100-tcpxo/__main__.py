"""Train on H100s: a new GKE cluster, training nodes with eight GPUDirect-TCPXO interfaces each.

In the local cloud: gpucloud sim run -- pulumi up --stack dev
"""

import pulumi

from gpucloud import (
    ClusterSpec,
    EnvironmentSpec,
    FlexStart,
    GpuEnvironment,
    KubeletSpec,
    NodePoolSpec,
    OnDemand,
    SizeSpec,
    Spot,
    Tcpxo,
)

environment = GpuEnvironment(
    "h100",
    EnvironmentSpec(
        name="h100",
        clusters=(
            ClusterSpec(
                name="train",
                cloud="gcp",
                region="us-central1",
                node_pools=(
                    # Pre-training: eight networks for the GPUs, nodes close together, a second zone if the first is
                    # out. The driver is GKE's latest.
                    NodePoolSpec(
                        name="pretrain",
                        machine_type="a3-megagpu-8g",
                        zones=("us-central1-a", "us-central1-c"),
                        size=SizeSpec(min=0, desired=2, max=8),
                        capacity=(OnDemand(), Spot()),
                        fabric=Tcpxo(),
                        driver_version="latest",
                        kubelet=KubeletSpec(cpuManagerPolicy="static", topologyManagerPolicy="restricted"),
                    ),
                    # Tuning: one GPU a node, waited for when there is none; nodes go after two days at the latest.
                    NodePoolSpec(
                        name="tune",
                        accelerator="h100-sxm-80gb",
                        accelerators_per_node=1,
                        zones=("us-central1-a",),
                        size=SizeSpec(max=4),
                        capacity=(FlexStart(max_run_seconds=172_800),),
                    ),
                ),
            ),
        ),
    ),
)

pulumi.export("pools", environment.pools)
