"""How a machine type's CPUs and accelerators lie over sockets and NUMA nodes: as a source says, or as it is assumed."""

from dataclasses import dataclass

from gpucloud.facts.machine_types import MachineType

# A machine of so many vCPUs, or with eight accelerators, spans two processors on every type whose layout is known.
_TWO_SOCKETS_FROM = 128
_WHOLE_HOST = 8


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
        source: Where the NUMA nodes come from, or the assumption in words.
    """

    sockets: int
    numa_nodes: int
    cores: int
    threads: int
    gpus_per_numa: tuple[int, ...]
    assumed: bool
    source: str


def numa_layout(machine: MachineType) -> NumaLayout:
    """The layout of a machine type, for every type; `assumed` says where no source states its NUMA nodes.

    Assumed: two NUMA nodes for machines with eight accelerators or 128 vCPUs and more, one for all others. That is so
    on 8 of the 12 types whose nodes are known; Azure's three with A100 have four, g4-standard-192 has one. Always assumed, since no
    source lists them by type: two threads a core on x86 and one on Arm (an odd number of vCPUs has one, too), two
    sockets wherever there are several nodes, and devices in equal parts over the nodes in their order.
    """
    assumed = machine.numa_nodes is None
    nodes = machine.numa_nodes or (2 if _spans_two(machine) else 1)
    threads = 1 if machine.architecture == "arm64" or machine.vcpus % 2 else 2
    cores = machine.vcpus // threads
    nodes = min(nodes, cores)
    share, rest = divmod(machine.advertised_devices, nodes)
    return NumaLayout(
        sockets=min(nodes, 2),
        numa_nodes=nodes,
        cores=cores,
        threads=threads,
        gpus_per_numa=tuple(share + (node < rest) for node in range(nodes)),
        assumed=assumed,
        source="assumed: no source states this type's NUMA nodes" if assumed else machine.source,
    )


def _spans_two(machine: MachineType) -> bool:
    return machine.accelerator_count >= _WHOLE_HOST or machine.vcpus >= _TWO_SOCKETS_FROM
