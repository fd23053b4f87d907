"""A node pool as a person asks for it: nodes of one shape over one or more zones of a cluster."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.capacity import Capacity, OnDemand, SizeSpec
from gpucloud.spec.disks import LocalNvme, RootDiskSpec
from gpucloud.spec.document import Document
from gpucloud.spec.kubelet import KubeletSpec
from gpucloud.spec.names import LabelKey, LabelValue, Name, Zone

DriverOwner = Literal["vendor", "operator", "host"]
"""Who installs the GPU driver: the cloud's node image, the GPU operator's containers, or an own node image."""

MachineTypeName = Annotated[str, Field(min_length=1, max_length=64)]


class Taint(Document):
    """A taint on every node of the pool, in Kubernetes' spelling."""

    key: LabelKey
    value: LabelValue = ""
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = "NoSchedule"


class Efa(Document):
    """Elastic Fabric Adapter interfaces on every network card that has one."""

    type: Literal["efa"] = "efa"


class NoFabric(Document):
    """No network beside the ordinary one."""

    type: Literal["none"] = "none"


class NodeImageSpec(Document):
    """The operating system that nodes boot."""

    family: Literal["al2023", "bottlerocket", "custom"] = "al2023"
    """`al2023`, `bottlerocket`: the cloud's accelerated images; `custom`: an own image that joins by nodeadm."""
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
                {"family": self.family, "id": self.id or "none", "fix": "give `id` exactly where family is `custom`"},
            )
        if self.root_device is not None and self.family != "custom":
            raise PydanticCustomError(
                "image_root_device",
                "root_device {device} is for own images, a disk of that name would be a second one",
                {"device": self.root_device, "fix": "leave `root_device` out"},
            )
        return self


def _expand_fabric(value: object) -> object:
    """Let `efa` stand for `{type: efa}`."""
    return {"type": value} if isinstance(value, str) else value


class NodePoolSpec(Document):
    """Nodes of one shape; the plan cuts them into one shard a zone, since a fabric ends at its zone's border."""

    name: Name
    machine_type: MachineTypeName | None = None
    """What the cloud sells, under its own name (`p5.48xlarge`). Either this or accelerator and count."""
    accelerator: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """The device (`h100-sxm-80gb`); the plan takes the smallest machine type that has `accelerators_per_node`."""
    accelerators_per_node: Annotated[int, Field(ge=1, le=64)] | None = None
    zones: Annotated[tuple[Zone, ...], Field(min_length=1, max_length=16)]
    """Zones in failover order: the first one is filled first."""
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
    image: NodeImageSpec = NodeImageSpec()
    root_disk: RootDiskSpec = RootDiskSpec()
    local_nvme: LocalNvme = "raid0"
    kubelet: KubeletSpec = KubeletSpec()
    fabric: Annotated[
        Efa | NoFabric,
        Field(discriminator="type"),
        BeforeValidator(_expand_fabric, json_schema_input_type=Literal["efa", "none"] | Efa | NoFabric),
    ] = NoFabric()
    placement: Literal["cluster", "none"] | None = None
    """`cluster` keeps the nodes of a shard close. Left out: `cluster` for on-demand and spot nodes with a fabric; never
    for reserved ones, whose place is already chosen."""

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
