"""What only one cloud says of its machine types, beside what all clouds say of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, assert_never, cast

from gpucloud.facts.tables import flag, index_ranges

Cloud = Literal["aws", "azure", "gcp"]
AksDriver = Literal["amd", "cuda", "grid", "none"]


@dataclass(frozen=True, slots=True)
class AwsMachine:
    """What only EC2 says of a machine type.

    Attributes:
        network_cards: How many network cards an instance has.
        efa_cards: Indexes of the network cards that take an EFA interface.
    """

    network_cards: int
    efa_cards: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AzureMachine:
    """What only Azure and AKS say of a machine type.

    Attributes:
        driver_kind: Which driver AKS installs on it (`cuda`, `grid`), `none` where it installs none.
        temp_disk_gib: The temporary disk, 0 without; an ephemeral operating system disk can lie on it.
    """

    driver_kind: AksDriver
    temp_disk_gib: int


@dataclass(frozen=True, slots=True)
class GcpMachine:
    """What only Compute Engine and GKE say of a machine type.

    Attributes:
        gce_machine_type: The machine type that an instance has; another than the row's name where GPUs are attached.
        gke_accelerator: GKE's name of the accelerator, which the machine series decides with the chip.
        attached: Whether the accelerator is attached to a machine type that has none of its own (N1).
        gpu_networks: Networks of one subnet each beside the node's own: 4 TCPX, 8 TCPXO, 1 beside RDMA.
        rdma_subnets: Subnets of the one zonal RoCE network, 0 without.
        dranet: Whether GKE makes these networks itself (`accelerator_network_profile: auto`).
        placement_required: Whether it comes only under a compact or workload policy.
    """

    gce_machine_type: str
    gke_accelerator: str
    attached: bool
    gpu_networks: int
    rdma_subnets: int
    dranet: bool
    placement_required: bool


def read_vendor(cloud: Cloud, row: Mapping[str, str]) -> AwsMachine | AzureMachine | GcpMachine:
    """Return the cloud's own part of a row."""
    match cloud:
        case "aws":
            return AwsMachine(network_cards=int(row["network_cards"]), efa_cards=index_ranges(row["efa_cards"]))
        case "azure":
            return AzureMachine(cast("AksDriver", row["driver_kind"]), int(row["temp_disk_gib"] or 0))
        case "gcp":
            return GcpMachine(
                gce_machine_type=row["gce_machine_type"],
                gke_accelerator=row["gke_accelerator"],
                attached=flag(row["attached"]),
                gpu_networks=int(row["gpu_networks"]),
                rdma_subnets=int(row["rdma_subnets"]),
                dranet=flag(row["dranet"]),
                placement_required=flag(row["placement_required"]),
            )
        case _:
            assert_never(cloud)
