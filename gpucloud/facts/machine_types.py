"""Machine types: what a node of each kind has, per cloud, under the cloud's own name for it.

Accelerated types have a row with everything that a GPU node pool needs; every other type of the cloud has a short row,
for system node pools. The values are the cloud's own, so they mix nominal and usable memory; `accelerator_memory_mib`
is what the API reports and `Accelerator.memory_mib` what the product has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import flag, int_or_none, nearest_names, read_table
from gpucloud.facts.vendor_machines import AwsMachine, AzureMachine, Cloud, GcpMachine, read_vendor

CapacityType = Literal["capacity-block", "flex-start", "on-demand", "queued", "reserved", "spot"]
Architecture = Literal["arm64", "x86_64"]
Fabric = Literal["efa", "infiniband", "none", "roce", "tcpx", "tcpxo"]

_CLOUDS: tuple[Cloud, ...] = ("aws", "azure", "gcp")
# MI250 and MI250X: one module is two PCI devices, and the device plugin counts devices.
_DEVICES_PER_ACCELERATOR = {"mi250-128gb": 2, "mi250x-128gb": 2}


@dataclass(frozen=True, slots=True)
class MachineType:
    """One accelerated machine type of one cloud.

    Attributes:
        cloud: `aws`, `azure` or `gcp`.
        name: The cloud's own name.
        accelerator: Name of the accelerator, see `gpucloud.facts.accelerators`.
        accelerator_count: Whole accelerators; 0 where the type has a slice of one.
        accelerator_fraction: `1`, or the slice as a fraction such as `1/8`.
        accelerator_memory_mib: Memory of one accelerator, or of the slice, as the cloud's API reports it, or
            corrected where the note says so; None where no source states it.
        memory_mib: Memory of the machine.
        vcpus: Virtual CPUs by default.
        architecture: Of the processor.
        fabric: The network between accelerators of several nodes, `none` where there is none.
        fabric_nics: Network functions of the fabric on one machine; those that carry the node's addresses do not count.
        fabric_gbps: Bandwidth of the fabric of the whole machine; None where it has none or no source states it. It is
            never the card count times a card's figure: cards can share a port (g6e) or state their ENA share alone
            (p6-b200).
        local_nvme_gb: Local NVMe storage, all disks together, 0 where there is none.
        local_nvme_disks: Number of local NVMe disks.
        capacity_types: How it can be bought, sorted; `reserved` stands wherever on-demand capacity can be reserved.
        numa_nodes: NUMA nodes; None where no source states it.
        bare_metal: Whether the whole host is given, without a hypervisor.
        source: Where the row comes from.
        origins: How many independent origins confirm count and memory.
        note: What a reader must know and no other column says.
        vendor: What only this cloud has.
    """

    cloud: Cloud
    name: str
    accelerator: str
    accelerator_count: int
    accelerator_fraction: str
    accelerator_memory_mib: int | None
    memory_mib: int
    vcpus: int
    architecture: Architecture
    fabric: Fabric
    fabric_nics: int
    fabric_gbps: int | None
    local_nvme_gb: int
    local_nvme_disks: int
    capacity_types: tuple[CapacityType, ...]
    numa_nodes: int | None
    bare_metal: bool
    source: str
    origins: int
    note: str
    vendor: AwsMachine | AzureMachine | GcpMachine

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


def clouds() -> tuple[Cloud, ...]:
    """Return the clouds that have tables, sorted."""
    return _CLOUDS


def known_cloud(cloud: str) -> Cloud:
    """Return the cloud of that name; raise UnknownNameError with those that there are otherwise."""
    for known in _CLOUDS:
        if known == cloud:
            return known
    raise UnknownNameError("cloud", cloud, _CLOUDS)


@cache
def _accelerated(cloud: str) -> dict[str, MachineType]:
    known = known_cloud(cloud)
    return {row["name"]: _machine_type(known, row) for row in read_table(f"{known}_machine_types")}


def _machine_type(cloud: Cloud, row: Mapping[str, str]) -> MachineType:
    vendor = read_vendor(cloud, row)
    fabric, nics, gbps = _fabric(row, vendor)
    sold_as = {*row["capacity_types"].split("|")}
    if cloud == "aws" and "on-demand" in sold_as:
        # A capacity reservation of EC2 holds on-demand capacity; EC2's own listing has no word for it.
        sold_as.add("reserved")
    return MachineType(
        cloud=cloud,
        name=row["name"],
        accelerator=row["accelerator"],
        accelerator_count=int(row["accelerator_count"]),
        accelerator_fraction=row["accelerator_fraction"],
        accelerator_memory_mib=int_or_none(row["accelerator_memory_mib"]),
        memory_mib=int(row["memory_mib"]),
        vcpus=int(row["vcpus"]),
        architecture=cast("Architecture", row["architecture"]),
        fabric=fabric,
        fabric_nics=nics,
        fabric_gbps=gbps,
        local_nvme_gb=int(row["local_nvme_gb"]),
        local_nvme_disks=int(row["local_nvme_disks"]),
        capacity_types=cast("tuple[CapacityType, ...]", tuple(sorted(sold_as))),
        numa_nodes=int_or_none(row["numa_nodes"]),
        bare_metal=flag(row.get("bare_metal", "false")),
        source=row["source"],
        origins=int(row["origins"]),
        note=row["note"],
        vendor=vendor,
    )


def _fabric(row: Mapping[str, str], vendor: AwsMachine | AzureMachine | GcpMachine) -> tuple[Fabric, int, int | None]:
    """EC2's fabric is known by its cards; the other clouds' tables name theirs."""
    if isinstance(vendor, AwsMachine):
        cards = len(vendor.efa_cards)
        return "efa" if cards else "none", cards, int_or_none(row["efa_gbps"])
    return cast("Fabric", row["fabric"]), int(row["fabric_nics"] or 0), int_or_none(row["fabric_gbps"])


@cache
def _general(cloud: str) -> dict[str, GeneralMachineType]:
    known = known_cloud(cloud)
    return {
        row["name"]: GeneralMachineType(
            cloud=known,
            name=row["name"],
            vcpus=int(row["vcpus"]),
            memory_mib=int(row["memory_mib"]),
            architecture=cast("Architecture", row["architecture"]),
            network_cards=int(row["network_cards"] or 1),
            source=row["source"],
        )
        for row in read_table(f"{known}_general_machine_types")
    }
