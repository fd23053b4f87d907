"""The memory that `reservedMemory` must name for the Static memory manager, to the byte.

Facts: pkg/kubelet/cm/memorymanager/{memory_manager.go,policy_static.go} of k8s.io/kubernetes v1.36.3 and
pkg/api/resource/{quantity.go,amount.go} of k8s.io/apimachinery v0.36.3.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from gpucloud.kubelet.allocatable import resource_allocatable
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity import write_bytes

_MEBIBYTE = 2**20
_PARTS = re.compile(r"[+-]?0*(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?(?P<suffix>.*)", re.DOTALL)
_DECIMAL_POWERS = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
# How many digits before a binary suffix the kubelet keeps as a 64-bit number; Pi and Ei have none.
_BINARY_DIGITS = {"Ki": 11, "Mi": 8, "Gi": 5, "Ti": 2, "Pi": -1, "Ei": -1}
_LONGEST_DECIMAL = 18
_LARGEST = 2**63 - 1
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
        raise ValueError(f"{float(memory)} bytes of memory are reserved, which is no whole number")
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


@lru_cache(maxsize=1024)
def is_kept_as_int64(text: str) -> bool:
    """Whether the kubelet holds a well-formed quantity as a 64-bit number, which the Static memory manager demands.

    It depends on the spelling: `512Mi` is, `0.5Gi` of the same size is not; `99Ti` is, `100Ti` is not.
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return False
    whole, part, suffix = found["whole"], found["part"] or "", found["suffix"]
    digits = (len(whole) or 1) + len(part)
    if suffix in _BINARY_DIGITS:
        return not part and digits <= _BINARY_DIGITS[suffix]
    power = _DECIMAL_POWERS.get(suffix)
    if power is None:
        exponent = suffix[1:]
        if len(exponent.lstrip("+-0")) > 2:  # noqa: PLR2004  # beyond every 64-bit number
            return False
        power = int(exponent)
    scale = power - len(part)
    return (
        digits <= _LONGEST_DECIMAL
        and 0 <= scale <= _LONGEST_DECIMAL
        and int(whole + part or "0") * 10**scale <= _LARGEST
    )


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
