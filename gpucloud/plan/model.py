"""What a plan is made of: frozen values, sorted, without anything that a cloud resource would have to give first.

EnvironmentPlan
└── ClusterPlan            one control plane, its network, system nodes, GPU stack
    └── NodePoolPlan       nodes of one shape
        └── ShardPlan      the pool's part in one zone: one fabric domain, one placement
            └── OfferingPlan   machine type x zone x capacity type: what becomes one node group
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gpucloud.spec.capacity import CapacityType
from gpucloud.spec.cluster import Cloud
from gpucloud.spec.node_pool import DriverOwner

InterfaceKind = Literal["ip", "fabric"]
TaintEffect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


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
    """

    cidr: str
    subnets: tuple[SubnetPlan, ...]
    control_plane_zones: tuple[str, ...]
    nat_zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SizePlan:
    """Nodes of one node group."""

    min: int
    desired: int
    max: int


@dataclass(frozen=True, slots=True)
class MachinePlan:
    """The machine that a pool's nodes are, and what pods see of it."""

    machine_type: str
    accelerator: str
    accelerator_fraction: str
    devices_per_node: int
    resource_name: str
    vcpus: int
    memory_mib: int
    architecture: Literal["arm64", "x86_64"]


@dataclass(frozen=True, slots=True)
class InterfacePlan:
    """One network interface: `ip` carries the node's addresses, `fabric` carries only traffic between accelerators."""

    network_card: int
    device: int
    kind: InterfaceKind


@dataclass(frozen=True, slots=True)
class TaintPlan:
    """A taint in Kubernetes' spelling."""

    key: str
    value: str
    effect: TaintEffect


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """The node image: its family, whose accelerator software it brings, and its ID where it is an own one."""

    family: Literal["al2023", "bottlerocket", "custom"]
    variant: Literal["nvidia", "neuron", "standard"]
    id: str | None


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """The root volume (its device where an own image names it), and what happens to the local NVMe drives."""

    root_device: str | None
    root_gib: int
    root_throughput_mib_s: int
    root_iops: int
    local_nvme: Literal["raid0", "raid10", "mount", "none"]


@dataclass(frozen=True, slots=True)
class OfferingPlan:
    """Machine type, zone and capacity type: what becomes one node group. `order` is its place in the failover order."""

    name: str
    zone: str
    capacity_type: CapacityType
    reservation_id: str | None
    order: int
    size: SizePlan
    close_placement: bool


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """A pool's part in one zone; its offerings share the zone, not the placement: a reservation has its own place."""

    zone: str
    offerings: tuple[OfferingPlan, ...]


@dataclass(frozen=True, slots=True)
class NodePoolPlan:
    """Nodes of one shape over the zones of a cluster, in shards."""

    name: str
    cloud: Cloud
    machine: MachinePlan
    image: ImagePlan
    driver_owner: DriverOwner
    disk: DiskPlan
    fabric: Literal["efa", "none"]
    interfaces: tuple[InterfacePlan, ...]
    kubelet: Mapping[str, Any]
    labels: tuple[tuple[str, str], ...]
    taints: tuple[TaintPlan, ...]
    node_resources: tuple[tuple[str, str], ...]
    shards: tuple[ShardPlan, ...]

    @property
    def offerings(self) -> tuple[OfferingPlan, ...]:
        """All offerings of all shards in failover order."""
        return tuple(
            sorted((offer for shard in self.shards for offer in shard.offerings), key=lambda offering: offering.order)
        )


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """One Helm release: the chart, where it comes from, and the values that follow from the pools."""

    name: str
    namespace: str
    chart: str
    repository: str
    version: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SystemPoolPlan:
    """Nodes without accelerators over the control plane's zones."""

    machine_type: str
    architecture: Literal["arm64", "x86_64"]
    size: SizePlan


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """One Kubernetes cluster with everything in it."""

    name: str
    cloud: Cloud
    region: str
    kubernetes_version: str
    network: NetworkPlan
    admins: tuple[str, ...]
    public_from: tuple[str, ...]
    system_pool: SystemPoolPlan
    node_pools: tuple[NodePoolPlan, ...]
    releases: tuple[ReleasePlan, ...]
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """Everything that one stack builds."""

    name: str
    clusters: tuple[ClusterPlan, ...]
