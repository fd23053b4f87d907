"""What a plan is made of: frozen values, sorted, without anything that a cloud resource would have to give first.

EnvironmentPlan
└── ClusterPlan            one control plane, its network, system nodes, GPU stack
    └── NodePoolPlan       nodes of one shape
        └── ShardPlan      the pool's part in one zone: one fabric domain, one placement
            └── OfferingPlan   machine type x zone x capacity type: one node group, agent pool or node pool of the cloud
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gpucloud.facts.machine_types import Fabric
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.gate_model import GatePlan
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.mirror_model import ManagedMirrorPlan, MirrorPlan
from gpucloud.plan.network_model import GpuNetworkPlan, NetworkPlan
from gpucloud.plan.sharing_model import SharingPlan
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.trainer_model import TrainerPlan
from gpucloud.spec.capacity import CapacityType
from gpucloud.spec.node_pool import DriverOwner

InterfaceKind = Literal["ip", "fabric"]
Family = Literal["al2023", "azure-linux", "bottlerocket", "cos", "custom", "ubuntu"]
SoftwareOwner = Literal["cloud", "host", "operator"]
DeviceOwner = Literal["cloud", "dra", "host", "operator"]
ComputeMode = Literal["default", "exclusive-process"]
TaintEffect = Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]


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
    """A taint in Kubernetes' spelling; one that the cloud puts on nodes by itself is not declared again."""

    key: str
    value: str
    effect: TaintEffect
    set_by_cloud: bool = False


@dataclass(frozen=True, slots=True)
class ImagePlan:
    """The node image: its family, whose accelerator software it brings, and its ID where it is an own one."""

    family: Family
    variant: Literal["nvidia", "neuron", "standard"]
    id: str | None


@dataclass(frozen=True, slots=True)
class SoftwarePlan:
    """Who brings what makes an accelerator usable: exactly one owner each, for the pool's flags and the Helm values.

    `cloud`: its node image or managed cluster; `host`: an own image; `operator`: the stack's; `dra`: claims, no plugin.
    """

    driver: SoftwareOwner
    toolkit: SoftwareOwner
    device_plugin: DeviceOwner
    driver_version: str | None


@dataclass(frozen=True, slots=True)
class DiskPlan:
    """The root volume (its device where an own image names it), and what happens to the local NVMe drives.

    Throughput and IOPS are set where the cloud takes them (EBS); elsewhere they follow from size and type.
    """

    root_device: str | None
    root_gib: int
    root_throughput_mib_s: int | None
    root_iops: int | None
    local_nvme: Literal["raid0", "raid10", "mount", "none"]


@dataclass(frozen=True, slots=True)
class OfferingPlan:
    """Machine type, zone and capacity type: what becomes one node group. `order` is its place in the failover order.

    `physical_name` is its name in the cloud, None where the engine makes one from the logical name; `taints` come with
    the capacity type, beside those of the pool.
    """

    name: str
    physical_name: str | None
    zone: str
    capacity_type: CapacityType
    reservation_id: str | None
    reservation_blocks: tuple[str, ...]
    max_run_seconds: int | None
    order: int
    size: SizePlan
    close_placement: bool
    repair: bool
    taints: tuple[TaintPlan, ...]


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """A pool's part in one zone; its offerings share the zone, not the placement: a reservation has its own place."""

    zone: str
    offerings: tuple[OfferingPlan, ...]


@dataclass(frozen=True, slots=True)
class NodePoolPlan:
    """Nodes of one shape over the zones of a cluster, in shards.

    `fabric_is_ready`: the person says that what the fabric needs of the account is there, so nobody asks.
    `allocatable`: CPU and memory of one node that are left for pods; empty where nothing is said of its kubelet.
    """

    name: str
    cloud: Cloud
    machine: MachinePlan
    image: ImagePlan
    driver_owner: DriverOwner
    software: SoftwarePlan
    sharing: SharingPlan | None
    compute_mode: ComputeMode | None
    seccomp_profile: bool
    disk: DiskPlan
    fabric: Fabric
    fabric_is_ready: bool
    interfaces: tuple[InterfacePlan, ...]
    networks: tuple[GpuNetworkPlan, ...]
    existing_placement: str | None
    kubelet: Mapping[str, Any]
    allocatable: tuple[tuple[str, str], ...]
    linux: LinuxPlan | None
    mirrors: tuple[MirrorPlan, ...]
    labels: tuple[tuple[str, str], ...]
    taints: tuple[TaintPlan, ...]
    node_resources: tuple[tuple[str, str], ...]
    shards: tuple[ShardPlan, ...]

    @property
    def gpus_per_node(self) -> int:
        """Accelerators of a node, whatever their parts count as; a part of one is one."""
        if self.sharing is None:
            return self.machine.devices_per_node
        if self.sharing.parts_per_gpu is None:
            return sum(len(group.gpus) for group in self.sharing.layout)
        return self.machine.devices_per_node // self.sharing.parts_per_gpu

    @property
    def offerings(self) -> tuple[OfferingPlan, ...]:
        """All offerings of all shards in failover order."""
        found = (offering for shard in self.shards for offering in shard.offerings)
        return tuple(sorted(found, key=lambda offering: offering.order))


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
    manifests: tuple[ManifestPlan, ...]
    gate: GatePlan | None
    trainer: TrainerPlan | None
    managed_mirrors: tuple[ManagedMirrorPlan, ...]
    pull_secret: str | None
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """Everything that one stack builds."""

    name: str
    clusters: tuple[ClusterPlan, ...]
