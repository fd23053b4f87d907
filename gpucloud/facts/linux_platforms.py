"""Which kernel settings of its nodes a platform takes, under which name, and how it wants the value written."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gpucloud.errors import Problem
from gpucloud.facts.kubelet_platforms import PLATFORM_NAMES, KubeletPlatform
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


def linux_way(platform: KubeletPlatform, name: str) -> str | None:
    """Return how a setting reaches nodes that have no input of a node pool for it, None where no way leads there.

    `script` is a shell script that user data runs; anything else is the name of Bottlerocket's own setting.
    """
    ways = _ways()
    is_sysctl = "." in name or "/" in name
    own = ways.get((platform, "sysctl" if is_sysctl else name))
    return own or ways.get((platform, "*"))


def linux_refusal(platform: KubeletPlatform, name: str, value: Any) -> Problem | None:
    """Return why a platform does not take a kernel setting and what to do instead, None where it takes it."""
    known = PLATFORM_NAMES[platform]
    setting = linux_setting(platform, name)
    if setting is None:
        if linux_way(platform, name) is not None:
            lines = "\n" in str(value) or "\r" in str(value)
            return (
                Problem(name, f"{known} refuses it: a value of more than one line", "write one line") if lines else None
            )
        found = _alternatives()
        fix = found.get((platform, name)) or found.get((platform, "*")) or "remove it, or set it from a DaemonSet"
        return Problem(name, f"{known} has no field for it, it would be dropped", fix)
    try:
        setting.form.write(value)
    except ValueError as error:
        return Problem(name, f"{known} refuses it: {error}", "change the value")
    return None


def translate_linux(setting: LinuxSetting, value: Any) -> Any:
    """Return a kernel setting's value as the platform's wire has it.

    A sysctl may be given as a number or as its digits. Raise ValueError with a plain reason where the value is out of
    range or not one that the platform takes.
    """
    return setting.form.write(value)


@cache
def _ways() -> Mapping[tuple[str, str], str]:
    return {(row["platform"], row["setting"]): row["way"] for row in read_table("linux_ways")}


@cache
def _alternatives() -> Mapping[tuple[str, str], str]:
    return {(row["platform"], row["setting"]): row["alternative"] for row in read_table("linux_alternatives")}


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
