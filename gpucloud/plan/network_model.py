"""What a plan says of networks: the cluster's own, and those between accelerators that are resources by themselves."""

from dataclasses import dataclass
from typing import Literal

GpuNetworkKind = Literal["net-device", "rdma"]


@dataclass(frozen=True, slots=True)
class SubnetPlan:
    """The parts of the network's range that one zone gets."""

    zone: str
    private_cidr: str
    public_cidr: str


@dataclass(frozen=True, slots=True)
class NetworkPlan:
    """The network of a cluster.

    The control plane lies in `control_plane_zones`; `nat_zones` hold a NAT gateway, the first serves zones without.
    `subnets` are there where a cloud's subnet lies in one zone (AWS). Elsewhere one subnet, `node_cidr`, spans the
    region and pods have a range of their own.
    """

    cidr: str
    subnets: tuple[SubnetPlan, ...]
    node_cidr: str | None
    pod_cidr: str | None
    service_cidr: str
    control_plane_cidr: str | None
    control_plane_zones: tuple[str, ...]
    nat_zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GpuSubnetPlan:
    """One subnet of a network between accelerators: its physical name and range."""

    name: str
    cidr: str


@dataclass(frozen=True, slots=True)
class GpuNetworkPlan:
    """One network between accelerators (Google Cloud): its physical name, its subnets, and the profile that it needs.

    `suffix` is what its logical name adds to the pool's; `zone` is set where the network serves one zone alone;
    `mtu` None leaves it to the profile. `subnets` are declared, `interfaces` names the subnet of each of a node's
    interfaces: a bare-metal profile makes its only subnet itself, and all interfaces lie in it.
    """

    suffix: str
    name: str
    kind: GpuNetworkKind
    zone: str | None
    profile: str | None
    mtu: int | None
    subnets: tuple[GpuSubnetPlan, ...]
    interfaces: tuple[str, ...]
