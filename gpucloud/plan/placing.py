"""A pool's offerings as its cloud takes them: their names there, their taints, their placement, their repair."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from gpucloud.facts.machine_types import Fabric, MachineType
from gpucloud.facts.vendor_machines import Cloud, GcpMachine
from gpucloud.plan.allocation import Candidate, Offering, failover_order, place_nodes
from gpucloud.plan.model import OfferingPlan, ShardPlan, TaintPlan
from gpucloud.plan.physical_names import physical_name
from gpucloud.plan.place import Place
from gpucloud.spec.capacity import CapacityType
from gpucloud.spec.node_pool import NodePoolSpec

# Azure's InfiniBand joins the nodes of a pool by itself; on the others nearness must be asked for.
_NEEDS_NEARNESS = frozenset({"efa", "tcpx", "tcpxo", "roce"})
# cluster-toolkit, modules/compute/gke-node-pool: compact placement with flex-start on these series alone.
COMPACT_WITH_FLEX_START = ("a3-ultragpu-", "a4-")
# AKS and GKE put these on such nodes by themselves; AKS wants them declared all the same, or every update differs.
# azure-aks-docs, spot-node-pool; terraform-provider-azurerm, kubernetes_cluster_node_pool (priority).
SPOT_TAINT = TaintPlan("kubernetes.azure.com/scalesetpriority", "spot", "NoSchedule")
# GKE documentation, "Deploy GPUs for batch workloads with flex-start and queued provisioning".
QUEUED_TAINT = TaintPlan("cloud.google.com/gke-queued", "true", "NoSchedule", set_by_cloud=True)


def local_offerings(place: Place, unavailable: frozenset[Offering]) -> frozenset[Offering]:
    """The offerings of this region, with zones named as its pools name them."""
    if place.cloud != "azure":
        return unavailable
    start = f"{place.region}-"
    return frozenset(
        replace(offering, zone=offering.zone.removeprefix(start))
        for offering in unavailable
        if offering.zone.startswith(start)
    )


def plan_shards(
    place: Place, pool: NodePoolSpec, machine: MachineType, fabric: Fabric, unavailable: frozenset[Offering]
) -> tuple[ShardPlan, ...]:
    """The pool's shards, one a zone, with everything that the cloud must be told of each offering."""
    close = pool.placement.type == "cluster" if pool.placement else fabric in _NEEDS_NEARNESS
    shards = place_nodes(pool, local_offerings(place, unavailable), machine.name, stays_close=close)
    if place.cloud == "aws" and pool.repair is not False:
        return shards
    candidates = failover_order(pool.zones, pool.capacity)
    return tuple(
        replace(
            shard, offerings=tuple(_adapt(place.cloud, pool, machine, candidates, entry) for entry in shard.offerings)
        )
        for shard in shards
    )


def _adapt(
    cloud: Cloud, pool: NodePoolSpec, machine: MachineType, candidates: Sequence[Candidate], offering: OfferingPlan
) -> OfferingPlan:
    return replace(
        offering,
        physical_name=physical_name(cloud, pool.name, candidates[offering.order]),
        close_placement=_is_close(machine, offering),
        repair=pool.repair is not False and offering.capacity_type != "flex-start",
        taints=capacity_taints(cloud, offering.capacity_type),
    )


def _is_close(machine: MachineType, offering: OfferingPlan) -> bool:
    """Whether the nodes are kept close: never where they are queued, with flex-start on some series only."""
    if not isinstance(machine.vendor, GcpMachine):
        return offering.close_placement
    if machine.vendor.placement_required:
        return True
    match offering.capacity_type:
        case "queued":
            return False
        case "flex-start":
            return offering.close_placement and machine.name.startswith(COMPACT_WITH_FLEX_START)
        case _:
            return offering.close_placement


def capacity_taints(cloud: Cloud, capacity_type: CapacityType) -> tuple[TaintPlan, ...]:
    """Taints that come with a capacity type."""
    match cloud:
        case "aws":
            return ()
        case "azure":
            return (SPOT_TAINT,) if capacity_type == "spot" else ()
        case "gcp":
            return (QUEUED_TAINT,) if capacity_type == "queued" else ()
        case _:
            assert_never(cloud)
