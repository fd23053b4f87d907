"""Memory of NUMA nodes as the memory manager keeps account of it.

Facts: pkg/kubelet/cm/memorymanager/policy_static.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass
class NodeMemory:
    """One NUMA node: bytes by resource, and with which nodes it is grouped by what was given away."""

    allocatable: dict[str, int]
    free: dict[str, int]
    cells: tuple[int, ...]
    assignments: int = 0
    taken: dict[str, int] = field(default_factory=dict)


def fresh_memory(
    memory: Sequence[int], reserved: Mapping[tuple[int, str], int], hugepages: Mapping[str, Sequence[int]]
) -> list[NodeMemory]:
    """Nodes with nothing given away; huge pages are bytes by node, no part of its plain memory."""
    nodes: list[NodeMemory] = []
    for node, size in enumerate(memory):
        huge = {name: sizes[node] for name, sizes in hugepages.items()}
        whole = {"memory": size - sum(huge.values()), **huge}
        usable = {name: amount - reserved.get((node, name), 0) for name, amount in whole.items()}
        nodes.append(NodeMemory(usable, dict(usable), (node,)))
    return nodes


def give(nodes: Sequence[NodeMemory], chosen: tuple[int, ...], resource: str, size: int) -> dict[int, int]:
    """Take memory of the chosen nodes, the first ones first; returns bytes by node."""
    parts: dict[int, int] = {}
    for node in chosen:
        state = nodes[node]
        state.assignments += 1
        state.cells = chosen
        part = min(size, state.free.get(resource, 0))
        if part > 0:
            state.free[resource] -= part
            size -= part
            parts[node] = part
    return parts


def has_free(nodes: Sequence[NodeMemory], chosen: tuple[int, ...], wanted: Mapping[str, int]) -> bool:
    """Whether these nodes together have as much free memory."""
    return all(sum(nodes[node].free.get(name, 0) for node in chosen) >= size for name, size in wanted.items())


def breaks_groups(nodes: Sequence[NodeMemory], chosen: tuple[int, ...]) -> bool:
    """Whether giving memory over several of these nodes would mix with other groups or with single nodes."""
    return len(chosen) > 1 and any(nodes[node].assignments and nodes[node].cells != chosen for node in chosen)
