"""What the topology manager's policies make of the hints of all providers.

Facts: pkg/kubelet/cm/topologymanager/{policy.go,policy_*.go,numa_info.go} of k8s.io/kubernetes v1.36.3. The kubelet
tries every combination of one hint a resource. The order by which it compares them is total, so that the best of the
distinct results is the same, without trying all combinations that lead to them.
"""

from collections.abc import Sequence
from typing import Literal

from gpucloud.kubelet.admission.hint import Hint, Hints, narrowness, nodes_of

TopologyPolicy = Literal["none", "best-effort", "restricted", "single-numa-node"]
Distances = Sequence[Sequence[int]]

_ANY = Hint(None, True)
_IMPOSSIBLE = Hint(None, False)


def merge(
    policy: TopologyPolicy, numa_nodes: int, providers: Sequence[Hints], closest_by: Distances | None = None
) -> tuple[Hint, bool]:
    """The best hint, and whether the policy admits it.

    `closest_by` are the distances between nodes where `prefer-closest-numa-nodes` is on.
    """
    if policy == "none":
        return Hint(None, False), True
    wishes = _wishes(providers)
    if policy == "single-numa-node":
        wishes = [
            [hint for hint in wish if hint.preferred and (hint.mask is None or hint.mask.bit_count() == 1)]
            for wish in wishes
        ]
        closest_by = None
    everything = (1 << numa_nodes) - 1
    best = _best(wishes, everything, closest_by)
    if policy == "single-numa-node" and best.mask == everything:
        best = Hint(None, best.preferred)
    return best, policy == "best-effort" or best.preferred


def _wishes(providers: Sequence[Hints]) -> list[Sequence[Hint]]:
    wishes: list[Sequence[Hint]] = []
    for hints in providers:
        if not hints:
            wishes.append([_ANY])
        wishes += [[_ANY] if of_resource is None else of_resource or [_IMPOSSIBLE] for of_resource in hints.values()]
    return wishes


def _best(wishes: Sequence[Sequence[Hint]], everything: int, closest_by: Distances | None) -> Hint:
    if not all(wishes):
        return Hint(everything, False)
    agreed = _agreed(wishes, everything)
    if agreed:
        return Hint(min(agreed, key=lambda mask: _fitness(mask, closest_by)), True)
    merged = {everything}
    for wish in wishes:
        merged = {mask if hint.mask is None else mask & hint.mask for mask in merged for hint in wish}
    merged.discard(0)
    if not merged:
        return Hint(everything, False)
    wanted = max(
        (min(narrowness(hint.mask) for hint in wish if hint.mask is not None)[0] for wish in wishes
         if any(hint.mask is not None for hint in wish)),
        default=0,
    )  # fmt: skip
    return Hint(min(merged, key=lambda mask: (_distance_from(wanted, mask), _fitness(mask, closest_by))), False)


def _agreed(wishes: Sequence[Sequence[Hint]], everything: int) -> set[int]:
    """Sets of nodes that every resource prefers; empty where one has no preferred hint at all."""
    agreed: set[int] | None = None
    for wish in wishes:
        preferred = [hint.mask for hint in wish if hint.preferred]
        if not preferred:
            return set()
        if None in preferred:
            # A resource with any node as a hint has no other hint.
            continue
        sets = {mask & everything for mask in preferred if mask is not None}
        agreed = sets if agreed is None else agreed & sets
    return ({everything} if agreed is None else agreed) - {0}


def _fitness(mask: int, closest_by: Distances | None) -> tuple[float, ...]:
    count = mask.bit_count()
    if closest_by is None:
        return narrowness(mask)
    nodes = nodes_of(mask)
    return count, sum(closest_by[one][other] for one in nodes for other in nodes) / count**2, mask


def _distance_from(wanted: int, mask: int) -> tuple[int, int]:
    """A key: as many nodes as the neediest resource wants, else fewer but as many as can be, else more but few."""
    count = mask.bit_count()
    if count == wanted:
        return 0, 0
    return (1, -count) if count < wanted else (2, count)
