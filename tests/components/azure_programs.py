"""Pools and clusters on Azure that the tests of the components declare."""

from typing import Any

import pulumi

from gpucloud.azure.cluster_ref import AzureClusterRef
from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
from gpucloud.spec import ClusterSpec, NodePoolSpec
from tests.components.recorder import Answer, Record, record

REGION = "swedencentral"
H100, A100 = "Standard_ND96isr_H100_v5", "Standard_NC24ads_A100_v4"
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000002"
RESERVATIONS = f"{SUBSCRIPTION}/resourceGroups/Reserved/providers/Microsoft.Compute/capacityReservationGroups/a100"
RESERVED = {"type": "reserved", "reservation_id": RESERVATIONS, "zone": "2"}
FEATURE = "azure-native:features:getSubscriptionFeatureRegistration"


def cluster_ref(**changes: Any) -> AzureClusterRef:
    """Return a cluster of somebody else's."""
    given: dict[str, Any] = {
        "resource_group_name": "theirs",
        "cluster_name": "train",
        "region": REGION,
        "node_subnet_id": f"{SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/s",
        "tags": {"team": "ml"},
    }
    return AzureClusterRef(**(given | changes))


def pool_spec(**changes: Any) -> NodePoolSpec:
    """Return a pool of A100 nodes in one zone, two at most."""
    given: dict[str, Any] = {
        "name": "a100",
        "machine_type": A100,
        "zones": ["2"],
        "size": {"min": 0, "desired": 1, "max": 2},
    }
    return NodePoolSpec.model_validate(given | changes)


def record_pool(
    *,
    ref: AzureClusterRef | None = None,
    opts: pulumi.ResourceOptions | None = None,
    preview: bool = False,
    answers: dict[str, Answer] | None = None,
    **changes: Any,
) -> Record:
    """Return what one pool called `pool` declares."""
    return record(
        lambda: AzureGpuNodePool("pool", pool_spec(**changes), ref or cluster_ref(), opts) and None,
        preview=preview,
        answers=answers,
    )


def cluster_spec(**changes: Any) -> ClusterSpec:
    """Return a cluster with the pool of `pool_spec`."""
    given: dict[str, Any] = {
        "name": "train",
        "cloud": "azure",
        "region": REGION,
        "tags": {"team": "ml"},
        "node_pools": [pool_spec().model_dump(exclude_unset=True)],
    }
    return ClusterSpec.model_validate(given | changes)
