"""How a machine type's CPUs and accelerators lie over sockets and NUMA nodes: as a source says, or as it is assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.tables import int_or_none, read_table
from gpucloud.facts.vendor_machines import GcpMachine

Part = Literal["cpuless_numa_nodes", "gpus_per_numa", "numa_nodes", "sockets", "threads"]

# A machine of so many vCPUs, or with eight accelerators, spans two processors on every type whose layout is known.
_TWO_SOCKETS_FROM = 128
_WHOLE_HOST = 8
# Azure gives whole cores on each size of these series whose threads a source states.
_WHOLE_CORES_ON_AZURE = ("_A100_v4", "_H100_v5", "_H200_v5", "_MI300X_v5", "_T4_v3")
# A Grace Blackwell host keeps eight NUMA nodes without CPUs for the memory and MIG instances of each GPU.
_GRACE_BLACKWELL = ("gb200-186gb", "gb300-288gb")
_NODES_PER_GRACE_GPU = 8
_THREADS_ON_GCP = "Compute Engine documentation: set the number of threads per core"
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class NumaLayout:
    """One machine type's layout.

    Attributes:
        sockets: Processor packages.
        numa_nodes: NUMA nodes with CPUs.
        cores: Physical cores in all.
        threads: Threads per core; `cores * threads` is the type's vCPUs.
        gpus_per_numa: Devices that the device plugin advertises, by NUMA node.
        assumed: Whether no source states the NUMA nodes; see `numa_layout`.
        source: Where the layout comes from, or that no source states it.
        cpuless_numa_nodes: Further NUMA nodes without CPUs, which the kubelet counts, too.
        assumed_parts: Names of the attributes that no source states for this type, sorted; `cores` follows `threads`.
    """

    sockets: int
    numa_nodes: int
    cores: int
    threads: int
    gpus_per_numa: tuple[int, ...]
    assumed: bool
    source: str
    cpuless_numa_nodes: int = 0
    assumed_parts: tuple[Part, ...] = ()


def numa_layout(machine: MachineType) -> NumaLayout:
    """Return the layout of a machine type, for every type; `assumed_parts` says what of it no source states.

    What is assumed where no source speaks:

    - NUMA nodes: two on a machine with eight accelerators of its own or with 128 vCPUs and more, else one. Accelerators
      that are attached to a machine of any size (N1) say nothing of it.
    - Sockets: one for one NUMA node, else two.
    - Threads per core: one on Arm, on Azure's series with whole cores and on an odd number of vCPUs, else two.
    - Devices: equal parts over the NUMA nodes in their order, the rest on the first ones.
    - NUMA nodes without CPUs: eight for each GPU of a Grace Blackwell host, elsewhere none.
    """
    row = _rows().get((machine.cloud, machine.name), _NOTHING)
    threads, sourced = _threads(machine, row)
    assumed: list[Part] = [] if sourced else ["threads"]
    cores = machine.vcpus // threads
    nodes = machine.numa_nodes or min(2 if _spans_two(machine) else 1, cores)
    sockets, devices = int_or_none(row.get("sockets", "")), _devices(row)
    cpuless = int_or_none(row.get("cpuless_numa_nodes", ""))
    if machine.numa_nodes is None:
        assumed.append("numa_nodes")
    if sockets is None and machine.numa_nodes != 1:
        assumed.append("sockets")
    if not devices and machine.advertised_devices and nodes > 1:
        assumed.append("gpus_per_numa")
    if cpuless is None and machine.accelerator in _GRACE_BLACKWELL:
        assumed.append("cpuless_numa_nodes")
        cpuless = _NODES_PER_GRACE_GPU * machine.accelerator_count
    return NumaLayout(
        sockets=sockets or min(nodes, 2),
        numa_nodes=nodes,
        cores=cores,
        threads=threads,
        gpus_per_numa=devices or _in_equal_parts(machine.advertised_devices, nodes),
        assumed=machine.numa_nodes is None,
        source=_source(machine, row),
        cpuless_numa_nodes=cpuless or 0,
        assumed_parts=tuple(sorted(assumed)),
    )


def _threads(machine: MachineType, row: Mapping[str, str]) -> tuple[int, bool]:
    """Threads per core, and whether a source states them."""
    stated = int_or_none(row.get("threads", ""))
    if stated is not None:
        return stated, True
    if machine.vcpus % 2:
        return 1, True
    if machine.architecture == "arm64" or (machine.cloud == "azure" and machine.name.endswith(_WHOLE_CORES_ON_AZURE)):
        return 1, False
    return 2, machine.cloud == "gcp"


def _devices(row: Mapping[str, str]) -> tuple[int, ...]:
    return tuple(int(count) for count in row.get("gpus_per_numa", "").split("|") if count)


def _in_equal_parts(devices: int, nodes: int) -> tuple[int, ...]:
    share, rest = divmod(devices, nodes)
    return tuple(share + (node < rest) for node in range(nodes))


def _spans_two(machine: MachineType) -> bool:
    attached = isinstance(machine.vendor, GcpMachine) and machine.vendor.attached
    return machine.vcpus >= _TWO_SOCKETS_FROM or (machine.accelerator_count >= _WHOLE_HOST and not attached)


def _source(machine: MachineType, row: Mapping[str, str]) -> str:
    stated = [machine.source] if machine.numa_nodes is not None else []
    stated += [row["source"]] if row else []
    stated += [_THREADS_ON_GCP] if machine.cloud == "gcp" and machine.architecture == "x86_64" else []
    nodes = ["assumed: no source states this type's NUMA nodes"] if machine.numa_nodes is None else []
    return "; ".join([*nodes, *stated])


@cache
def _rows() -> Mapping[tuple[str, str], Mapping[str, str]]:
    return {(row["cloud"], row["name"]): row for row in read_table("numa_layouts")}
