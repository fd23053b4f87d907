"""Kubelet blocks in turn, so that walks over all offerings meet each profile on each platform."""

from collections.abc import Iterable, Iterator
from itertools import cycle
from typing import Any

from gpucloud.facts.kubelet_profiles import PROFILES

BLOCKS: tuple[dict[str, Any], ...] = ({}, *({"profile": profile} for profile in PROFILES))


def with_kubelets(pools: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The pools with no block, and with each profile, in turn."""
    for pool, block in zip(pools, cycle(BLOCKS)):  # the blocks never end
        yield {**pool, "kubelet": block}
