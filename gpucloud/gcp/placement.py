"""Where the nodes of a pool stand to each other."""

import pulumi
import pulumi_gcp as gcp

from gpucloud.plan.model import NodePoolPlan, OfferingPlan

# GoogleCloudPlatform/cluster-toolkit 1047080, examples/gke-a4x and gke-a4x-max-bm: one NVLink domain of 72 GPUs.
_NVLINK_TOPOLOGY = "1x72"


def workload_policy_args(
    region: str, project: pulumi.Input[str] | None
) -> "gcp.compute.ResourcePolicyArgs":  # in quotes: to name it at import costs 1.2 s
    """The policy of machine types that come only inside an NVLink domain."""
    return gcp.compute.ResourcePolicyArgs(
        project=project,
        region=region,
        workload_policy=gcp.compute.ResourcePolicyWorkloadPolicyArgs(
            type="HIGH_THROUGHPUT", accelerator_topology=_NVLINK_TOPOLOGY
        ),
    )


def placement_policy(
    pool: NodePoolPlan, offering: OfferingPlan, policy_name: pulumi.Input[str] | None
) -> gcp.container.NodePoolPlacementPolicyArgs | None:
    """Compact placement, by a policy that is there or one that GKE makes; None where nodes may stand anywhere.

    COMPACT is the type of workload policies too (cluster-toolkit, modules/compute/resource-policy/outputs.tf).
    """
    policy = policy_name if policy_name is not None else pool.existing_placement
    if policy is None and not offering.close_placement:
        return None
    return gcp.container.NodePoolPlacementPolicyArgs(type="COMPACT", policy_name=policy)
