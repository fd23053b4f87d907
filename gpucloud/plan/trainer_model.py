"""Which pools of a cluster a training job finds a runtime for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainerPlan:
    """By pool the ClusterTrainingRuntime that is for it, and why a pool has none. Both sorted by pool."""

    runtimes: tuple[tuple[str, str], ...]
    without: tuple[tuple[str, str], ...]
