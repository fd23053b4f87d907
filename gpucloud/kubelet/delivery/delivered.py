"""What a platform is given: documents by name, as text or as the wire mapping of an API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.facts.kubelet_platforms import KubeletPlatform

Values = Mapping[str, Any]
"""Keys of KubeletConfiguration with their values."""
Linux = Mapping[str, Any]
"""Kernel settings by name: sysctls by the kernel's own, and `transparent_hugepages`, `transparent_hugepage_defrag`,
`hugepages_2mi`, `hugepages_1gi`."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The documents for one platform, sorted by name; an empty configuration is no document."""

    platform: KubeletPlatform
    documents: Mapping[str, str | Mapping[str, Any]]


class UndeliverableError(ValueError):
    """Raised for a key that the platform has no way to take: whoever renders asks `unsupported` first."""
