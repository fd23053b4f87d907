"""Eviction thresholds as the kubelet reads them, resolved to the bytes that it reserves for them.

Facts: pkg/kubelet/eviction/{helpers.go,api/types.go,defaults_linux.go} and cmd/kubelet/app/server.go of
k8s.io/kubernetes v1.36.3.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.float32 import divide_float32, parse_float32
from gpucloud.kubelet.quantity import parse_quantity

SIGNALS = frozenset(
    {
        "allocatableMemory.available",
        "containerfs.available",
        "containerfs.inodesFree",
        "imagefs.available",
        "imagefs.inodesFree",
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "pid.available",
    }
)
"""What thresholds can be about, in every place that names a signal."""

DEFAULT_EVICTION_HARD: Mapping[str, str] = {
    "imagefs.available": "15%",
    "imagefs.inodesFree": "5%",
    "memory.available": "100Mi",
    "nodefs.available": "10%",
    "nodefs.inodesFree": "5%",
}
"""What holds on Linux where `evictionHard` is not written at all, the same from 1.31 to 1.36."""

_DISABLING = frozenset({"0%", "100%"})
_PERCENT = 100
# What Go makes of a NaN as int64 on amd64.
_NO_NUMBER = -(2**63)


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount, or a share of a capacity; just one of them is not None.

    Attributes:
        amount: Bytes, inodes or processes.
        share: A 32-bit float, 0.05 for five percent. It may be `nan`: the kubelet takes `NaN%`.
    """

    amount: Fraction | None = None
    share: float | None = None

    def of(self, capacity: int) -> Fraction:
        """The amount at a capacity; a share is cut to a whole number after a product of 64-bit floats."""
        if self.amount is not None:
            return self.amount
        share = self.share or 0.0
        return Fraction(_NO_NUMBER if math.isnan(share) else int(float(capacity) * share))


@lru_cache(maxsize=1024)
def parse_threshold(text: str) -> Threshold | None:
    """A threshold of `evictionHard` or `evictionSoft`; None for the literal `0%` and `100%`, which disable it.

    Raises ValueError with the reason where the kubelet would not start: no quantity, not above zero, a percentage
    outside 0 to 100. `0.0%` is a threshold, of nothing.
    """
    if not text.endswith("%"):
        amount = parse_quantity(text)
        if amount <= 0:
            raise ValueError(f"{text[:40]!r} is not above zero")
        return Threshold(amount=amount)
    if text in _DISABLING:
        return None
    share = _share(text)
    if share < 0 or share > 1:
        raise ValueError(f"{text[:40]!r} is not between 0% and 100%")
    return Threshold(share=share)


@lru_cache(maxsize=1024)
def parse_reclaim(text: str) -> Threshold:
    """A value of `evictionMinimumReclaim`: an amount of zero or more, or a percentage above zero, beyond 100 too.

    Raises ValueError with the reason where the kubelet would not start.
    """
    if not text.endswith("%"):
        amount = parse_quantity(text)
        if amount < 0:
            raise ValueError(f"{text[:40]!r} is below zero")
        return Threshold(amount=amount)
    share = _share(text)
    if share <= 0:
        raise ValueError(f"{text[:40]!r} is not above 0%")
    return Threshold(share=share)


def hard_evictions(configuration: Configuration) -> Mapping[str, str]:
    """The hard thresholds that hold, as written, by signal: the defaults where none is written at all."""
    hard: Mapping[str, str] | None = configuration.values.get("evictionHard")
    return DEFAULT_EVICTION_HARD if hard is None else hard


def _share(text: str) -> float:
    return divide_float32(parse_float32(text.rstrip("%")), _PERCENT)
