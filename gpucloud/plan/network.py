"""The network of a cluster: which zones have subnets, and which part of the range each of them gets."""

from ipaddress import IPv4Network

from gpucloud.facts.zones import zones as zones_of
from gpucloud.plan.model import NetworkPlan, SubnetPlan
from gpucloud.spec.cluster import ClusterSpec

ZONE_COUNT = 3
# The range is cut in eight blocks, one a zone letter: its first half is private, its last eighth public.
_BLOCKS = 8
_LETTERS = "abcdefgh"


def network_zones(cluster: ClusterSpec) -> tuple[str, ...]:
    """Zones with subnets, sorted: those written, else those of the pools and the region's first ones up to three."""
    if cluster.network.zones:
        return tuple(sorted(set(cluster.network.zones)))
    used = {zone for pool in cluster.node_pools for zone in pool.zones}
    for zone in zones_of(cluster.cloud, cluster.region):
        if len(used) >= ZONE_COUNT:
            break
        used.add(zone)
    return tuple(sorted(used))


def plan_network(cluster: ClusterSpec) -> NetworkPlan:
    """Subnets by zone letter, so that a zone that comes or goes moves no other zone's addresses."""
    zones = network_zones(cluster)
    blocks = list(IPv4Network(cluster.network.cidr).subnets(prefixlen_diff=(_BLOCKS - 1).bit_length()))
    subnets = []
    for zone in zones:
        block = blocks[_LETTERS.index(zone[-1])]
        private, rest = block.subnets(prefixlen_diff=1)
        public = list(rest.subnets(prefixlen_diff=2))[-1]
        subnets.append(SubnetPlan(zone=zone, private_cidr=str(private), public_cidr=str(public)))
    return NetworkPlan(
        cidr=cluster.network.cidr,
        subnets=tuple(subnets),
        nat_zones=zones if cluster.network.nat == "per-zone" else zones[:1],
    )
