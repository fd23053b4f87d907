"""Where logical CPUs lie: cores, NUMA nodes and sockets of a described machine."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from gpucloud.kubelet.machine import NodeMachine

Cpus = frozenset[int]
Place = Callable[[int], int]


@dataclass(frozen=True)
class CpuTopology:
    """The numbering of NodeMachine as functions of a CPU; a core is named by its first CPU, as the kubelet does."""

    machine: NodeMachine

    def core(self, cpu: int) -> int:
        """The core of a CPU."""
        return cpu % self.machine.cores

    def numa(self, cpu: int) -> int:
        """The NUMA node of a CPU."""
        return self.core(cpu) * self.machine.numa // self.machine.cores

    def socket(self, cpu: int) -> int:
        """The socket of a CPU."""
        return self.core(cpu) * self.machine.sockets // self.machine.cores

    @cached_property
    def cpus(self) -> Cpus:
        """All CPUs."""
        return frozenset(range(self.machine.cpus))

    @cached_property
    def numa_nodes(self) -> tuple[int, ...]:
        """NUMA nodes that have CPUs."""
        return tuple(sorted({self.numa(cpu) for cpu in self.cpus}))

    def of(self, place: Place, ids: Iterable[int], cpus: Cpus) -> Cpus:
        """Those of `cpus` whose place is one of `ids`."""
        wanted = frozenset(ids)
        return frozenset(cpu for cpu in cpus if place(cpu) in wanted)
