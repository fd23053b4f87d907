"""Machine types: what a node of each kind has, per cloud, under the cloud's own name for it.

Accelerated types have a row with everything that a GPU node pool needs; every other type of the cloud has a short row,
for system node pools. The values are the cloud's own, so they mix nominal and usable memory; `accelerator_memory_mib`
is what the API reports and `Accelerator.memory_mib` what the product has.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import flag, index_ranges, int_or_none, nearest_names, read_table

CapacityType = Literal["capacity-block", "on-demand", "spot"]
Architecture = Literal["arm64", "x86_64"]

_TABLES = {"aws": ("aws_machine_types", "aws_general_machine_types")}
# MI250 and MI250X: one module is two PCI devices, and the device plugin counts devices.
_DEVICES_PER_ACCELERATOR = {"mi250-128gb": 2, "mi250x-128gb": 2}


@dataclass(frozen=True, slots=True)
class MachineType:
    """One accelerated machine type of one cloud.

    Attributes:
        cloud: `aws`.
        name: The cloud's own name.
        accelerator: Name of the accelerator, see `gpucloud.facts.accelerators`.
        accelerator_count: Whole accelerators; 0 where the type has a slice of one.
        accelerator_fraction: `1`, or the slice as a fraction such as `1/8`.
        accelerator_memory_mib: Memory of one accelerator, or of the slice, as the cloud's API reports it, or
            corrected where the note says so; None where no source states it.
        memory_mib: Memory of the machine.
        vcpus: Virtual CPUs by default.
        architecture: Of the processor.
        network_cards: How many network cards an instance has.
        efa_cards: Indexes of the network cards that take an EFA interface.
        efa_gbps: EFA bandwidth of the whole machine; None where it has no EFA or no source states it. It is never the
            card count times a card's figure: cards can share a port (g6e) or state their ENA share alone (p6-b200).
        local_nvme_gb: Local NVMe storage, all disks together, 0 where there is none.
        local_nvme_disks: Number of local NVMe disks.
        capacity_types: How it can be bought, sorted.
        numa_nodes: NUMA nodes; None where no source states it.
        bare_metal: Whether the whole host is given, without a hypervisor.
        source: Where the row comes from.
        origins: How many independent origins confirm count and memory.
        note: What a reader must know and no other column says.
    """

    cloud: str
    name: str
    accelerator: str
    accelerator_count: int
    accelerator_fraction: str
    accelerator_memory_mib: int | None
    memory_mib: int
    vcpus: int
    architecture: Architecture
    network_cards: int
    efa_cards: tuple[int, ...]
    efa_gbps: int | None
    local_nvme_gb: int
    local_nvme_disks: int
    capacity_types: tuple[CapacityType, ...]
    numa_nodes: int | None
    bare_metal: bool
    source: str
    origins: int
    note: str

    @property
    def advertised_devices(self) -> int:
        """How many devices the device plugin advertises on one node: 1 for a slice, 2 a module for MI250."""
        return max(self.accelerator_count, 1) * _DEVICES_PER_ACCELERATOR.get(self.accelerator, 1)


@dataclass(frozen=True, slots=True)
class GeneralMachineType:
    """One machine type without an accelerator that the project knows; memory in MiB."""

    cloud: str
    name: str
    vcpus: int
    memory_mib: int
    architecture: Architecture
    network_cards: int
    source: str


def machine_types(cloud: str) -> tuple[MachineType, ...]:
    """Return the accelerated machine types of a cloud, sorted by name; raise UnknownNameError for another cloud."""
    return tuple(_accelerated(cloud).values())


def machine_type(cloud: str, name: str) -> MachineType:
    """Return the accelerated machine type of that exact name; raise UnknownNameError with the nearest names."""
    found = _accelerated(cloud).get(name)
    if found is None:
        raise UnknownNameError(f"accelerated {cloud} machine type", name, nearest_names(name, _accelerated(cloud)))
    return found


def general_machine_types(cloud: str) -> tuple[GeneralMachineType, ...]:
    """Return the machine types without accelerators, sorted by name; raise UnknownNameError for another cloud."""
    return tuple(_general(cloud).values())


def general_machine_type(cloud: str, name: str) -> GeneralMachineType:
    """Return the machine type of that exact name; raise UnknownNameError, with the nearest names, for any other.

    An accelerated type is not in this table: a system node pool on one is almost always a mistake.
    """
    found = _general(cloud).get(name)
    if found is None:
        raise UnknownNameError(f"general {cloud} machine type", name, nearest_names(name, _general(cloud)))
    return found


def _table(cloud: str) -> tuple[str, str]:
    if cloud not in _TABLES:
        raise UnknownNameError("cloud with machine types", cloud, tuple(sorted(_TABLES)))
    return _TABLES[cloud]


@cache
def _accelerated(cloud: str) -> dict[str, MachineType]:
    return {
        row["name"]: MachineType(
            cloud=cloud,
            name=row["name"],
            accelerator=row["accelerator"],
            accelerator_count=int(row["accelerator_count"]),
            accelerator_fraction=row["accelerator_fraction"],
            accelerator_memory_mib=int_or_none(row["accelerator_memory_mib"]),
            memory_mib=int(row["memory_mib"]),
            vcpus=int(row["vcpus"]),
            architecture=cast("Architecture", row["architecture"]),
            network_cards=int(row["network_cards"]),
            efa_cards=index_ranges(row["efa_cards"]),
            efa_gbps=int_or_none(row["efa_gbps"]),
            local_nvme_gb=int(row["local_nvme_gb"]),
            local_nvme_disks=int(row["local_nvme_disks"]),
            capacity_types=cast("tuple[CapacityType, ...]", tuple(row["capacity_types"].split("|"))),
            numa_nodes=int_or_none(row["numa_nodes"]),
            bare_metal=flag(row["bare_metal"]),
            source=row["source"],
            origins=int(row["origins"]),
            note=row["note"],
        )
        for row in read_table(_table(cloud)[0])
    }


@cache
def _general(cloud: str) -> dict[str, GeneralMachineType]:
    return {
        row["name"]: GeneralMachineType(
            cloud=cloud,
            name=row["name"],
            vcpus=int(row["vcpus"]),
            memory_mib=int(row["memory_mib"]),
            architecture=cast("Architecture", row["architecture"]),
            network_cards=int(row["network_cards"]),
            source=row["source"],
        )
        for row in read_table(_table(cloud)[1])
    }
