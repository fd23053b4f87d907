"""What a rule about a pool may look at."""

from dataclasses import dataclass

from gpucloud.errors import Problem
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.allocation import Offering
from gpucloud.plan.place import Place
from gpucloud.spec.node_pool import NodePoolSpec


@dataclass(frozen=True, slots=True)
class PoolContext:
    """One pool where it stands, the zones of its region, and its machine type where that is known.

    `unavailable` names zones as the pool does.
    """

    path: str
    place: Place
    region_zones: tuple[str, ...]
    pool: NodePoolSpec
    machine: MachineType | None
    unavailable: frozenset[Offering]

    def problem(self, field: str, problem: str, fix: str) -> Problem:
        """A problem with a field of the pool; an empty field means the pool itself."""
        return Problem(f"{self.path}.{field}" if field and self.path else field or self.path or "pool", problem, fix)
