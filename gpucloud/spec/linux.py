"""Settings of the nodes' Linux kernel, where the platform has a way to bring them there."""

from typing import Annotated, Literal

from pydantic import Field

from gpucloud.spec.document import Document

SysctlKey = Annotated[str, Field(pattern=r"^[a-z0-9_]+([./][a-z0-9_*-]+)+$", max_length=128)]
ModuleName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=55)]


class LinuxSpec(Document):
    """Kernel settings of every node of a pool; a setting that the platform cannot take is refused, never dropped."""

    sysctls: dict[SysctlKey, Annotated[str, Field(max_length=256)] | int] = Field(default_factory=dict)
    """By the kernel's own name, such as `net.core.rmem_max`."""
    transparent_hugepages: Literal["always", "madvise", "never"] | None = None
    transparent_hugepage_defrag: Literal["always", "defer", "defer+madvise", "madvise", "never"] | None = None
    hugepages_2mi: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Pages of 2 MiB set aside at boot."""
    hugepages_1gi: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Pages of 1 GiB set aside at boot."""

    memlock: Annotated[int, Field(ge=65_536, le=2**63 - 1)] | Literal["unlimited"] | None = None
    """Bytes of memory that a container may lock; RDMA registers its buffers so."""
    modules: tuple[ModuleName, ...] = Field(default=(), max_length=64)
    """Kernel modules that are loaded at boot, such as `nvidia_peermem`."""

    def __bool__(self) -> bool:
        return bool(self.model_dump(exclude_defaults=True))
