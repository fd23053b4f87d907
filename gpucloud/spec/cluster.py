"""A cluster as a person asks for it: one Kubernetes control plane in one region, its network, its node pools."""

from ipaddress import IPv4Network
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.capacity import SizeSpec
from gpucloud.spec.document import Document
from gpucloud.spec.names import KubernetesVersion, Name, Zone
from gpucloud.spec.node_pool import MachineTypeName, NodePoolSpec

Cloud = Literal["aws"]
# AWS takes /16 to /28 for a VPC; below /18 a zone's private part would have fewer than 500 addresses.
_LARGEST, _SMALLEST = 16, 18

Cidr = Annotated[str, Field(max_length=43)]


class NetworkSpec(Document):
    """The network that the cluster's nodes live in."""

    cidr: Cidr = "10.0.0.0/16"
    """IPv4 range of the network, /16 to /18; every zone gets a private and a public part of it."""
    zones: tuple[Zone, ...] = ()
    """Zones with subnets. Left out: the region's first three, and those of the pools."""
    nat: Literal["per-zone", "single"] = "per-zone"
    """A NAT gateway in every zone, or one for all: cheaper, and a lost zone cuts the others off."""

    @field_validator("cidr")
    @classmethod
    def _is_a_network(cls, value: str) -> str:
        try:
            network = IPv4Network(value)
        except ValueError as error:
            raise PydanticCustomError("cidr", "{reason}, no network can be laid out", {"reason": str(error)}) from None
        if not _LARGEST <= network.prefixlen <= _SMALLEST:
            raise PydanticCustomError(
                "cidr_size",
                "a /{prefix} cannot be cut into subnets for every zone",
                {"prefix": network.prefixlen, "fix": f"take a range from /{_LARGEST} to /{_SMALLEST}"},
            )
        return value


class AccessSpec(Document):
    """Who reaches the cluster's API, and from where."""

    admins: tuple[Annotated[str, Field(pattern=r"^arn:[a-z-]+:iam::\d{12}:(role|user)/.+$", max_length=2048)], ...] = ()
    """IAM roles or users that administer the cluster; whoever creates it always does."""
    public_from: tuple[Cidr, ...] = ()
    """Ranges that reach the API over the internet; none: it is private to the network."""


class SystemPoolSpec(Document):
    """Nodes without accelerators for what runs the cluster itself, over all zones of the network."""

    machine_type: MachineTypeName = "m7i.xlarge"
    size: SizeSpec = SizeSpec(min=2, desired=2, max=6)


class GpuStackSpec(Document):
    """The operators that make accelerators usable by pods."""

    operator_version: Annotated[str, Field(pattern=r"^v?\d+\.\d+\.\d+$")] | None = None
    """Version of the NVIDIA GPU Operator chart; left out: the one that the project pins."""


class ClusterSpec(Document):
    """One Kubernetes cluster on one cloud and region, with its node pools."""

    name: Name
    cloud: Cloud
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=32)]
    kubernetes_version: KubernetesVersion = "1.34"
    network: NetworkSpec = NetworkSpec()
    access: AccessSpec = AccessSpec()
    system_pool: SystemPoolSpec = SystemPoolSpec()
    node_pools: Annotated[tuple[NodePoolSpec, ...], Field(min_length=1)]
    gpu_stack: GpuStackSpec | None = GpuStackSpec()
    """`null` leaves the operators to somebody else."""
    tags: dict[
        Annotated[str, Field(min_length=1, max_length=128)],
        Annotated[str, Field(max_length=256)],
    ] = Field(default_factory=dict, max_length=40)
    """Tags on every resource that takes them (AWS: at most 40 here, since the library adds its own)."""


class EnvironmentSpec(Document):
    """Everything that one stack builds: clusters with their node pools."""

    name: Name
    clusters: Annotated[tuple[ClusterSpec, ...], Field(min_length=1)]
