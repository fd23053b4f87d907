"""Rules about the memory manager and the shares of NUMA nodes that `reservedMemory` sets aside."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from gpucloud.errors import Problem
from gpucloud.kubelet.allocatable import known_allocatable, written_amount
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.quantity_spelling import is_kept_as_int64
from gpucloud.kubelet.reserved_memory import memory_shares, split_evenly, written_shares
from gpucloud.kubelet.rule import Rule, rule

_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/memorymanager/memory_manager.go"
_STATIC = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/memorymanager/policy_static.go"
_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation_reserved_memory.go"
_FIELDS = ("memoryManagerPolicy", "reservedMemory")
_SUM_FIELDS = (*_FIELDS, "kubeReserved", "systemReserved", "evictionHard", "mergeDefaultEvictionSettings")
_HUGE_PAGES = "hugepages-"
_LAST_MINOR_WITH_GATE = 31


@rule("kubelet", ("memoryManagerPolicy",), _MANAGER)
def memory_manager_policy_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The name is compared when the kubelet starts, letter by letter; validation does not look at it."""
    policy = configuration.values.get("memoryManagerPolicy") or "None"
    if not _manages(configuration):
        return
    if policy == "BestEffort":
        yield Problem(
            "memoryManagerPolicy",
            'policy "BestEffort" is not available for platform "linux", the kubelet would not start',
            "use None or Static",
        )
    elif policy not in {"None", "Static"}:
        meant = {"none": "None", "static": "Static"}.get(policy.lower())
        yield Problem(
            "memoryManagerPolicy",
            f"unknown policy: {policy!r}, the kubelet would not start",
            f"write {meant}, its case counts" if meant else "use None or Static",
        )


@rule("kubelet", ("reservedMemory",), _VALIDATION)
def reserved_memory_limits_are_memory(configuration: Configuration) -> Iterator[Problem]:
    """A share is of memory or of huge pages of one size."""
    for index, node, resource, _ in memory_shares(configuration):
        if resource != "memory" and not resource.startswith(_HUGE_PAGES):
            yield Problem(
                _path(index, resource),
                f"the limit type {resource!r} for NUMA node {node} is not supported, the kubelet would not start",
                "use memory",
            )


@rule("kubelet", ("reservedMemory",), _VALIDATION)
def reserved_memory_limits_are_not_zero(configuration: Configuration) -> Iterator[Problem]:
    """A share of nothing is refused, also with the policy None."""
    for index, node, resource, amount in memory_shares(configuration):
        if _amount(amount) == 0:
            yield Problem(
                _path(index, resource),
                f"reserved memory may not be zero for NUMA node {node}, the kubelet would not start",
                "remove the entry",
            )


@rule("kubelet", ("reservedMemory",), _VALIDATION)
def reserved_memory_limits_stand_once(configuration: Configuration) -> Iterator[Problem]:
    """Two shares of one resource on one NUMA node are refused, also with the policy None."""
    seen: Counter[tuple[int, str]] = Counter()
    for index, node, resource, _ in memory_shares(configuration):
        seen[node, resource] += 1
        if seen[node, resource] > 1:
            yield Problem(
                _path(index, resource),
                f"the reserved memory has a duplicate value for NUMA node {node}, the kubelet would not start",
                "keep one entry per NUMA node",
            )


@rule("kubelet", _FIELDS, _MANAGER)
def reserved_memory_is_of_numa_nodes_that_exist(configuration: Configuration) -> Iterator[Problem]:
    """With the policy Static every share must be of a NUMA node of the machine; nodes without CPUs count."""
    if not _is_static(configuration):
        return
    nodes = configuration.machine.numa_nodes
    for index, entry in enumerate(configuration.values.get("reservedMemory") or ()):
        if not 0 <= (entry.get("numaNode") or 0) < nodes:
            yield Problem(
                f"reservedMemory[{index}].numaNode",
                f"references a NUMA node {entry['numaNode']} that does not exist on this machine, the kubelet would "
                "not start",
                f"use {' or '.join(str(node) for node in range(nodes))}",
            )


@rule("kubelet", _FIELDS, f"{_MANAGER} convertReserved")
def reserved_memory_limits_are_kept_as_int64(configuration: Configuration) -> Iterator[Problem]:
    """With the policy Static a share must be held as a 64-bit number: no fraction, and few digits before the suffix."""
    if not _is_static(configuration):
        return
    for index, _, resource, amount in memory_shares(configuration):
        value = _amount(amount)
        if value and not is_kept_as_int64(amount):
            whole = written_amount("memory", value) if value.denominator == 1 else "a whole number of bytes"
            spelled = whole if value.denominator != 1 or is_kept_as_int64(whole) else str(value)
            yield Problem(
                _path(index, resource),
                f"{amount!r} cannot be converted from a Quantity to int64, the kubelet would not start",
                f"write {spelled}",
            )


@rule("kubelet", _SUM_FIELDS, f"{_MANAGER} validateReservedMemory")
def reserved_memory_sums_to_what_is_reserved(configuration: Configuration) -> Iterator[Problem]:
    """The shares of `reservedMemory` sum to kube and system reserved and hard eviction, to the byte.

    An eviction percentage counts as the kubelet computes it, in 32-bit floats.
    """
    if not _is_static(configuration) or (memory := known_allocatable(configuration, "memory")) is None:
        return
    sums: dict[str, Fraction] = {"memory": Fraction(0)}
    for _, _, resource, amount in memory_shares(configuration):
        value = _amount(amount)
        if value is None:
            return
        sums[resource] = sums.get(resource, Fraction(0)) + value
    required, parts = memory.reserved, (memory.kube, memory.system, memory.eviction)
    if sums["memory"] != required:
        written = [written_amount("memory", part) for part in (sums["memory"], required, *parts)]
        yield Problem(
            "reservedMemory",
            f'the total amount "{written[0]}" of type "memory" is not equal to the value "{written[1]}" determined by '
            f"Node Allocatable feature, the kubelet would not start: kubeReserved.memory {written[2]} + "
            f"systemReserved.memory {written[3]} + evictionHard[memory.available] {written[4]} = {required} bytes, not "
            f"{sums['memory']}",
            _shares_to_write(configuration, required),
        )
    for resource, value in sums.items():
        if resource.startswith(_HUGE_PAGES) and value:
            yield Problem(
                "reservedMemory",
                f'the total amount "{written_amount("memory", value)}" of type "{resource}" is not equal to the value '
                '"0" determined by Node Allocatable feature, the kubelet would not start: no reservation can be of '
                "huge pages",
                f"remove {resource}, and set huge pages aside when the node boots",
            )


@rule("kubelet", _SUM_FIELDS, f"{_STATIC} NewPolicyStatic")
def static_memory_policy_reserves_something(configuration: Configuration) -> Iterator[Problem]:
    """The policy Static without any reserved memory is refused."""
    if not _is_static(configuration):
        return
    memory = known_allocatable(configuration, "memory")
    if memory is not None and memory.reserved == 0:
        yield Problem(
            "memoryManagerPolicy",
            "[memorymanager] you should specify the system reserved memory, the kubelet would not start",
            "reserve memory by kubeReserved.memory, and the same sum in reservedMemory",
        )


@rule("library", _FIELDS, "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/memorymanager/policy_none.go")
def reserved_memory_has_the_static_policy(configuration: Configuration) -> Iterator[Problem]:
    """With the policy None the shares are never compared with anything: they are wrong the day the policy changes."""
    if configuration.written.get("reservedMemory") and not _is_static(configuration):
        yield Problem(
            "reservedMemory",
            "has no effect with memoryManagerPolicy None, wrong sums and unknown NUMA nodes are not found",
            "set memoryManagerPolicy: Static, or remove reservedMemory",
        )


@rule("library", ("reservedMemory",), f"{_MANAGER} convertReserved")
def reserved_memory_limits_are_above_zero(configuration: Configuration) -> Iterator[Problem]:
    """A negative share is taken, and wraps to some 16 EiB of allocatable memory."""
    for index, node, resource, amount in memory_shares(configuration):
        value = _amount(amount)
        if value is not None and value < 0:
            yield Problem(
                _path(index, resource),
                f"{amount} would raise what NUMA node {node} seems to have left to some 16 EiB",
                "reserve more than 0",
            )


@rule("library", _FIELDS, f"{_STATIC} getDefaultMachineState")
def reserved_memory_fits_each_numa_node(configuration: Configuration) -> Iterator[Problem]:
    """A share beyond its NUMA node's memory is taken, and what is left wraps to some 16 EiB."""
    if not _is_static(configuration):
        return
    memory = configuration.machine.memory_of_nodes
    for index, node, resource, amount in memory_shares(configuration):
        value = _amount(amount)
        if resource == "memory" and value is not None and 0 <= node < len(memory) and value > memory[node]:
            yield Problem(
                _path(index, resource),
                f"{amount} is more than the {written_amount('memory', Fraction(memory[node]))} of NUMA node {node}: "
                "what is left wraps to some 16 EiB, pods are admitted and then killed",
                f"reserve less than {written_amount('memory', Fraction(memory[node]))} on NUMA node {node}",
            )


def _shares_to_write(configuration: Configuration, required: Fraction) -> str:
    if required.denominator != 1 or not 0 < required <= configuration.machine.memory:
        return "reserve a whole number of bytes, more than 0 and less than the machine has, and make the shares its sum"
    shares = split_evenly(int(required), configuration.machine)
    return f"write reservedMemory: {written_shares(shares)}, or any shares of that sum"


def _is_static(configuration: Configuration) -> bool:
    return configuration.values.get("memoryManagerPolicy") == "Static" and _manages(configuration)


def _manages(configuration: Configuration) -> bool:
    """Whether there is a memory manager: in 1.31, by k8s.io/kubernetes v1.31.14, its gate could still be turned off."""
    return configuration.minor > _LAST_MINOR_WITH_GATE or configuration.gates.get("MemoryManager", True)


def _amount(amount: str) -> Fraction | None:
    try:
        return parse_quantity(amount)
    except ValueError:
        return None


def _path(index: int, resource: str) -> str:
    return f"reservedMemory[{index}].limits.{resource}"


RULES: tuple[Rule, ...] = (
    memory_manager_policy_is_known,
    reserved_memory_limits_are_memory,
    reserved_memory_limits_are_not_zero,
    reserved_memory_limits_stand_once,
    reserved_memory_is_of_numa_nodes_that_exist,
    reserved_memory_limits_are_kept_as_int64,
    reserved_memory_sums_to_what_is_reserved,
    static_memory_policy_reserves_something,
    reserved_memory_has_the_static_policy,
    reserved_memory_limits_are_above_zero,
    reserved_memory_fits_each_numa_node,
)
