"""What the gate after a deployment is planned as."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.facts.charts import PodSecurity


@dataclass(frozen=True, slots=True)
class GateCheckPlan:
    """The Job that looks at one pool.

    `name` ends with a hash of everything that the Job judges and runs, so that a change of any of it is another Job:
    the templates of Jobs are immutable. `claim` is the spec of the ResourceClaimTemplate of the same name, by which
    the Job asks for devices where claims are how pods get them.
    """

    pool: str
    name: str
    image: str
    spec: Mapping[str, Any]
    claim: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class GatePlan:
    """The gate of one cluster.

    `pod_security` is the level that the namespace enforces. `skipped` has, by pool, why nobody looks at it.
    """

    namespace: str
    pod_security: PodSecurity
    deadline_seconds: int
    checks: tuple[GateCheckPlan, ...]
    skipped: tuple[tuple[str, str], ...]
