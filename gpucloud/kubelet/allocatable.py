"""What a node has left for pods: capacity less what is reserved for the kubelet, the system and eviction.

Facts: pkg/kubelet/cm/{node_container_manager_linux.go,helpers.go} and cmd/kubelet/app/server.go of k8s.io/kubernetes
v1.36.3. Amounts are exact: CPUs as fractions of a CPU, memory and storage in bytes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Literal, assert_never

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.cpuset import parse_cpuset
from gpucloud.kubelet.eviction import hard_evictions, parse_threshold
from gpucloud.kubelet.quantity import parse_quantity, write_bytes

Resource = Literal["cpu", "memory", "ephemeral-storage", "pid"]
RESOURCES: tuple[Resource, ...] = ("cpu", "memory", "ephemeral-storage", "pid")
"""What `kubeReserved` and `systemReserved` can name."""

EVICTION_SIGNALS: Mapping[str, str] = {"memory": "memory.available", "ephemeral-storage": "nodefs.available"}
"""The hard eviction signals that are reserved, by the resource that they are taken from."""

_NOTHING = Fraction(0)


@dataclass(frozen=True)
class ResourceAllocatable:
    """One resource of a node.

    Attributes:
        resource: Its name in a pod's requests.
        capacity: What the machine has; None for `pid`, which the machine's description does not say.
        kube: What `kubeReserved` takes.
        system: What `systemReserved` takes, or the number of `reservedSystemCPUs`.
        eviction: What the hard eviction threshold takes.
        allocatable: What is left, never below zero; None where the capacity is unknown.
    """

    resource: Resource
    capacity: int | None
    kube: Fraction
    system: Fraction
    eviction: Fraction

    @cached_property
    def reserved(self) -> Fraction:
        """All that is taken."""
        return self.kube + self.system + self.eviction

    @cached_property
    def allocatable(self) -> Fraction | None:
        """What pods get."""
        return None if self.free is None else max(_NOTHING, self.free)

    @cached_property
    def free(self) -> Fraction | None:
        """The same, below zero where more is reserved than there is: the kubelet would not start."""
        return None if self.capacity is None else self.capacity - self.reserved


def allocatable(configuration: Configuration) -> tuple[ResourceAllocatable, ...]:
    """CPU, memory, ephemeral storage and processes of a node, in that order.

    Raises ValueError where a reservation or a threshold is no quantity: the kubelet would not start.
    """
    return tuple(resource_allocatable(configuration, resource) for resource in RESOURCES)


def resource_allocatable(configuration: Configuration, resource: Resource) -> ResourceAllocatable:
    """One resource of a node; `reservedSystemCPUs` replaces what both reservations say of CPUs.

    Raises ValueError where its reservation or threshold is no quantity or below zero.
    """
    values, machine = configuration.values, configuration.machine
    capacity: int | None = None
    match resource:
        case "cpu":
            capacity = machine.cpus
        case "memory":
            capacity = machine.memory
        case "ephemeral-storage":
            capacity = machine.ephemeral_storage
        case "pid":
            pass
        case _:
            assert_never(resource)
    signal = EVICTION_SIGNALS.get(resource)
    return _resource_allocatable(
        resource,
        capacity,
        (values.get("kubeReserved") or {}).get(resource),
        (values.get("systemReserved") or {}).get(resource),
        hard_evictions(configuration).get(signal) if signal else None,
        (values.get("reservedSystemCPUs") or "") if resource == "cpu" else "",
    )


@lru_cache(maxsize=4096)
def _resource_allocatable(  # noqa: PLR0913, PLR0917  # the texts that it is a function of
    resource: Resource, capacity: int | None, kube: str | None, system: str | None, eviction: str | None, named: str
) -> ResourceAllocatable:
    cpus = len(parse_cpuset(named)) if named else 0
    threshold = parse_threshold(eviction) if eviction is not None else None
    return ResourceAllocatable(
        resource,
        capacity,
        _NOTHING if cpus else _amount(kube),
        Fraction(cpus) if cpus else _amount(system),
        _NOTHING if threshold is None or capacity is None else threshold.of(capacity),
    )


def known_allocatable(configuration: Configuration, resource: Resource) -> ResourceAllocatable | None:
    """One resource of a node, or None where one of its amounts cannot be read, which other rules say."""
    try:
        return resource_allocatable(configuration, resource)
    except ValueError:
        return None


def reserved_cpus(configuration: Configuration) -> frozenset[int]:
    """The CPUs of `reservedSystemCPUs`, none where it is empty; raises ValueError where it is no list of CPUs."""
    text = configuration.values.get("reservedSystemCPUs")
    return parse_cpuset(text) if text else frozenset()


def written_amount(resource: str, amount: Fraction | int) -> str:
    """An amount as a person would write it: `95500m` CPUs, `2664Mi` of memory; fractions rounded up to thousandths."""
    if resource in EVICTION_SIGNALS and amount.denominator == 1:
        return write_bytes(int(amount))
    if amount.denominator == 1:
        return str(amount.numerator)
    return f"{math.ceil(amount * 1000)}m"


def fits(configuration: Configuration, pod: Mapping[str, str]) -> tuple[Problem, ...]:
    """What keeps a pod off an empty node of this configuration, sorted by path; nothing where it fits.

    Args:
        configuration: Its amounts must be readable, or ValueError is raised.
        pod: The pod's requests in all, by resource. Those other than CPU, memory and ephemeral storage are not judged.
    """
    found = []
    for resource in ("cpu", "memory", "ephemeral-storage"):
        if resource not in pod:
            continue
        node, wanted = resource_allocatable(configuration, resource), parse_quantity(pod[resource])
        left = node.allocatable or _NOTHING
        if wanted > left:
            found.append(
                Problem(
                    f"pod.{resource}",
                    f"the largest pod asks for {pod[resource]}, a node has {written_amount(resource, left)} left of "
                    f"{written_amount(resource, Fraction(node.capacity or 0))}: the pod would stay Pending for ever",
                    f"ask for at most {written_amount(resource, left)}, or reserve less than "
                    f"{written_amount(resource, node.reserved)}",
                )
            )
        elif resource == "cpu":
            found += _whole_cores(configuration, node, wanted)
    return tuple(sorted(found))


def _whole_cores(configuration: Configuration, node: ResourceAllocatable, wanted: Fraction) -> list[Problem]:
    """What `full-pcpus-only` makes of a pod with exclusive CPUs: whole cores, and none that a reserved CPU is on."""
    values, machine = configuration.values, configuration.machine
    options: Mapping[str, str] = values.get("cpuManagerPolicyOptions") or {}
    if values.get("cpuManagerPolicy") != "static" or wanted.denominator != 1 or wanted == 0:
        return []
    if options.get("full-pcpus-only", "").lower() not in {"1", "t", "true"}:
        return []
    if wanted % machine.threads:
        return [
            Problem(
                "pod.cpu",
                f"{wanted} CPUs are no whole cores of {machine.threads} threads: with full-pcpus-only the kubelet "
                "rejects the pod with SMTAlignmentError",
                f"ask for a multiple of {machine.threads} CPUs",
            )
        ]
    named = reserved_cpus(configuration)
    cores = len({cpu % machine.cores for cpu in named}) if named else math.ceil(node.reserved / machine.threads)
    left = (machine.cores - cores) * machine.threads
    if wanted <= left:
        return []
    return [
        Problem(
            "pod.cpu",
            f"the largest pod asks for {wanted} exclusive CPUs; reserved CPUs lie on {cores} cores, which leaves "
            f"{left} CPUs in whole cores: with full-pcpus-only the kubelet rejects the pod with SMTAlignmentError",
            f"ask for at most {left} CPUs",
        )
    ]


def _amount(text: str | None) -> Fraction:
    if text is None:
        return _NOTHING
    amount = parse_quantity(text)
    if amount < 0:
        raise ValueError(f"{text[:40]!r} is below zero")
    return amount
