"""Which CPUs the static policy takes with `distribute-cpus-across-numa`: evenly over as few NUMA nodes as will do.

Facts: pkg/kubelet/cm/cpumanager/cpu_assignment.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import sqrt

from gpucloud.kubelet.admission.cpu_packing import _Packing, take_packed
from gpucloud.kubelet.admission.cpu_topology import Cpus, CpuTopology
from gpucloud.kubelet.admission.refusal import unexpected

Free = dict[int, int]


def take_distributed(topology: CpuTopology, available: Cpus, wanted: int, group: int) -> Cpus:
    """As many CPUs, in groups of `group`, evenly over NUMA nodes; raises Refusal where there are too few."""
    if wanted % group:
        return take_packed(topology, available, wanted)
    if wanted < 1:
        return frozenset()
    if wanted > len(available):
        raise unexpected(
            f"not enough cpus available to satisfy request: requested={wanted}, available={len(available)}"
        )
    nodes = _Packing(topology, available, wanted).order(topology.numa)
    free = {node: len(topology.of(topology.numa, (node,), available)) for node in nodes}
    all_nodes = len(topology.numa_nodes)
    groups = -(-topology.machine.cpus // group)
    per_node = -(-groups // all_nodes)
    needed = -(-wanted // group)
    for count in range(-(-needed // per_node), min(needed, len(nodes)) + 1):
        found = _best(free, nodes, count, wanted, group)
        if found is not None:
            return _take(topology, available, wanted, group, found)
    return take_packed(topology, available, wanted)


def _best(
    free: Free, nodes: Sequence[int], count: int, wanted: int, group: int
) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The nodes and those among them that give the remainder, as even as can be afterwards; None where none will do."""
    best: tuple[tuple[int, ...], tuple[int, ...]] | None = None
    best_balance = float("inf")
    share = wanted // count // group * group
    remainder = wanted - share * count
    for chosen in combinations(nodes, count):
        if best_balance == 0:
            break
        enough = sum(free[node] // group for node in chosen) * group >= wanted
        if not enough or any(free[node] < share for node in chosen):
            continue
        after = {node: size - share if node in chosen else size for node, size in free.items()}
        balance, rest = _remainder(after, chosen, remainder, group)
        if balance < best_balance:
            best, best_balance = (chosen, rest), balance
    return best


def _remainder(after: Free, chosen: tuple[int, ...], remainder: int, group: int) -> tuple[float, tuple[int, ...]]:
    if not remainder:
        return _deviation(after), ()
    able = [node for node in chosen if after[node] >= group]
    best = float("inf")
    best_rest: tuple[int, ...] = ()
    for count in range(len(able), 0, -1):
        for rest in combinations(able, count):
            if sum(after[node] for node in rest) < remainder:
                continue
            left, still = dict(after), remainder
            while still > 0 and any(left[node] >= group for node in rest):
                for node in rest:
                    if still > 0 and left[node] >= group:
                        left[node] -= group
                        still -= group
            balance = _deviation(left)
            if balance < best:
                best, best_rest = balance, rest
    return best, best_rest


def _deviation(free: Mapping[int, int]) -> float:
    """The standard deviation, rounded to thousandths as the kubelet does before it compares."""
    mean = sum(free.values()) / len(free)
    deviation = sqrt(sum((size - mean) ** 2 for size in free.values()) / len(free))
    return int(deviation * 1000 + 0.5) / 1000


def _take(
    topology: CpuTopology,
    available: Cpus,
    wanted: int,
    group: int,
    found: tuple[tuple[int, ...], tuple[int, ...]],
) -> Cpus:
    chosen, rest = found
    left, taken = available, frozenset[int]()
    share = wanted // len(chosen) // group * group
    for node in chosen:
        got = take_packed(topology, topology.of(topology.numa, (node,), left), share)
        left, taken = left - got, taken | got
    while len(taken) < wanted:
        before = len(taken)
        for node in rest:
            there = topology.of(topology.numa, (node,), left)
            if len(taken) < wanted and len(there) >= group:
                got = take_packed(topology, there, group)
                left, taken = left - got, taken | got
        if len(taken) == before:
            raise unexpected(f"accounting error, not enough CPUs allocated, remaining: {wanted - before}")
    return taken
