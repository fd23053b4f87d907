"""How a plan says that pods share accelerators."""

from dataclasses import dataclass
from typing import Literal

SharingWay = Literal["mig", "mps", "time-slicing"]


@dataclass(frozen=True, slots=True)
class MigGroupPlan:
    """GPUs of a node, by index, that are cut alike, and how many instances of which MIG profiles each then has."""

    gpus: tuple[int, ...]
    instances: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SharingPlan:
    """How pods share every GPU of a node: `profile` or `layout` of MIG instances, else `replicas`.

    `parts_per_gpu` is what one GPU then counts as, None where a layout cuts GPUs in several ways.
    """

    way: SharingWay
    profile: str | None
    replicas: int | None
    parts_per_gpu: int | None
    layout: tuple[MigGroupPlan, ...] = ()
