"""System calls of Linux, and which of them programs on GPUs need."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table

NeededBy = Literal["", "cuda", "nccl", "rdma", "runtime", "ucx"]


@dataclass(frozen=True, slots=True)
class SystemCall:
    """One call of the kernel.

    Attributes:
        name: As the kernel has it.
        x86_64: Its number there; None where that architecture has no such call.
        aarch64: Likewise.
        needed_by: What needs it: any program (`runtime`), CUDA, NCCL, RDMA, UCX; empty where nothing does.
        why: What for.
        source: Where the row comes from.
    """

    name: str
    x86_64: int | None
    aarch64: int | None
    needed_by: NeededBy
    why: str
    source: str


@cache
def system_calls() -> tuple[SystemCall, ...]:
    """Return every call that x86_64 or aarch64 has, sorted by name."""
    return tuple(
        SystemCall(
            name=row["syscall"],
            x86_64=int(row["x86_64"]) if row["x86_64"] else None,
            aarch64=int(row["aarch64"]) if row["aarch64"] else None,
            needed_by=cast("NeededBy", row["needed_by"]),
            why=row["why"],
            source=row["source"],
        )
        for row in read_table("seccomp_syscalls")
    )
