"""The device manager: GPUs that their plugin reports with the NUMA node of each.

Facts: pkg/kubelet/cm/devicemanager/{manager.go,topology_hints.go} of k8s.io/kubernetes v1.36.3. Which of the GPUs of a
NUMA node a container gets is the plugin's and chance's choice there; here it is the first ones.
"""

from collections.abc import Sequence

from gpucloud.kubelet.admission.hint import Hint, Hints, mask_of, masks
from gpucloud.kubelet.admission.pod import Container, Pod
from gpucloud.kubelet.admission.refusal import unexpected

Devices = frozenset[int]


class NumaDevices:
    """Devices of one resource, numbered over NUMA nodes."""

    def __init__(self, resource: str, per_numa: Sequence[int]) -> None:
        self.resource = resource
        self.numa = [node for node, count in enumerate(per_numa) for _ in range(count)]
        self.free: Devices = frozenset(range(len(self.numa)))
        self.reusable: Devices = frozenset()
        self.given: dict[str, Devices] = {}

    def begin(self) -> None:
        """A new pod: nothing of it is there to be used again."""
        self.reusable = frozenset()
        self.given = {}

    def hints(self, pod: Pod, container: Container | None) -> Hints:
        """Hints for a container, or for the whole pod."""
        if not self.numa:
            return {}
        again: Devices = frozenset()
        if container is not None:
            if self.resource not in container.limits:
                return {}
            wanted, again = self._wanted(container), self.reusable
        else:
            asking = [each for each in pod.containers if self.resource in each.limits]
            if not asking:
                return {}
            wanted = pod.total([(each, {self.resource: self._wanted(each)}) for each in asking])[self.resource]
        if len(self.free | again) < wanted:
            return {self.resource: []}
        nodes = sorted(set(self.numa))
        smallest = len(nodes)
        found: list[int] = []
        for mask in masks(nodes):
            if sum(mask >> node & 1 for node in self.numa) >= wanted:
                smallest = min(smallest, mask.bit_count())
            outside = mask_of(self.numa[device] for device in again) & ~mask
            if outside or len(again) + sum(mask >> self.numa[device] & 1 for device in self.free) < wanted:
                continue
            found.append(mask)
        return {self.resource: [Hint(mask, mask.bit_count() == smallest) for mask in found]}

    def allocate(self, pod: Pod, container: Container, hint: Hint) -> None:
        """Give a container its devices; raises Refusal where too few are free."""
        del pod
        if not self.numa or self.resource not in container.limits:
            return
        wanted = self._wanted(container)
        taken = frozenset(sorted(self.reusable)[:wanted])
        needed = wanted - len(taken)
        if needed > len(self.free):
            raise unexpected(
                f"requested number of devices unavailable for {self.resource}. Requested: {needed}, "
                f"Available: {len(self.free)}"
            )
        near = sorted(
            self.free, key=lambda device: (hint.mask is not None and not hint.mask >> self.numa[device] & 1, device)
        )
        taken |= frozenset(near[:needed])
        self.free -= taken
        self.given[container.name] = taken
        self.reusable = self.reusable | taken if container.kind == "init" else self.reusable - taken

    def _wanted(self, container: Container) -> int:
        amount = container.limits[self.resource]
        return -(-amount.numerator // amount.denominator)
