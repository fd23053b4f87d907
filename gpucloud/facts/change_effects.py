"""What a change of a plan's field does to the nodes that run, per platform."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table
from gpucloud.facts.vendor_machines import Cloud

Effect = Literal["none", "in-place", "kubelet-restart", "rolls-nodes", "replaces"]
# From what touches nothing to what costs most.
EFFECTS: tuple[Effect, ...] = ("none", "in-place", "kubelet-restart", "rolls-nodes", "replaces")
ChangePlatform = Literal["ack", "kubeadm", "karpenter", "tke"] | Cloud
CHANGE_PLATFORMS: tuple[ChangePlatform, ...] = ("ack", "aws", "azure", "gcp", "karpenter", "kubeadm", "tke")
# `unless-reserved`: the old nodes go first where a reservation holds their capacity; `by-name`: the new ones come first
# where the change makes another name.
Order = Literal["", "true", "false", "unless-reserved", "by-name"]


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """The most that a change of one field does.

    Attributes:
        platform: A cloud, or another way in which a kubelet gets its configuration.
        path: The field: `pool.disk.root_gib`; below `pool.kubelet` a key of KubeletConfiguration.
        when: Empty, or `own-image` where the row holds for such nodes alone.
        effect: One of `EFFECTS`.
        create_before_delete: Whether what replaces stands first; empty where nothing is replaced.
        reason: Why, in a few words.
        source: Where the row comes from.
    """

    platform: str
    path: str
    when: str
    effect: Effect
    create_before_delete: Order
    reason: str
    source: str


def change_effect(platform: ChangePlatform, path: str, *, own_image: bool = False) -> ChangeEffect:
    """Return what a change of a field does on a platform; a field of a map has the map's row unless it has its own.

    Raise KeyError for a field without a row: a change whose effect nobody knows is not passed over.
    """
    rows, wanted = _rows(), path
    while True:
        found = (rows.get((platform, wanted, "own-image")) if own_image else None) or rows.get((platform, wanted, ""))
        if found is not None:
            return found
        if not wanted.startswith("pool.kubelet."):
            raise KeyError(f"no effect is known of a change of {path} on {platform}")
        wanted = wanted.rpartition(".")[0]


def change_effects() -> tuple[ChangeEffect, ...]:
    """Return every row, sorted by platform and path."""
    return tuple(_rows().values())


@cache
def _rows() -> Mapping[tuple[str, str, str], ChangeEffect]:
    return {
        (row["platform"], row["path"], row["when"]): ChangeEffect(
            platform=row["platform"],
            path=row["path"],
            when=row["when"],
            effect=cast("Effect", row["effect"]),
            create_before_delete=cast("Order", row["create_before_delete"]),
            reason=row["reason"],
            source=row["source"],
        )
        for row in read_table("change_effects")
    }
