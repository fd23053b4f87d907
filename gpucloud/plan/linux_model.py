"""The kernel of a pool's nodes, as the plan has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LinuxPlan:
    """Kernel settings of a node, sorted; huge pages are counts, the rest is the kernel's own words."""

    sysctls: tuple[tuple[str, str], ...]
    transparent_hugepages: str | None
    transparent_hugepage_defrag: str | None
    hugepages_2mi: int | None
    hugepages_1gi: int | None
    memlock: int | str | None
    modules: tuple[str, ...]

    @property
    def settings(self) -> Mapping[str, Any]:
        """Every setting that is set, by its name: sysctls by the kernel's own, the others by their fields'."""
        others = {
            "transparent_hugepages": self.transparent_hugepages,
            "transparent_hugepage_defrag": self.transparent_hugepage_defrag,
            "hugepages_2mi": self.hugepages_2mi,
            "hugepages_1gi": self.hugepages_1gi,
            "memlock": self.memlock,
            "modules": self.modules or None,
        }
        return {**dict(self.sysctls), **{name: value for name, value in others.items() if value is not None}}
