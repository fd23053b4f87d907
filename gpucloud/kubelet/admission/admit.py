"""Whether a kubelet admits a pod, and on which NUMA nodes it places its containers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.kubelet.admission.cpu_manager import StaticCpus
from gpucloud.kubelet.admission.device_manager import NumaDevices
from gpucloud.kubelet.admission.hint import Hint
from gpucloud.kubelet.admission.memory_manager import StaticMemory
from gpucloud.kubelet.admission.merging import Distances, TopologyPolicy, merge
from gpucloud.kubelet.admission.pod import Pod
from gpucloud.kubelet.admission.refusal import Refusal, affinity_refusal, out_of
from gpucloud.kubelet.allocatable import resource_allocatable
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.manager_options import is_on, options_of

GPU = "nvidia.com/gpu"

# What Linux takes distances to be where firmware gives none: include/linux/topology.h, LOCAL_DISTANCE and
# REMOTE_DISTANCE.
_LOCAL, _REMOTE = 10, 20


@dataclass(frozen=True)
class ContainerPlace:
    """Where one container runs.

    Attributes:
        name: The container.
        numa_nodes: The NUMA nodes of the merged hint; empty where the topology manager binds it to none.
        cpus: CPUs of its own; empty where it shares those of the node.
        gpus: Devices by number, counted over NUMA nodes.
        gpus_by_node: How many of them lie on which NUMA node.
        memory: Bytes newly taken, by NUMA node; empty without the Static memory manager.
    """

    name: str
    numa_nodes: tuple[int, ...]
    cpus: tuple[int, ...]
    gpus: tuple[int, ...]
    gpus_by_node: tuple[tuple[int, int], ...]
    memory: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Admission:
    """The kubelet's answer; reason and message are what the status of a refused pod says."""

    admitted: bool
    reason: str | None
    message: str
    containers: tuple[ContainerPlace, ...]


def admit(  # noqa: PLR0913  # what a node is, and what is asked of it
    machine: NodeMachine,
    values: Mapping[str, Any],
    pod: Pod,
    gpus_per_numa: tuple[int, ...],
    *,
    running: Sequence[Pod] = (),
    resource: str = GPU,
    hugepages: Mapping[str, tuple[int, ...]] | None = None,
    distances: Distances | None = None,
    minor: int = 36,
) -> Admission:
    """The kubelet's answer to a pod that the scheduler sent to this node, after those in `running`, in their order.

    `gpus_per_numa` are devices by NUMA node; `hugepages` bytes by resource and node, such as
    `{"hugepages-1Gi": (2**30, 2**30)}`; `distances` as in /sys/devices/system/node, used by prefer-closest-numa-nodes.
    Raises InvalidInputError where the kubelet would not start with these values, where a running pod would never have
    been admitted, and for what the description of a machine cannot answer: uncore caches.
    """
    node = _node(machine, values, gpus_per_numa, resource, hugepages or {}, distances, minor)
    for index, other in enumerate(running):
        there = node.admit(other)
        if not there.admitted:
            raise InvalidInputError(
                [Problem(f"running[{index}]", f"{there.message}, so it cannot be running", "leave it out")]
            )
    return node.admit(pod)


def _node(  # noqa: PLR0913, PLR0917  # as above
    machine: NodeMachine,
    values: Mapping[str, Any],
    gpus_per_numa: tuple[int, ...],
    resource: str,
    hugepages: Mapping[str, tuple[int, ...]],
    distances: Distances | None,
    minor: int,
) -> "_Node":
    problems = [
        Problem(finding.path, finding.problem, finding.fix)
        for finding in judge(values, machine, minor=minor).findings
        if finding.level == "kubelet"
    ]
    count = machine.numa_nodes
    for path, length in (
        ("gpusPerNuma", len(gpus_per_numa)),
        *((name, len(sizes)) for name, sizes in hugepages.items()),
    ):
        if length > count or (path != "gpusPerNuma" and length != count):
            problems.append(
                Problem(path, f"{length} NUMA nodes are named, the machine has {count}", "give one number a node")
            )
    if problems:
        raise InvalidInputError(problems)
    configuration = configuration_of(values, machine, minor=minor)
    if is_on(options_of(configuration, "cpu"), "prefer-align-cpus-by-uncorecache"):
        raise InvalidInputError(
            [
                Problem(
                    "cpuManagerPolicyOptions.prefer-align-cpus-by-uncorecache",
                    "the machine's description has no uncore caches, so nobody can say which CPUs it chooses",
                    "try without it: it changes which CPUs are taken, not whether a pod is admitted",
                )
            ]
        )
    return _Node(configuration, gpus_per_numa, resource, hugepages, distances)


class _Node:
    def __init__(
        self,
        configuration: Configuration,
        gpus_per_numa: tuple[int, ...],
        resource: str,
        hugepages: Mapping[str, tuple[int, ...]],
        distances: Distances | None,
    ) -> None:
        values = configuration.values
        self.numa_nodes = configuration.machine.numa_nodes
        self.policy: TopologyPolicy = values.get("topologyManagerPolicy") or "none"
        self.of_pod = values.get("topologyManagerScope") == "pod"
        self.devices = NumaDevices(resource, gpus_per_numa)
        self.cpus = StaticCpus(configuration) if values.get("cpuManagerPolicy") == "static" else None
        self.memory = StaticMemory(configuration, hugepages) if values.get("memoryManagerPolicy") == "Static" else None
        # The order in which the kubelet asks: pkg/kubelet/cm/container_manager_linux.go.
        self.providers = [each for each in (self.devices, self.cpus, self.memory) if each is not None]
        self.closest_by: Distances | None = None
        if is_on(options_of(configuration, "topology"), "prefer-closest-numa-nodes"):
            self.closest_by = distances or _flat(self.numa_nodes)
        huge = sum(sum(sizes) for sizes in hugepages.values())
        self.capacity: dict[str, int] = {
            "cpu": int((resource_allocatable(configuration, "cpu").allocatable or 0) * 1000),
            "memory": int(resource_allocatable(configuration, "memory").allocatable or 0) - huge,
            **{name: sum(sizes) for name, sizes in hugepages.items()},
        }
        if sum(gpus_per_numa):
            self.capacity[resource] = sum(gpus_per_numa)
        self.used: dict[str, int] = {}

    def admit(self, pod: Pod) -> Admission:
        for provider in self.providers:
            provider.begin()
        try:
            needed = self._fit(pod)
            hints = self._place(pod)
        except Refusal as refusal:
            return Admission(False, refusal.reason, refusal.message, ())
        for name, amount in needed.items():
            self.used[name] = self.used.get(name, 0) + amount
        return Admission(True, None, "", tuple(self._found(name, hint) for name, hint in hints))

    def _fit(self, pod: Pod) -> dict[str, int]:
        """The first resource that is short, in the order of pkg/kubelet/lifecycle/predicate.go; others are unknown."""
        needed = pod.total(
            (
                container,
                {
                    name: ceil(amount * 1000) if name == "cpu" else ceil(amount)
                    for name, amount in container.needs.items()
                    if name in self.capacity or name.startswith("hugepages-")
                },
            )
            for container in pod.containers
        )
        for name in sorted(needed, key=lambda name: (name != "cpu", name != "memory", name)):
            used, capacity = self.used.get(name, 0), self.capacity.get(name, 0)
            if needed[name] > capacity - used and needed[name]:
                raise out_of(name, needed[name], used, capacity)
        return needed

    def _place(self, pod: Pod) -> list[tuple[str, Hint]]:
        placed: list[tuple[str, Hint]] = []
        whole = self._merge(pod, whole=True, index=0) if self.of_pod and self.policy != "none" else None
        for index, container in enumerate(pod.containers):
            hint = whole or self._merge(pod, whole=False, index=index)
            for provider in self.providers:
                provider.allocate(pod, container, hint)
            placed.append((container.name, hint))
        return placed

    def _merge(self, pod: Pod, *, whole: bool, index: int) -> Hint:
        asked = None if whole else pod.containers[index]
        hint, is_admitted = merge(
            self.policy,
            self.numa_nodes,
            [provider.hints(pod, asked) for provider in self.providers],
            self.closest_by,
        )
        if not is_admitted:
            raise affinity_refusal()
        return hint

    def _found(self, name: str, hint: Hint) -> ContainerPlace:
        gpus = sorted(self.devices.given.get(name, ()))
        nodes = [self.devices.numa[gpu] for gpu in gpus]
        return ContainerPlace(
            name=name,
            numa_nodes=() if hint.mask is None else tuple(n for n in range(self.numa_nodes) if hint.mask >> n & 1),
            cpus=tuple(sorted(self.cpus.given.get(name, ()))) if self.cpus else (),
            gpus=tuple(gpus),
            gpus_by_node=tuple((node, nodes.count(node)) for node in sorted(set(nodes))),
            memory=tuple(sorted(self.memory.given.get(name, {}).items())) if self.memory else (),
        )


def _flat(nodes: int) -> Distances:
    return [[_LOCAL if one == other else _REMOTE for other in range(nodes)] for one in range(nodes)]
