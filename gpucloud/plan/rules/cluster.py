"""Rules about a cluster: its region, its network, its system nodes, its one GPU stack."""

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.gcp_floors import floor_minor, gke_floors
from gpucloud.facts.machine_types import MachineType, general_machine_type
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.vendor_machines import Cloud, GcpMachine
from gpucloud.facts.zones import regions, zones as zones_of
from gpucloud.plan.fabric import resolve_fabric
from gpucloud.plan.gpu_networks import GPU_NETWORKS_CIDR
from gpucloud.plan.machine import choose_machine_type
from gpucloud.plan.network import network_zones, pool_zones
from gpucloud.plan.system_nodes import DEFAULTS, system_machine_type
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.node_pool import NodePoolSpec

# CreateCluster takes subnets in two zones at least (EKS user guide, network requirements).
CONTROL_PLANE_ZONES = 2
# EKS: CreateCluster.name (botocore); AKS: 1 to 63 (azure resource name rules); GKE: NodePool and Cluster names have 40.
# Pulumi's names on AWS have eight more characters.
CLUSTER_NAME_LIMIT: Mapping[Cloud, int] = {"aws": 92, "azure": 63, "gcp": 40}
_PRINCIPALS: Mapping[Cloud, tuple[re.Pattern[str], str]] = {
    "aws": (re.compile(r"^arn:"), "the ARN of an IAM role or user"),
    "azure": (re.compile(r"^[0-9a-f]{8}-"), "the object ID of an Entra ID group"),
    "gcp": (re.compile(r"^(user|group|serviceAccount):"), "`user:`, `group:` or `serviceAccount:` with an address"),
}


def region_exists(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A region that the cloud does not have."""
    known = regions(cluster.cloud)
    if cluster.region not in known:
        near = nearest_names(cluster.region, known)
        yield Problem(
            f"{path}.region",
            f"{cluster.cloud} has no region {cluster.region}",
            f"use {', '.join(near)}" if near else "use a region of that cloud",
        )


def network_zones_are_in_the_region(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Zones of the network must exist, and hold those of every pool."""
    if cluster.region not in regions(cluster.cloud):
        return
    known = zones_of(cluster.cloud, cluster.region)
    for index, zone in enumerate(cluster.network.zones):
        if zone not in known:
            yield Problem(
                f"{path}.network.zones[{index}]",
                f"{zone} is not a zone of {cluster.region}",
                f"use {', '.join(known)}" if known else "leave `zones` out, the region has none",
            )
    if cluster.network.zones:
        used = pool_zones(cluster) if cluster.cloud == "aws" else set[str]()
        for zone in sorted(used & set(known) - set(cluster.network.zones)):
            yield Problem(
                f"{path}.network.zones", f"a pool has nodes in {zone}, where the network has no subnet", f"add {zone}"
            )


def network_has_two_zones(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """EKS puts its control plane into two zones or more."""
    if cluster.region not in regions(cluster.cloud):
        return
    zones = network_zones(cluster.cloud, cluster.region, cluster.network, pool_zones(cluster))
    if len(zones) < CONTROL_PLANE_ZONES:
        yield Problem(f"{path}.network.zones", "EKS needs subnets in two zones at least", "add a zone")


def admins_are_named_once(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Each makes an access entry, and EKS takes one for a principal (CreateAccessEntry, ResourceInUseException)."""
    admins = cluster.access.admins
    for index, admin in enumerate(admins):
        if admin in admins[:index]:
            yield Problem(
                f"{path}.access.admins[{index}]",
                f"{admin} stands twice, its access entry would be made twice",
                "keep one",
            )


def system_machine_type_exists(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """System nodes need a machine type without accelerators that the cloud has."""
    name = system_machine_type(cluster)
    try:
        general_machine_type(cluster.cloud, name)
    except UnknownNameError as error:
        yield Problem(
            f"{path}.system_pool.machine_type",
            f"{cluster.cloud} has no machine type {name} without accelerators",
            f"use {', '.join(error.nearest)}" if error.nearest else f"use one such as {DEFAULTS[cluster.cloud]}",
        )


def admins_are_the_clouds(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Each cloud names people its own way."""
    pattern, words = _PRINCIPALS[cluster.cloud]
    for index, admin in enumerate(cluster.access.admins):
        if not pattern.match(admin):
            yield Problem(
                f"{path}.access.admins[{index}]",
                f"{admin} is nobody on {cluster.cloud}, the cluster would be refused",
                f"write {words}",
            )


def cluster_name_fits(environment: str, cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Environment and cluster make the cluster's name, which its cloud limits."""
    limit, name = CLUSTER_NAME_LIMIT[cluster.cloud], f"{environment}-{cluster.name}"
    if len(name) > limit:
        yield Problem(
            f"{path}.name",
            f"makes the cluster {name}, {len(name)} characters where {limit} fit",
            f"shorten the names of cluster and environment by {len(name) - limit} together",
        )


def agent_pools_differ(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Agent pools have no dashes, so that two pools' names can become one."""
    first: dict[str, str] = {}
    for pool in sorted(cluster.node_pools, key=lambda pool: pool.name):
        other = first.setdefault(pool.name.replace("-", ""), pool.name)
        if other != pool.name:
            yield Problem(
                f"{path}.node_pools[{pool.name}].name",
                f"makes the same agent pools as {other}, AKS leaves dashes out",
                "rename one of the pools",
            )


def network_leaves_room_for_gpu_networks(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A node has interfaces in the cluster's network and in those between accelerators, whose ranges must differ."""
    fabrics = any(pool.fabric.type != "none" for pool in cluster.node_pools)
    if fabrics and IPv4Network(cluster.network.cidr).overlaps(IPv4Network(GPU_NETWORKS_CIDR)):
        yield Problem(
            f"{path}.network.cidr",
            f"{cluster.network.cidr} overlaps {GPU_NETWORKS_CIDR}, the networks between accelerators",
            f"take a range outside {GPU_NETWORKS_CIDR}",
        )


def gke_is_new_enough(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Fabrics and flex-start need a GKE version of their own for each machine type (facts, gcp_kubernetes_floors)."""
    for pool in cluster.node_pools:
        try:
            machine = choose_machine_type(cluster.cloud, pool, cluster.region)
        except UnknownNameError:
            continue
        for capability in sorted(_capabilities(pool, machine)):
            floors = gke_floors(machine.name, capability)
            if floors and floor_minor(cluster.kubernetes_version) < floor_minor(floors[0]):
                yield Problem(
                    f"{path}.kubernetes_version",
                    f"pool {pool.name} ({machine.name}) needs GKE {floors[0]} ({capability})",
                    f"set kubernetes_version to {'.'.join(map(str, floor_minor(floors[0])))} or later",
                )


def _capabilities(pool: NodePoolSpec, machine: MachineType) -> set[str]:
    """What the pool needs of GKE, in the words of the table."""
    found = {"machine-type"}
    if any(entry.type in {"flex-start", "queued"} for entry in pool.capacity):
        found.add("flex-start")
    fabric = resolve_fabric(pool, machine)
    if fabric != "none":
        is_dranet = isinstance(machine.vendor, GcpMachine) and machine.vendor.dranet
        found.add("dranet" if is_dranet else "rdma" if fabric == "roce" else fabric)
    return found


def amd_drivers_have_a_registry(
    cluster: ClusterSpec, path: str, pools: Sequence[tuple[NodePoolSpec, MachineType]]
) -> Iterator[Problem]:
    """AMD's operator builds driver images in the cluster and keeps them in a registry (ROCm/gpu-operator v1.5.1)."""
    if cluster.gpu_stack is None or cluster.gpu_stack.amd_driver_image is not None:
        return
    for pool, machine in pools:
        if accelerator(machine.accelerator).is_instinct and pool.driver_owner == "operator":
            yield Problem(
                f"{path}.gpu_stack.amd_driver_image",
                f"is not given, and pool {pool.name} needs it: AMD's operator would have nowhere to keep the driver",
                "name a repository that the cluster may write, such as myregistry.azurecr.io/amd/driver",
            )
            return
