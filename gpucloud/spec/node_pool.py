"""A node pool as a person asks for it: nodes of one shape over one or more zones of a cluster."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.capacity import Capacity, OnDemand, SizeSpec
from gpucloud.spec.disks import LocalNvme, RootDiskSpec
from gpucloud.spec.document import Document
from gpucloud.spec.fabric import FabricSpec, NoFabric
from gpucloud.spec.held_back import HeldBackSpec
from gpucloud.spec.kubelet import KubeletSpec
from gpucloud.spec.linux import LinuxSpec
from gpucloud.spec.names import LabelKey, LabelValue, Name, Zone
from gpucloud.spec.placement import PlacementSpec
from gpucloud.spec.sharing import MemorySize, SharingSpec, Whole

DriverOwner = Literal["vendor", "operator", "host"]
"""Who installs the GPU driver: the cloud (with its node image), the operator's containers, or an own node image."""

ImageFamily = Literal["al2023", "bottlerocket", "custom", "ubuntu", "azure-linux", "cos"]

MachineTypeName = Annotated[str, Field(min_length=1, max_length=64)]


class Taint(Document):
    """A taint on every node of the pool, in Kubernetes' spelling."""

    key: LabelKey
    value: LabelValue = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"


class NodeImageSpec(Document):
    """The operating system that nodes boot."""

    family: ImageFamily | None = None
    """AWS: `al2023`, `bottlerocket` or `custom`, an own image that joins by nodeadm. Azure: `ubuntu` or `azure-linux`.
    Google Cloud: `cos` or `ubuntu`. Left out: the first of these, on Azure and AWS as on Google Cloud."""
    id: Annotated[str, Field(pattern=r"^ami-[0-9a-f]{8,17}$")] | None = None
    """The image, for `custom` only."""
    root_device: Annotated[str, Field(pattern=r"^/dev/[a-z0-9]+$")] | None = None
    """What `custom` calls its root volume (`RootDeviceName` of DescribeImages); left out: `/dev/xvda`."""

    @model_validator(mode="after")
    def _id_goes_with_custom(self) -> Self:
        if (self.family == "custom") != (self.id is not None):
            raise PydanticCustomError(
                "image_id",
                "family {family} and id {id} do not go together, nobody could tell which image boots",
                {
                    "family": self.family or "left out",
                    "id": self.id or "none",
                    "fix": "give `id` exactly where family is `custom`",
                },
            )
        if self.root_device is not None and self.family != "custom":
            raise PydanticCustomError(
                "image_root_device",
                "root_device {device} is for own images, a disk of that name would be a second one",
                {"device": self.root_device, "fix": "leave `root_device` out"},
            )
        return self


class NodePoolSpec(Document):
    """Nodes of one shape; the plan cuts them into one shard a zone, since a fabric ends at its zone's border."""

    name: Name
    machine_type: MachineTypeName | None = None
    """What the cloud sells, under its own name (`p5.48xlarge`). Either this or accelerator and count."""
    accelerator: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """The device (`h100-sxm-80gb`); the plan takes the smallest machine type that has `accelerators_per_node`."""
    accelerators_per_node: Annotated[int, Field(ge=1, le=64)] | None = None
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=16)]
    """Zones in failover order: the first one is filled first. On Azure `1` to `3`, or `regional` for any place."""
    spread: Literal["ordered", "even"] = "ordered"
    """`ordered`: nodes start in the first zone and every zone may hold the whole pool; `even`: each zone its share."""
    size: SizeSpec = SizeSpec()
    capacity: Annotated[tuple[Capacity, ...], Field(min_length=1, max_length=8)] = (OnDemand(),)
    """Where nodes come from, tried in this order, in every zone before the next entry."""
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict)
    taints: Annotated[tuple[Taint, ...], Field(max_length=50)] = ()
    gpu_taint: bool = True
    """Keep pods that ask for no accelerator off these nodes, by the taint `nvidia.com/gpu=present:NoSchedule`."""
    driver_owner: DriverOwner = "vendor"
    driver_version: Annotated[str, Field(pattern=r"^(default|latest|\d{1,3}(\.\d{1,3}){1,2})$")] | None = None
    """A number such as `580.126.09` (NVIDIA) or `7.0.2` (AMD) where the operator owns the driver; `default` or `latest`
    where GKE does."""
    sharing: SharingSpec = Whole()
    """`whole`, `{type: mig, profile: 1g.10gb}`, `{type: mig, layout: {1g.10gb: 2, 3g.40gb: 1}}` for unlike instances,
    `{type: mps, replicas: 4}` or `{type: time-slicing, replicas: 4}`."""
    vram_limit: MemorySize | None = None
    """Memory of the accelerator that every pod is sure of, such as `24Gi`. Where `sharing` is left out, the smallest
    MIG profile that guarantees it, or else whole accelerators; sharing that does not guarantee it is refused."""
    compute_mode: Literal["default", "exclusive-process"] | None = None
    """`exclusive-process`: one process a GPU, a second one is refused by the driver (nvidia-smi -c). Left out: as the
    driver starts. MPS sets it by itself."""
    seccomp_profile: bool = False
    """Put the profile of `gpucloud stack seccomp` on the nodes, where pods name it by `localhostProfile:
    gpucloud.json`."""
    image: NodeImageSpec = NodeImageSpec()
    root_disk: RootDiskSpec = RootDiskSpec()
    local_nvme: LocalNvme = "raid0"
    kubelet: KubeletSpec = KubeletSpec()
    largest_pod: dict[LabelKey, Annotated[str, Field(max_length=32)]] = Field(default_factory=dict)
    """What the largest pod that the pool is meant for asks for, such as `{cpu: "90", nvidia.com/gpu: "8"}`: checked
    against what a node has left for pods."""
    held_back: HeldBackSpec | None = None
    """Accelerators kept from whoever comes: `{by: taint, share: 0.25, key: team/infra}`, or by `quota` or `kueue`."""
    linux: LinuxSpec = LinuxSpec()
    repair: bool | None = None
    """Whether the cloud replaces broken nodes by itself. Left out: wherever it can."""
    fabric: FabricSpec = NoFabric()
    """`none`, `native` (whatever the machine type has), or one by name: efa, infiniband, tcpx, tcpxo, roce."""
    placement: PlacementSpec | None = None
    """`cluster` keeps the nodes of a shard close, `{type: existing, name: …}` puts all nodes into a placement that is
    there. Left out: `cluster` for nodes with a fabric that needs it (AWS, Google Cloud); never for reserved ones, whose
    place is already chosen."""

    @model_validator(mode="after")
    def _one_way_to_name_the_machine(self) -> Self:
        by_accelerator = self.accelerator is not None and self.accelerators_per_node is not None
        partly = (self.accelerator is None) != (self.accelerators_per_node is None)
        if partly or by_accelerator == (self.machine_type is not None):
            raise PydanticCustomError(
                "machine",
                "the pool names its machine not at all, half, or twice, so nothing can be chosen",
                {"fix": "give `machine_type`, or `accelerator` with `accelerators_per_node`"},
            )
        return self
