"""Which keys of KubeletConfiguration a platform takes, under which name, and how it wants the value written.

nodeadm, kubeadm and Karpenter on AL2023 take the whole file. The others have settings of their own for some keys, and
every other key cannot be set there at all: it is refused, with what the platform has instead, and never dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from gpucloud.errors import Problem
from gpucloud.facts.kubelet_comparisons import comparisons
from gpucloud.facts.kubelet_fields import kubelet_field, kubelet_fields
from gpucloud.facts.setting_values import MAP, ValueForm
from gpucloud.facts.tables import nearest_names, read_table

KubeletPlatform = Literal["ack", "aks", "bottlerocket", "gke", "karpenter", "kubeadm", "nodeadm", "tke"]
Support = Literal["flag", "no", "pool", "preview", "yes"]
"""`yes`: a setting of the kubelet block; `pool`: one of the node pool itself; `flag`: a command-line flag; `preview`:
the platform has it, and no stable input for it; `no`: not at all."""
PLATFORM_NAMES: Mapping[KubeletPlatform, str] = {
    "ack": "ACK",
    "aks": "AKS",
    "bottlerocket": "Bottlerocket",
    "gke": "GKE",
    "karpenter": "Karpenter",
    "kubeadm": "kubeadm",
    "nodeadm": "nodeadm",
    "tke": "TKE",
}
KUBELET_PLATFORMS: tuple[KubeletPlatform, ...] = tuple(PLATFORM_NAMES)

_POOL = "pool:"
_WHOLE = "*"
_TAKEN = frozenset({"yes", "pool", "flag"})


@dataclass(frozen=True, slots=True)
class KubeletSetting:
    """The setting by which a platform takes a key of KubeletConfiguration.

    Attributes:
        platform: One of `KUBELET_PLATFORMS`.
        field: The key as Kubernetes spells it; `evictionSoft[memory.available]` is one key of a map.
        support: Whether and where the platform takes it.
        setting: The name on the wire: below the node pool's kubelet settings, a dot between levels; behind `pool:` it
            stands on the node pool itself; the flag's name where it is a flag; empty where there is none.
        form: How the value is written, and its limits.
        source: Where the row comes from.
        note: What else the platform asks; empty for most.
    """

    platform: str
    field: str
    support: Support
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


@dataclass(frozen=True, slots=True)
class FieldSupport:
    """What a platform makes of one key of KubeletConfiguration; `range` is in words, empty where no limit is known."""

    platform: KubeletPlatform
    field: str
    support: Support
    setting: str
    range: str
    alternatives: tuple[str, ...]
    source: str
    note: str


def kubelet_setting(platform: KubeletPlatform, field: str) -> KubeletSetting | None:
    """Return the setting that stands for a KubeletConfiguration key, or None where the platform cannot set it."""
    found = _row(platform, field)
    return found if found is not None and found.support in _TAKEN else None


def kubelet_settings(platform: KubeletPlatform) -> tuple[KubeletSetting, ...]:
    """Return every setting of a platform, keys of maps too, sorted by field; a whole file is no row."""
    return tuple(
        setting
        for setting in _settings().values()
        if setting.platform == platform and setting.support in _TAKEN and setting.field != _WHOLE
    )


def platform_takes(platform: KubeletPlatform) -> tuple[str, ...]:
    """Return the keys of KubeletConfiguration that a platform takes, sorted."""
    if takes_whole_file(platform):
        return tuple(field.name for field in kubelet_fields() if kubelet_setting(platform, field.name) is not None)
    return tuple(setting.field for setting in kubelet_settings(platform) if "[" not in setting.field)


def takes_whole_file(platform: KubeletPlatform) -> bool:
    """Return whether nodes of the platform read a KubeletConfiguration of ours, but for the keys refused by name."""
    return (platform, _WHOLE) in _settings()


def field_support(platform: KubeletPlatform, field: str) -> FieldSupport:
    """Return what a platform makes of a key, for every key of the type; a key without a row is not taken."""
    found = _row(platform, field)
    alternatives = _alternatives().get((platform, field), ())
    if found is None:
        return FieldSupport(platform, field, "no", "", "", alternatives, _list_source(platform), "")
    setting = field if found.setting == _WHOLE else found.setting
    limits = found.form.in_words() if found.support in _TAKEN else ""
    return FieldSupport(platform, field, found.support, setting, limits, alternatives, found.source, found.note)


def takes(platform: KubeletPlatform, field: str, value: Any) -> bool:
    """Return whether a platform takes a key with a value."""
    setting = kubelet_setting(platform, field)
    return setting is not None and _refused_for(setting, value) is None


def unsupported(platform: KubeletPlatform, values: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return a problem for each key that a platform cannot take, or not with that value; none is ever dropped.

    What a platform asks of two keys together counts where both are given. The path is the key; the fix says what the
    platform has instead.
    """
    problems = []
    for field, value in sorted(values.items()):
        setting = kubelet_setting(platform, field)
        if setting is None:
            problems.append(_refusal(field_support(platform, field)))
        elif (reason := _refused_for(setting, value)) is not None:
            problems.append(Problem(field, f"{PLATFORM_NAMES[platform]} refuses it: {reason}", "change the value"))
    return (*problems, *comparisons(platform, values))


def _refused_for(setting: KubeletSetting, value: Any) -> str | None:
    try:
        translate(setting, value)
    except ValueError as error:
        return str(error)
    except (TypeError, AttributeError):
        return "takes no value of that kind"
    return None


def _refusal(support: FieldSupport) -> Problem:
    name = PLATFORM_NAMES[support.platform]
    if support.support == "preview":
        text = f"{name} has it as a preview that no stable input reaches, it would be dropped"
    else:
        text = support.note or f"{name} has no field for it, it would be dropped"
    if support.alternatives:
        return Problem(support.field, text, " or ".join(support.alternatives))
    near = nearest_names(support.field, platform_takes(support.platform))
    return Problem(
        support.field, text, f"remove it (nearest that it takes: {', '.join(near)})" if near else "remove it"
    )


def _row(platform: KubeletPlatform, field: str) -> KubeletSetting | None:
    """A key's own row; where the platform takes the whole file, that one for every key of the type."""
    found = _settings().get((platform, field))
    if found is None and kubelet_field(field) is not None:
        return _settings().get((platform, _WHOLE))
    return found


def _list_source(platform: KubeletPlatform) -> str:
    """Where the list of what a platform takes comes from: what is not in it is not taken."""
    return next(setting.source for setting in _settings().values() if setting.platform == platform)


def translate(setting: KubeletSetting, value: Any) -> Any:
    """Return a KubeletConfiguration value as the platform's wire has it; a map comes back under the wire's own keys.

    Raise ValueError with a plain reason where the value is out of range, not one that the platform takes, or not
    expressible in its unit. What compares two settings (a low and a high threshold) is judged by `unsupported`.
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
def _alternatives() -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_table("kubelet_alternatives"):
        key = row["platform"], row["field"]
        found[key] = (*found.get(key, ()), row["alternative"])
    return found


@cache
def _settings() -> Mapping[tuple[str, str], KubeletSetting]:
    return {
        (row["platform"], row["field"]): KubeletSetting(
            platform=row["platform"],
            field=row["field"],
            support=cast("Support", row["support"]),
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
