"""The memory that `reservedMemory` must name for the Static memory manager, to the byte.

Facts: pkg/kubelet/cm/memorymanager/{memory_manager.go,policy_static.go} of k8s.io/kubernetes v1.36.3.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from gpucloud.kubelet.allocatable import resource_allocatable, written_amount
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity import write_bytes
from gpucloud.kubelet.quantity_spelling import canonical_quantity

_MEBIBYTE = 2**20
# Between these, Go's encoding/json writes a number without an exponent.
_SHORTEST_PLAIN = 1e-6
_LONGEST_PLAIN = 1e21


def required_memory(configuration: Configuration) -> int:
    """The bytes that the shares of `reservedMemory` must sum to: kube and system reserved, and hard eviction.

    An eviction percentage counts as the kubelet computes it, in 32-bit floats. Raises ValueError where an amount is no
    quantity, or where the sum is no whole number of bytes, which no shares can equal.
    """
    memory = resource_allocatable(configuration, "memory").reserved
    if memory.denominator != 1:
        raise ValueError(f"{written_amount('memory', memory)} bytes of memory are reserved, which is no whole number")
    return memory.numerator


def split_evenly(required: int, machine: NodeMachine) -> tuple[tuple[int, int], ...]:
    """Shares of NUMA nodes, as (id, bytes): whole MiB evenly over the nodes that have memory, the rest on the first.

    No share is zero, since the kubelet refuses that. Raises ValueError where `required` is below zero or more than the
    machine has.
    """
    if not 0 <= required <= machine.memory:
        raise ValueError(f"{required} bytes cannot be reserved of {machine.memory}")
    nodes = [node for node, memory in enumerate(machine.memory_of_nodes) if memory]
    share = required // len(nodes) // _MEBIBYTE * _MEBIBYTE
    first = required - share * (len(nodes) - 1)
    return tuple((node, size) for node, size in zip(nodes, (first, *[share] * (len(nodes) - 1)), strict=True) if size)


def memory_shares(configuration: Configuration) -> Iterator[tuple[int, int, str, str]]:
    """Every limit of `reservedMemory` as (index of its entry, NUMA node, resource, amount as the kubelet reads it)."""
    for index, entry in enumerate(configuration.values.get("reservedMemory") or ()):
        for resource, amount in (entry.get("limits") or {}).items():
            yield index, entry.get("numaNode") or 0, resource, _text(amount)


def written_shares(shares: tuple[tuple[int, int], ...]) -> str:
    """Shares as one line of a configuration file: `[{numaNode: 0, limits: {memory: 2664Mi}}, ...]`."""
    return (
        "[" + ", ".join(f"{{numaNode: {node}, limits: {{memory: {write_bytes(size)}}}}}" for node, size in shares) + "]"
    )


def _text(amount: str | float) -> str:
    """A limit as text: unlike a reservation it may be a number, which the kubelet writes out before it reads it."""
    if isinstance(amount, str):
        return amount.strip()
    if isinstance(amount, int):
        return str(amount)
    if _SHORTEST_PLAIN <= abs(amount) < _LONGEST_PLAIN:
        return format(Decimal(repr(amount)), "f").removesuffix(".0")
    return repr(amount)


def written_back(reserved_memory: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`reservedMemory` of the main file as the kubelet writes it out before it merges drop-ins into it.

    A limit of another spelling may be held as a 64-bit number thereafter, which it was not before.
    """
    return [
        {**entry, "limits": {name: canonical_quantity(_text(amount)) for name, amount in entry["limits"].items()}}
        if entry.get("limits")
        else dict(entry)
        for entry in reserved_memory
    ]
