"""Rules that hold on GKE alone; most are what cluster-toolkit's gke-node-pool module asks for (main.tf:317-566)."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.plan.allocation import failover_order, place_nodes
from gpucloud.plan.fabric import resolve_fabric
from gpucloud.plan.gpu_networks import plan_gpu_networks
from gpucloud.plan.image import image_family
from gpucloud.plan.physical_names import physical_name
from gpucloud.plan.placing import COMPACT_WITH_FLEX_START
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.capacity import FlexStart, Queued, Reserved
from gpucloud.spec.sharing import Mig

# GKE API, NodePool.name; terraform-google-modules takes 36 because it adds four.
NODE_POOL_NAME_LIMIT = 40
# Compute Engine API, Network.name and Subnetwork.name (RFC 1035 labels).
NETWORK_NAME_LIMIT = 63
RESERVATION = re.compile(r"^(projects/[a-z][a-z0-9:.-]{4,61}[a-z0-9]/reservations/)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")


def node_pool_names_fit(context: PoolContext) -> Iterator[Problem]:
    """GKE takes 40 characters; zone and capacity type need some of them."""
    names = [
        physical_name("gcp", context.pool.name, candidate) or ""
        for candidate in failover_order(context.pool.zones, context.pool.capacity)
    ]
    longest = max(names, key=len)
    if len(longest) > NODE_POOL_NAME_LIMIT:
        over = len(longest) - NODE_POOL_NAME_LIMIT
        yield context.problem(
            "name",
            f"makes the node pool {longest}, {len(longest)} characters where GKE takes {NODE_POOL_NAME_LIMIT}",
            f"shorten it by {over}",
        )


def gpu_network_names_fit(context: PoolContext) -> Iterator[Problem]:
    """Networks and subnets between accelerators are named after environment, cluster and pool."""
    pool, machine = context.pool, context.machine
    if machine is None:
        return
    networks = plan_gpu_networks(context.place, pool.zones, machine, resolve_fabric(pool, machine))
    longest = max((name for network in networks for name in network.interfaces), key=len, default="")
    if len(longest) > NETWORK_NAME_LIMIT:
        over = len(longest) - NETWORK_NAME_LIMIT
        yield context.problem(
            "name",
            f"makes the subnet {longest}, {len(longest)} characters where Compute Engine takes {NETWORK_NAME_LIMIT}",
            f"shorten the names of pool, cluster and environment by {over} together",
        )


def reservation_is_named(context: PoolContext) -> Iterator[Problem]:
    """A reservation is named by itself, or with its project; blocks have a field of their own."""
    for index, entry in enumerate(context.pool.capacity):
        if isinstance(entry, Reserved) and not RESERVATION.match(entry.reservation_id):
            yield context.problem(
                f"capacity[{index}].reservation_id",
                f"{entry.reservation_id} names no reservation, GKE would refuse the pool",
                "write RESERVATION or projects/PROJECT/reservations/RESERVATION, and its blocks under `blocks`",
            )


def cos_keeps_googles_driver(context: PoolContext) -> Iterator[Problem]:
    """The operator's driver containers do not support Container-Optimized OS (NVIDIA/aicr, values-gke-cos.yaml)."""
    if context.pool.driver_owner == "operator" and image_family("gcp", context.pool) == "cos":
        yield context.problem(
            "driver_owner",
            "the operator installs no driver on Container-Optimized OS, nodes would have none",
            "set driver_owner to `vendor`, or image to {family: ubuntu}",
        )


def gke_taints_gpu_nodes_itself(context: PoolContext) -> Iterator[Problem]:
    """GKE puts `nvidia.com/gpu=present:NoSchedule` on GPU nodes whatever is asked (terraform-provider-google#7928)."""
    if not context.pool.gpu_taint:
        yield context.problem("gpu_taint", "GKE taints nodes with GPUs whatever is asked", "leave it out")


def gke_taint_is_not_declared(context: PoolContext) -> Iterator[Problem]:
    """The taint that GKE adds, declared again, stands twice or fails the pool (terraform-provider-google#7928)."""
    for index, taint in enumerate(context.pool.taints):
        if taint.key == "nvidia.com/gpu" and taint.effect == "NoSchedule":
            yield context.problem(
                f"taints[{index}]", "GKE adds this taint itself, nodes would have it twice", "remove it"
            )


def queued_nodes_start_at_zero(context: PoolContext) -> Iterator[Problem]:
    """Queued provisioning brings all nodes of a request at once, and takes no minimum (cluster-toolkit)."""
    if not any(isinstance(entry, Queued) for entry in context.pool.capacity):
        return
    for field, value in (("min", context.pool.size.min), ("desired", context.pool.size.desired)):
        if value > 0:
            yield context.problem(
                f"size.{field}",
                f"{value} nodes are wanted of a queued pool, GKE refuses one that does not start at zero",
                f"set {field} to 0; a ProvisioningRequest brings the nodes",
            )


def flex_start_nodes_start_at_zero(context: PoolContext) -> Iterator[Problem]:
    """Flex-start has no static number of nodes (cluster-toolkit): a wanted node would hold the update up, for days.

    Nodes that fit other entries first are no matter; those that are left for a flex-start entry are.
    """
    pool, machine = context.pool, context.machine
    if machine is None or not any(isinstance(entry, FlexStart) for entry in pool.capacity):
        return
    sizes = [
        offering.size
        for shard in place_nodes(pool, context.unavailable, machine.name, stays_close=False)
        for offering in shard.offerings
        if offering.capacity_type == "flex-start"
    ]
    for field, value in (("min", sum(size.min for size in sizes)), ("desired", sum(size.desired for size in sizes))):
        if value > 0:
            yield context.problem(
                f"size.{field}",
                f"{value} nodes are wanted of flex-start, which has no static number of nodes",
                f"lower {field} by {value}; the autoscaler brings nodes as pods ask for them",
            )


def flex_start_nodes_are_not_repaired(context: PoolContext) -> Iterator[Problem]:
    """Auto-repair must be off with flex-start (cluster-toolkit; xpk: --no-enable-autorepair)."""
    if context.pool.repair and any(isinstance(entry, FlexStart) for entry in context.pool.capacity):
        yield context.problem(
            "repair", "GKE does not repair flex-start nodes, it refuses the pool", "leave it out, or drop `flex-start`"
        )


def compact_placement_goes_with_the_capacity(context: PoolContext) -> Iterator[Problem]:
    """Compact placement excludes queued provisioning, and flex-start but for A3 Ultra and A4 (cluster-toolkit)."""
    pool, machine = context.pool, context.machine
    if machine is None or pool.placement is None or pool.placement.type == "none":
        return
    for index, entry in enumerate(pool.capacity):
        flex = isinstance(entry, FlexStart) and not machine.name.startswith(COMPACT_WITH_FLEX_START)
        if flex or isinstance(entry, Queued):
            yield context.problem(
                f"capacity[{index}]",
                f"{entry.type} nodes of {machine.name} cannot be placed close to each other, GKE refuses the pool",
                "leave `placement` out, or drop the entry",
            )


def mig_is_cut_by_gke(context: PoolContext) -> Iterator[Problem]:
    """`gpu_partition_size` is applied by GKE's device plugin, which goes when the operator has its own."""
    sharing = context.pool.sharing
    if isinstance(sharing, Mig) and sharing.profile is not None and context.pool.driver_owner != "vendor":
        yield context.problem("sharing", "GKE cuts GPUs with its own plugin alone", "set driver_owner to `vendor`")


def local_drives_are_not_raid10(context: PoolContext) -> Iterator[Problem]:
    """GKE joins local SSDs as RAID-0, or leaves them as raw devices (terraform-provider-google, node_config)."""
    if context.pool.local_nvme == "raid10":
        yield context.problem("local_nvme", "GKE has no raid10", "use `raid0`, `mount` or `none`")


def own_placement_policy_is_the_librarys(context: PoolContext) -> Iterator[Problem]:
    """A4X comes only under a workload policy for its NVLink domain (cluster-toolkit, examples/gke-a4x)."""
    machine = context.machine
    if machine is None or not isinstance(machine.vendor, GcpMachine) or not machine.vendor.placement_required:
        return
    if context.pool.placement is not None and context.pool.placement.type != "cluster":
        yield context.problem(
            "placement",
            f"{machine.name} comes only under a placement policy of its own, which the library makes",
            "leave `placement` out",
        )


def one_block_at_a_time(context: PoolContext) -> Iterator[Problem]:
    """A node pool takes one reservation value (cluster-toolkit, modules/compute/gke-node-pool)."""
    for index, entry in enumerate(context.pool.capacity):
        if isinstance(entry, Reserved) and len(entry.blocks) > 1:
            yield context.problem(
                f"capacity[{index}].blocks",
                f"{len(entry.blocks)} blocks where a node pool of GKE stays in one",
                "name one, or leave `blocks` out and let GKE choose in the whole reservation",
            )


def release_channel_repairs_nodes(context: PoolContext) -> Iterator[Problem]:
    """Clusters in a release channel, as the library's are, keep auto-repair on (GKE documentation, auto-repair)."""
    entries = context.pool.capacity
    if context.pool.repair is False and not all(isinstance(entry, FlexStart) for entry in entries):
        yield context.problem(
            "repair", "GKE keeps auto-repair on in clusters of a release channel, it refuses the pool", "leave it out"
        )


def latest_driver_is_for_cos(context: PoolContext) -> Iterator[Problem]:
    """LATEST is there for Container-Optimized OS alone (terraform-provider-google, gpu_driver_version)."""
    if context.pool.driver_version == "latest" and image_family("gcp", context.pool) != "cos":
        yield context.problem(
            "driver_version",
            "GKE has its latest driver for Container-Optimized OS alone",
            "use `default`, or image family `cos`",
        )
