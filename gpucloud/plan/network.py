"""The network of a cluster: which zones have subnets, and which part of the range each of them gets."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network

from gpucloud.facts.zones import zones as zones_of
from gpucloud.plan.model import NetworkPlan, SubnetPlan
from gpucloud.spec.cluster import ClusterSpec, NetworkSpec

ZONE_COUNT = 3
# The range is cut in eight blocks, one a zone letter: its first half is private, its last eighth public.
_BLOCKS = 8
_LETTERS = "abcdefgh"


def network_zones(cloud: str, region: str, network: NetworkSpec, used: Iterable[str] = ()) -> tuple[str, ...]:
    """Zones with subnets, sorted: those written, else the region's first three and those in use.

    The three are there whatever is in use, so that a pool that comes or goes takes no other's subnets away.
    """
    if network.zones:
        return tuple(sorted(set(network.zones)))
    return tuple(sorted({*used, *zones_of(cloud, region)[:ZONE_COUNT]}))


def pool_zones(cluster: ClusterSpec) -> set[str]:
    """The zones that any pool of a cluster uses."""
    return {zone for pool in cluster.node_pools for zone in pool.zones}


def plan_network(network: NetworkSpec, zones: Sequence[str]) -> NetworkPlan:
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
        control_plane_zones=_control_plane_zones(network, zones),
        nat_zones=tuple(zones) if network.nat == "per-zone" else tuple(zones[:1]),
    )


def _control_plane_zones(network: NetworkSpec, zones: Sequence[str]) -> tuple[str, ...]:
    """Three zones at most that stay when a pool in another zone comes: EKS takes none later (containers-roadmap#2330).

    They are the first three written, so that zones can be added at the end, or the region's first three.
    """
    return tuple(sorted((network.zones or tuple(zones))[:ZONE_COUNT]))
