"""Which keys of KubeletConfiguration a managed platform takes, under which name, and how it wants the value written.

AKS and GKE take no kubelet file for their nodes: their node pools have some settings of their own, and every other key
cannot be set there at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gpucloud.facts.setting_values import MAP, ValueForm
from gpucloud.facts.tables import read_table

KubeletPlatform = Literal["aks", "gke"]

_POOL = "pool:"


@dataclass(frozen=True, slots=True)
class KubeletSetting:
    """The setting by which a platform takes a key of KubeletConfiguration.

    Attributes:
        platform: `aks` or `gke`.
        field: The key as Kubernetes spells it; `evictionSoft[memory.available]` is one key of a map.
        setting: The name on the wire: below `kubeletConfig` of the node pool, a dot between levels; behind `pool:` it
            stands on the node pool itself.
        form: How the value is written, and its limits.
        source: Where the row comes from.
        note: What else the platform asks; empty for most.
    """

    platform: str
    field: str
    setting: str
    form: ValueForm
    source: str
    note: str

    @property
    def on_pool(self) -> bool:
        """Whether the setting stands on the node pool and not in its kubelet configuration."""
        return self.setting.startswith(_POOL)

    @property
    def path(self) -> tuple[str, ...]:
        """The wire name level by level, without `pool:`."""
        return tuple(self.setting.removeprefix(_POOL).split("."))


def kubelet_setting(platform: KubeletPlatform, field: str) -> KubeletSetting | None:
    """Return the setting that stands for a KubeletConfiguration key, or None where the platform cannot set it."""
    return _settings().get((platform, field))


def kubelet_settings(platform: KubeletPlatform) -> tuple[KubeletSetting, ...]:
    """Return every setting of a platform, keys of maps too, sorted by field."""
    return tuple(setting for setting in _settings().values() if setting.platform == platform)


def platform_takes(platform: KubeletPlatform) -> tuple[str, ...]:
    """Return the keys of KubeletConfiguration that a platform takes, sorted."""
    return tuple(setting.field for setting in kubelet_settings(platform) if "[" not in setting.field)


def translate(setting: KubeletSetting, value: Any) -> Any:
    """Return a KubeletConfiguration value as the platform's wire has it; a map comes back under the wire's own keys.

    Raise ValueError with a plain reason where the value is out of range, not one that the platform takes, or not
    expressible in its unit. What compares two settings (a low and a high threshold) is not judged here: `note` says it.
    """
    if setting.form.kind == MAP:
        return _translate_map(setting, value)
    return setting.form.write(value)


def _translate_map(setting: KubeletSetting, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"takes a map, not {value}")  # noqa: TRY004 every value that is not taken is a ValueError
    prefix = f"{setting.field}["
    members = {
        member.field.removeprefix(prefix).removesuffix("]"): member
        for member in _settings().values()
        if member.platform == setting.platform and member.field.startswith(prefix)
    }
    written: dict[str, Any] = {}
    problems: list[str] = []
    for key, item in sorted(value.items()):
        member = members.get(key)
        if member is None:
            problems.append(f"{key}: takes {', '.join(members)} only")
            continue
        try:
            written[member.path[-1]] = member.form.write(item)
        except ValueError as problem:
            problems.append(f"{key}: {problem}")
    if problems:
        raise ValueError("; ".join(problems))
    return written


@cache
def _settings() -> Mapping[tuple[str, str], KubeletSetting]:
    return {
        (row["platform"], row["field"]): KubeletSetting(
            platform=row["platform"],
            field=row["field"],
            setting=row["setting"],
            form=ValueForm(
                kind=row["kind"],
                minimum=row["minimum"],
                maximum=row["maximum"],
                values=tuple(filter(None, row["values"].split("|"))),
            ),
            source=row["source"],
            note=row["note"],
        )
        for row in read_table("kubelet_platforms")
    }
