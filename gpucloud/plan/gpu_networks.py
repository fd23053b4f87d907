"""The networks between accelerators that are resources by themselves: Google Cloud's."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from gpucloud.facts.machine_types import Fabric, MachineType
from gpucloud.facts.vendor_machines import GcpMachine
from gpucloud.plan.network_model import GpuNetworkPlan, GpuSubnetPlan
from gpucloud.plan.place import Place

# A node has an interface in each, so no two may overlap, nor overlap the cluster's own network.
GPU_NETWORKS_CIDR = "192.168.0.0/16"
_SUBNET_PREFIX = 20
# GKE documentation, "Maximize GPU network bandwidth" (TCPX and TCPXO: 8244; with RDMA the gVNIC network: 8896).
_GPUDIRECT_TCP_MTU, _GVNIC_MTU = 8244, 8896


def plan_gpu_networks(
    place: Place, zones: tuple[str, ...], machine: MachineType, fabric: Fabric
) -> tuple[GpuNetworkPlan, ...]:
    """The networks of a pool: 4 (TCPX) or 8 (TCPXO) of one subnet each, or one for addresses and one a zone for RDMA.

    A RoCE network lies in one zone, so that each shard has its own; the others serve all shards of the pool. None
    where GKE makes them itself (`accelerator_network_profile: auto`), and on other clouds.
    """
    if fabric == "none" or not isinstance(machine.vendor, GcpMachine) or machine.vendor.dranet:
        return ()
    ranges = IPv4Network(GPU_NETWORKS_CIDR).subnets(new_prefix=_SUBNET_PREFIX)
    mtu = _GVNIC_MTU if machine.vendor.rdma_subnets else _GPUDIRECT_TCP_MTU
    plain = [
        _network(place, f"gpu-{index}", 1, ranges, zone=None, mtu=mtu) for index in range(machine.vendor.gpu_networks)
    ]
    if not machine.vendor.rdma_subnets:
        return tuple(plain)
    if machine.bare_metal:
        return (*plain, *(_metal_network(place, zone, machine.fabric_nics) for zone in zones))
    # Two RoCE networks have no node in common, so each zone's takes the same ranges.
    rest = list(ranges)
    rdma = [
        _network(place, f"rdma-{_letter(zone)}", machine.vendor.rdma_subnets, iter(rest), zone=zone, mtu=None)
        for zone in zones
    ]
    return (*plain, *rdma)


def _letter(zone: str) -> str:
    return zone.rpartition("-")[2]


def _metal_network(place: Place, zone: str, nics: int) -> GpuNetworkPlan:
    """A4X Max: the profile makes one subnet, which all interfaces name (cluster-toolkit, gke-a4x-max-bm)."""
    suffix = f"rdma-{_letter(zone)}"
    name = f"{place.name_prefix}-{suffix}"
    subnet = f"default-subnet-1-{name}"
    return GpuNetworkPlan(suffix, name, "rdma", zone, f"{zone}-vpc-roce-metal", None, (), (subnet,) * nics)


def _network(  # noqa: PLR0913  # a network has as many sides as it has
    place: Place, suffix: str, count: int, ranges: Iterator[IPv4Network], *, zone: str | None, mtu: int | None
) -> GpuNetworkPlan:
    name = f"{place.name_prefix}-{suffix}"
    names = [name if count == 1 else f"{name}-{index}" for index in range(count)]
    return GpuNetworkPlan(
        suffix=suffix,
        name=name,
        kind="rdma" if zone else "net-device",
        zone=zone,
        profile=f"{zone}-vpc-roce" if zone else None,
        mtu=mtu,
        subnets=tuple(GpuSubnetPlan(entry, str(next(ranges))) for entry in names),
        interfaces=tuple(names),
    )
