"""The CPU manager's static policy: whole CPUs of their own for containers of Guaranteed pods.

Facts: pkg/kubelet/cm/cpumanager/policy_static.go of k8s.io/kubernetes v1.36.3.
"""

from math import ceil
from typing import TYPE_CHECKING

from gpucloud.kubelet.admission.cpu_distribution import take_distributed
from gpucloud.kubelet.admission.cpu_packing import take_packed
from gpucloud.kubelet.admission.cpu_topology import Cpus, CpuTopology
from gpucloud.kubelet.admission.hint import Hint, Hints, mask_of, masks, nodes_of
from gpucloud.kubelet.admission.pod import Container, Pod
from gpucloud.kubelet.admission.refusal import Refusal
from gpucloud.kubelet.allocatable import reserved_cpus, resource_allocatable
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.manager_options import is_on, options_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class StaticCpus:
    """CPUs of one node, those that are taken among them."""

    def __init__(self, configuration: Configuration) -> None:
        self.topology = CpuTopology(configuration.machine)
        self.options: Mapping[str, str] = options_of(configuration, "cpu")
        named = reserved_cpus(configuration)
        count = ceil(resource_allocatable(configuration, "cpu").reserved)
        self.reserved = named or self._take(self.topology.cpus, count)
        self.free = self.topology.cpus - self.reserved
        self.reusable: Cpus = frozenset()
        self.given: dict[str, Cpus] = {}

    def begin(self) -> None:
        """A new pod: nothing of it is there to be used again."""
        self.reusable = frozenset()
        self.given = {}

    def hints(self, pod: Pod, container: Container | None) -> Hints:
        """Hints for a container, or for the whole pod; none where it gets no CPUs of its own."""
        wanted = (
            exclusive_cpus(pod, container)
            if container is not None
            else pod.total([(each, {"cpu": exclusive_cpus(pod, each)}) for each in pod.containers]).get("cpu", 0)
        )
        if not wanted:
            return {}
        nodes = self.topology.numa_nodes
        smallest = len(nodes)
        found: list[int] = []
        again = mask_of(self.topology.numa(cpu) for cpu in self.reusable)
        for mask in masks(nodes):
            count = mask.bit_count()
            if self._count(self.topology.cpus, mask) >= wanted:
                smallest = min(smallest, count)
            if again & ~mask or self._count(self.free, mask) + len(self.reusable) < wanted:
                continue
            found.append(mask)
        return {"cpu": [Hint(mask, self._is_preferred(mask, smallest)) for mask in found]}

    def allocate(self, pod: Pod, container: Container, hint: Hint) -> None:
        """Give a container its CPUs; raises Refusal where that cannot be."""
        wanted = exclusive_cpus(pod, container)
        if not wanted:
            return
        self._check_cores(wanted)
        available = self.free | self.reusable
        taken: Cpus = frozenset()
        if hint.mask is not None:
            aligned = self._aligned(hint.mask, available)
            taken = self._take(aligned, min(wanted, len(aligned)))
        taken |= self._take(available - taken, wanted - len(taken))
        self.free -= taken
        self.given[container.name] = taken
        self.reusable = self.reusable | taken if container.kind == "init" else self.reusable - taken

    def _take(self, available: Cpus, wanted: int) -> Cpus:
        if is_on(self.options, "distribute-cpus-across-numa"):
            threads = self.topology.machine.threads if is_on(self.options, "full-pcpus-only") else 1
            return take_distributed(self.topology, available, wanted, threads)
        spread = is_on(self.options, "distribute-cpus-across-cores")
        return take_packed(self.topology, available, wanted, spread=spread)

    def _count(self, cpus: Cpus, mask: int) -> int:
        return sum(1 for cpu in cpus if mask >> self.topology.numa(cpu) & 1)

    def _sockets(self, mask: int) -> frozenset[int]:
        there = self.topology.of(self.topology.numa, nodes_of(mask), self.topology.cpus)
        return frozenset(map(self.topology.socket, there))

    def _is_preferred(self, mask: int, smallest: int) -> bool:
        if is_on(self.options, "align-by-socket"):
            per_socket = len(self.topology.numa_nodes) // self.topology.machine.sockets
            if per_socket and len(self._sockets(mask)) == -(-smallest // per_socket):
                return True
        return mask.bit_count() == smallest

    def _aligned(self, mask: int, available: Cpus) -> Cpus:
        if is_on(self.options, "align-by-socket"):
            return self.topology.of(self.topology.socket, self._sockets(mask), available)
        return self.topology.of(self.topology.numa, nodes_of(mask), available)

    def _check_cores(self, wanted: int) -> None:
        if not is_on(self.options, "full-pcpus-only"):
            return
        threads = self.topology.machine.threads
        if wanted % threads:
            raise Refusal(
                "SMTAlignmentError",
                f"SMT Alignment Error: requested {wanted} cpus not multiple cpus per core = {threads}",
            )
        reserved_cores = {self.topology.core(cpu) for cpu in self.reserved}
        whole = sum(1 for cpu in self.free if self.topology.core(cpu) not in reserved_cores)
        if wanted > whole:
            raise Refusal(
                "SMTAlignmentError",
                f"SMT Alignment Error: not enough free physical CPUs: available physical CPUs = {whole}, "
                f"requested CPUs = {wanted}, CPUs per core = {threads}",
            )


def exclusive_cpus(pod: Pod, container: Container) -> int:
    """CPUs that a container gets for itself: whole ones of a Guaranteed pod, else none."""
    wanted = container.needs.get("cpu")
    if wanted is None or pod.qos != "Guaranteed" or wanted.denominator != 1:
        return 0
    return wanted.numerator
