"""Which kernel settings of its nodes a managed platform takes, under which name, and how it wants the value written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gpucloud.facts.kubelet_platforms import KubeletPlatform
from gpucloud.facts.setting_values import ValueForm
from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class LinuxSetting:
    """The input of a node pool by which a platform takes one kernel setting.

    Attributes:
        platform: `aks` or `gke`.
        setting: The sysctl by the kernel's name, or `transparent_hugepages`, `transparent_hugepage_defrag`,
            `hugepages_2mi`, `hugepages_1gi`.
        wire: The name on the wire, below `linuxOSConfig` (AKS) or `linuxNodeConfig` (GKE); what follows the first dot
            is one name, dots and all.
        form: How the value is written, and its limits.
        source: Where the row comes from.
        note: What else the platform asks; empty for most.
    """

    platform: str
    setting: str
    wire: str
    form: ValueForm
    source: str
    note: str

    @property
    def path(self) -> tuple[str, ...]:
        """The wire name level by level; GKE's sysctls are the keys of one map."""
        return tuple(self.wire.split(".", 1))


def linux_setting(platform: KubeletPlatform, name: str) -> LinuxSetting | None:
    """Return the input that stands for a kernel setting, or None where the platform cannot set it."""
    return _settings().get((platform, name))


def linux_settings(platform: KubeletPlatform) -> tuple[LinuxSetting, ...]:
    """Return every kernel setting that a platform takes, sorted by name."""
    return tuple(setting for setting in _settings().values() if setting.platform == platform)


def translate_linux(setting: LinuxSetting, value: Any) -> Any:
    """Return a kernel setting's value as the platform's wire has it.

    A sysctl may be given as a number or as its digits. Raise ValueError with a plain reason where the value is out of
    range or not one that the platform takes.
    """
    return setting.form.write(value)


@cache
def _settings() -> Mapping[tuple[str, str], LinuxSetting]:
    return {
        (row["platform"], row["setting"]): LinuxSetting(
            platform=row["platform"],
            setting=row["setting"],
            wire=row["wire"],
            form=ValueForm(
                kind=row["kind"],
                minimum=row["minimum"],
                maximum=row["maximum"],
                values=tuple(filter(None, row["values"].split("|"))),
            ),
            source=row["source"],
            note=row["note"],
        )
        for row in read_table("linux_platforms")
    }
