"""Which CPUs the static policy takes when it packs them: whole sockets and NUMA nodes, then cores, then threads.

Facts: pkg/kubelet/cm/cpumanager/cpu_assignment.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Iterator
from itertools import groupby

from gpucloud.kubelet.admission.cpu_topology import Cpus, CpuTopology, Place
from gpucloud.kubelet.admission.refusal import unexpected


def take_packed(topology: CpuTopology, available: Cpus, wanted: int, *, spread: bool = False) -> Cpus:
    """As many CPUs out of those available; `spread` skips whole cores (distribute-cpus-across-cores).

    Raises Refusal where there are too few.
    """
    if wanted < 1:
        return frozenset()
    if wanted > len(available):
        raise unexpected(
            f"not enough cpus available to satisfy request: requested={wanted}, available={len(available)}"
        )
    packing = _Packing(topology, available, wanted)
    first, second = packing.levels
    for place in (first, second):
        packing.take_whole(place, packing.order(place))
    if not spread:
        packing.take_whole(topology.core, packing.order(topology.core))
    packing.take_single(spread=spread)
    return frozenset(packing.taken)


class _Packing:
    def __init__(self, topology: CpuTopology, available: Cpus, wanted: int) -> None:
        self.topology = topology
        self.left = available
        self.wanted = wanted
        self.taken: set[int] = set()
        numa_is_wider = topology.machine.sockets >= topology.machine.numa
        self.levels: tuple[Place, Place] = (
            (topology.numa, topology.socket) if numa_is_wider else (topology.socket, topology.numa)
        )

    def order(self, place: Place) -> list[int]:
        """Places with free CPUs, the fullest first, within wider places, the fullest first, too."""
        path: list[Place] = []
        for level in (*self.levels, self.topology.core):
            path.append(level)
            if level is place or level == place:
                break
        return list(dict.fromkeys(ids[-1] for ids in self._nested(self.left, path)))

    def _nested(self, cpus: Cpus, path: list[Place]) -> Iterator[tuple[int, ...]]:
        level, *rest = path
        counted = sorted((len(list(group)), place) for place, group in groupby(sorted(map(level, cpus))))
        for _, place in counted:
            if not rest:
                yield (place,)
                continue
            inner = self.topology.of(level, (place,), self.left)
            for ids in self._nested(inner, rest):
                yield (place, *ids)

    def take_whole(self, place: Place, order: list[int]) -> None:
        """Take places of that kind that are wholly free, as long as all of one is wanted."""
        for which in order:
            whole = self.topology.of(place, (which,), self.topology.cpus)
            if whole <= self.left and 0 < len(whole) <= self.wanted:
                self._take(whole)

    def take_single(self, *, spread: bool) -> None:
        """Take CPUs one by one: by core, or where they are to be spread, by number within a socket."""
        place: Place = self.topology.socket if spread else self.topology.core
        for which in self.order(place):
            for cpu in sorted(self.topology.of(place, (which,), self.left)):
                if self.wanted < 1:
                    return
                self._take(frozenset((cpu,)))

    def _take(self, cpus: Cpus) -> None:
        self.taken |= cpus
        self.left -= cpus
        self.wanted -= len(cpus)
