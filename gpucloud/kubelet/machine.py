"""The machine that a kubelet is judged on: described, never looked up on the machine that judges."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

_TEBIBYTE = 2**40


@dataclass(frozen=True)
class NodeMachine:
    """What a kubelet finds out about its machine before it starts.

    Logical CPUs are numbered as Linux does on x86: thread `t` of core `c` is CPU `c + t * cores`. Cores lie in order
    over NUMA nodes and over sockets; memory is split evenly over NUMA nodes, the rest of the division on node 0.

    Attributes:
        sockets: Processor packages.
        numa: NUMA nodes with CPUs; node `n` has the cores `c` with `c * numa // cores == n`.
        cores: Cores in all.
        threads: Threads per core.
        memory: Bytes of memory in all.
        ephemeral_storage: Bytes of the file system that holds the kubelet's directory.
        cgroup: The hierarchy that the host has mounted.
        swap: Whether the host has swap turned on.
        cpuless_numa: Further NUMA nodes that have neither CPUs nor memory (GB200 hosts have some for GPU memory).
    """

    sockets: int = 2
    numa: int = 2
    cores: int = 96
    threads: int = 2
    memory: int = 2 * _TEBIBYTE
    ephemeral_storage: int = _TEBIBYTE
    cgroup: Literal["v1", "v2"] = "v2"
    swap: bool = False
    cpuless_numa: int = 0

    @property
    def cpus(self) -> int:
        """Logical CPUs."""
        return self.cores * self.threads

    @property
    def numa_nodes(self) -> int:
        """NUMA nodes as the kubelet counts them, those without CPUs too."""
        return self.numa + self.cpuless_numa

    @cached_property
    def memory_of_nodes(self) -> tuple[int, ...]:
        """Bytes of memory of every NUMA node, by its id."""
        share, rest = divmod(self.memory, self.numa)
        return (share + rest, *[share] * (self.numa - 1), *[0] * self.cpuless_numa)

    @cached_property
    def cpus_of_nodes(self) -> tuple[frozenset[int], ...]:
        """Logical CPUs of every NUMA node, by its id."""
        nodes: list[set[int]] = [set() for _ in range(self.numa_nodes)]
        for core in range(self.cores):
            nodes[core * self.numa // self.cores] |= {core + thread * self.cores for thread in range(self.threads)}
        return tuple(frozenset(node) for node in nodes)
