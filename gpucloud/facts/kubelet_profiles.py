"""What nodes of one purpose want of their kubelet, where nobody says otherwise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from gpucloud.facts.tables import read_table

KubeletProfile = Literal["inference", "interactive", "training"]
PROFILES: tuple[KubeletProfile, ...] = ("inference", "interactive", "training")


@dataclass(frozen=True, slots=True)
class ProfileSetting:
    """One key of KubeletConfiguration, its value in one profile, and the reason."""

    profile: str
    field: str
    value: Any
    reason: str
    source: str


def profile_settings(profile: KubeletProfile) -> tuple[ProfileSetting, ...]:
    """All settings of a profile, sorted by field; what depends on the machine (kubeReserved) is no row."""
    return _settings()[profile]


@cache
def _settings() -> Mapping[str, tuple[ProfileSetting, ...]]:
    rows = [
        ProfileSetting(row["profile"], row["field"], json.loads(row["value"]), row["reason"], row["source"])
        for row in read_table("kubelet_profiles")
    ]
    return {profile: tuple(row for row in rows if row.profile == profile) for profile in PROFILES}
