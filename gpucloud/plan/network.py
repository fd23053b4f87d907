"""The network of a cluster: which zones it has, and which part of the range goes where."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network
from typing import assert_never

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import REGIONAL, zones as zones_of
from gpucloud.plan.network_model import NetworkPlan, SubnetPlan
from gpucloud.spec.cluster import SERVICE_CIDR, ClusterSpec, NetworkSpec

ZONE_COUNT = 3
# The range is cut in eight blocks, one a zone letter: its first half is private, its last eighth public.
_BLOCKS = 8
_LETTERS = "abcdefgh"
# A node takes 256 addresses for pods on AKS (overlay) and GKE: room for 4,096 nodes. The second is for a network that
# lies in the first. Private ranges alone, since AKS and GKE route both inside the network only.
_POD_RANGES = ("10.128.0.0/12", "10.64.0.0/12")
# GKE's control plane takes a /28 outside of all other ranges (terraform-provider-google, private_cluster_config).
_CONTROL_PLANE_RANGES = ("172.16.0.0/28", "172.31.255.240/28")


def network_zones(cloud: Cloud, region: str, network: NetworkSpec, used: Iterable[str] = ()) -> tuple[str, ...]:
    """Zones with subnets, sorted: those written, else the region's first three and those in use.

    The three are there whatever is in use, so that a pool that comes or goes takes no other's subnets away.
    """
    if network.zones:
        return tuple(sorted(set(network.zones)))
    return tuple(sorted({*used, *zones_of(cloud, region)[:ZONE_COUNT]}))


def pool_zones(cluster: ClusterSpec) -> set[str]:
    """The zones that any pool of a cluster uses; nodes anywhere in the region use none."""
    return {zone for pool in cluster.node_pools for zone in pool.zones} - {REGIONAL}


def plan_network(cloud: Cloud, network: NetworkSpec, zones: Sequence[str]) -> NetworkPlan:
    """The network: a subnet a zone where subnets lie in zones (AWS), one for the region elsewhere."""
    match cloud:
        case "aws":
            return _zonal_network(network, zones)
        case "azure":
            return _regional_network(network, zones, control_plane_cidr=None)
        case "gcp":
            cidr = _first_apart(_CONTROL_PLANE_RANGES, network.cidr)
            return _regional_network(network, zones, control_plane_cidr=cidr)
        case _:
            assert_never(cloud)


def _zonal_network(network: NetworkSpec, zones: Sequence[str]) -> NetworkPlan:
    """Subnets by zone letter, so that a zone that comes or goes moves no other zone's addresses."""
    blocks = list(IPv4Network(network.cidr).subnets(prefixlen_diff=(_BLOCKS - 1).bit_length()))
    subnets = []
    for zone in zones:
        block = blocks[_LETTERS.index(zone[-1])]
        private, rest = block.subnets(prefixlen_diff=1)
        public = list(rest.subnets(prefixlen_diff=2))[-1]
        subnets.append(SubnetPlan(zone=zone, private_cidr=str(private), public_cidr=str(public)))
    return NetworkPlan(
        cidr=network.cidr,
        subnets=tuple(subnets),
        node_cidr=None,
        pod_cidr=None,
        service_cidr=SERVICE_CIDR,
        control_plane_cidr=None,
        control_plane_zones=_control_plane_zones(network, zones),
        nat_zones=tuple(zones) if network.nat == "per-zone" else tuple(zones[:1]),
    )


def _regional_network(network: NetworkSpec, zones: Sequence[str], control_plane_cidr: str | None) -> NetworkPlan:
    """One subnet for nodes in the first half of the range; the other half stays free for the person's own subnets."""
    nodes, _ = IPv4Network(network.cidr).subnets(prefixlen_diff=1)
    return NetworkPlan(
        cidr=network.cidr,
        subnets=(),
        node_cidr=str(nodes),
        pod_cidr=_first_apart(_POD_RANGES, network.cidr),
        service_cidr=SERVICE_CIDR,
        control_plane_cidr=control_plane_cidr,
        control_plane_zones=_control_plane_zones(network, zones),
        nat_zones=(),
    )


def _first_apart(ranges: Sequence[str], cidr: str) -> str:
    return next(entry for entry in ranges if not IPv4Network(entry).overlaps(IPv4Network(cidr)))


def _control_plane_zones(network: NetworkSpec, zones: Sequence[str]) -> tuple[str, ...]:
    """Three zones at most that stay when a pool in another zone comes: EKS takes none later (containers-roadmap#2330).

    They are the first three written, so that zones can be added at the end, or the region's first three.
    """
    return tuple(sorted((network.zones or tuple(zones))[:ZONE_COUNT]))
