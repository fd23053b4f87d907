"""The network between the accelerators of several nodes, as a person asks for it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gpucloud.spec.document import Document


class Native(Document):
    """Whatever the machine type has for it; refused where it has none, so that nobody pays for an idle fabric."""

    type: Literal["native"] = "native"


class Efa(Document):
    """Elastic Fabric Adapter interfaces on every network card that has one (AWS)."""

    type: Literal["efa"] = "efa"


class Infiniband(Document):
    """InfiniBand between the nodes of one AKS pool (Azure sizes with an `r` in their name)."""

    type: Literal["infiniband"] = "infiniband"
    feature_is_registered: bool = False
    """Say that the subscription has the feature `AKSInfinibandSupport`, and do not ask Azure for it."""


class Tcpx(Document):
    """GPUDirect-TCPX over four networks (Google Cloud, a3-highgpu-8g)."""

    type: Literal["tcpx"] = "tcpx"


class Tcpxo(Document):
    """GPUDirect-TCPXO over eight networks (Google Cloud, a3-megagpu-8g)."""

    type: Literal["tcpxo"] = "tcpxo"


class Roce(Document):
    """GPUDirect RDMA over converged Ethernet (Google Cloud, a3-ultragpu, a4 and a4x)."""

    type: Literal["roce"] = "roce"


class NoFabric(Document):
    """No network beside the ordinary one."""

    type: Literal["none"] = "none"


def _expand_word(value: object) -> object:
    """Let `efa` stand for `{type: efa}`."""
    return {"type": value} if isinstance(value, str) else value


AnyFabric = Native | Efa | Infiniband | Tcpx | Tcpxo | Roce | NoFabric
FabricSpec = Annotated[
    AnyFabric,
    Field(discriminator="type"),
    BeforeValidator(
        _expand_word,
        json_schema_input_type=Literal["native", "efa", "infiniband", "tcpx", "tcpxo", "roce", "none"] | AnyFabric,
    ),
]
