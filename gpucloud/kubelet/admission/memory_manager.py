"""The memory manager's Static policy: memory and huge pages of as few NUMA nodes as will do, for Guaranteed pods.

Facts: pkg/kubelet/cm/memorymanager/policy_static.go of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Mapping, Sequence
from math import ceil

from gpucloud.kubelet.admission.hint import Hint, Hints, masks, narrowness, nodes_of
from gpucloud.kubelet.admission.memory_state import breaks_groups, fresh_memory, give, has_free
from gpucloud.kubelet.admission.pod import Container, Pod
from gpucloud.kubelet.admission.refusal import unexpected
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.reserved_memory import memory_shares


class StaticMemory:
    """Memory of one node, and who has what of it."""

    def __init__(self, configuration: Configuration, hugepages: Mapping[str, Sequence[int]]) -> None:
        reserved = {
            (node, resource): ceil(parse_quantity(amount)) for _, node, resource, amount in memory_shares(configuration)
        }
        self.nodes = fresh_memory(configuration.machine.memory_of_nodes, reserved, hugepages)
        self.reusable: dict[tuple[int, str], int] = {}
        self.given: dict[str, dict[int, int]] = {}
        self.masks: dict[str, int] = {}

    def begin(self) -> None:
        """A new pod: nothing of it is there to be used again."""
        self.reusable, self.given, self.masks = {}, {}, {}

    def hints(self, pod: Pod, container: Container | None) -> Hints:
        """Hints for a container, or for the whole pod. A size that fits nowhere is no wish here: `allocate` refuses."""
        if pod.qos != "Guaranteed":
            return {}
        if container is not None:
            return self._hints(memory_of(container))
        total = pod.total([(each, memory_of(each)) for each in pod.containers])
        of_apps = {name for each in pod.containers if each.kind == "app" for name in memory_of(each)}
        return self._hints({name: size for name, size in total.items() if name in of_apps})

    def allocate(self, pod: Pod, container: Container, hint: Hint) -> None:
        """Give a container its memory; raises Refusal where that cannot be."""
        if pod.qos != "Guaranteed":
            return
        wanted = memory_of(container)
        best = hint
        if best.mask is None:
            best = self._default(wanted)
            if hint.preferred and not best.preferred:
                raise unexpected("[memorymanager] failed to find the default preferred hint")
        if not has_free(self.nodes, nodes_of(best.mask or 0), wanted):
            extended = self._extended(wanted, best.mask or 0)
            if best.preferred and not extended.preferred:
                raise unexpected("[memorymanager] failed to find the extended preferred hint")
            best = extended
        mask = best.mask or 0
        chosen = nodes_of(mask)
        if breaks_groups(self.nodes, chosen):
            raise unexpected("[memorymanager] preferred hint violates NUMA node allocation")
        parts: dict[int, int] = {}
        for name, size in wanted.items():
            again = self.reusable.get((mask, name), 0)
            got = give(self.nodes, chosen, name, max(0, size - again))
            if name == "memory":
                parts = got
            self._use_again(container, (mask, name), size, again)
        self.given[container.name] = parts
        self.masks[container.name] = mask

    def _use_again(self, container: Container, key: tuple[int, str], size: int, again: int) -> None:
        if container.kind == "init":
            self.reusable[key] = max(size, again)
        elif again:
            self.reusable[key] = max(0, again - size)

    def _hints(self, wanted: Mapping[str, int]) -> dict[str, list[Hint]]:
        if not wanted:
            return {}
        smallest = len(self.nodes)
        found: list[int] = []
        for mask in masks(range(len(self.nodes))):
            chosen = nodes_of(mask)
            states = [self.nodes[node] for node in chosen]
            if any(sum(state.allocatable.get(name, 0) for state in states) < size for name, size in wanted.items()):
                continue
            smallest = min(smallest, len(chosen))
            if len(chosen) == 1 and len(states[0].cells) > 1:
                continue
            if breaks_groups(self.nodes, chosen):
                continue
            if all(
                sum(state.free.get(name, 0) for state in states) + self.reusable.get((mask, name), 0) >= size
                for name, size in wanted.items()
            ):
                found.append(mask)
        if not found:
            return {}
        return {name: [Hint(mask, mask.bit_count() == smallest) for mask in found] for name in wanted}

    def _default(self, wanted: Mapping[str, int]) -> Hint:
        hints = self._hints(wanted)
        if not hints:
            raise unexpected(
                "[memorymanager] failed to get the default NUMA affinity, no NUMA nodes with enough memory is available"
            )
        return _best(hints["memory"])

    def _extended(self, wanted: Mapping[str, int], mask: int) -> Hint:
        wider = [
            hint for hint in self._hints(wanted).get("memory", ()) if hint.mask is not None and not mask & ~hint.mask
        ]
        if not wider:
            raise unexpected("[memorymanager] failed to find NUMA nodes to extend the current topology hint")
        return _best(wider)


def _best(hints: Sequence[Hint]) -> Hint:
    return min(hints, key=lambda hint: (not hint.preferred, narrowness(hint.mask or 0)))


def memory_of(container: Container) -> dict[str, int]:
    """Bytes of memory and of huge pages that a container requests, by resource."""
    return {
        name: ceil(amount)
        for name, amount in container.needs.items()
        if name == "memory" or name.startswith("hugepages-")
    }
