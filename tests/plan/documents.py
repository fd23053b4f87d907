"""Documents as YAML gives them, one pool on one cloud, for tests that go through the whole planner."""

from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import EnvironmentPlan, plan_document
from tests.plan.pools import HOMES


def document(cloud: Cloud, cluster: dict[str, Any] | None = None, **pool: Any) -> dict[str, Any]:
    """One pool named `gpu` in the cluster `train`, with the given fields in place of the cloud's usual ones."""
    home = HOMES[cloud]
    machine = {} if pool.keys() & {"machine_type", "accelerator"} else {"machine_type": home["machine_type"]}
    one = {"name": "gpu", "zones": list(home["zones"]), **machine, **pool}
    return {
        "name": "prod",
        "clusters": [
            {"name": "train", "cloud": cloud, "region": home["region"], "node_pools": [one], **(cluster or {})}
        ],
    }


def accepted(cloud: Cloud, cluster: dict[str, Any] | None = None, **pool: Any) -> EnvironmentPlan:
    """The plan; raises InvalidInputError where there is none."""
    return plan_document(document(cloud, cluster, **pool))


def refused(cloud: Cloud, cluster: dict[str, Any] | None = None, **pool: Any) -> tuple[Problem, ...]:
    """Every problem, paths cut to what lies inside the pool; none where the document is accepted."""
    named = pool.get("name", "gpu")
    start = f"clusters[train].node_pools[{named}]."
    try:
        accepted(cloud, cluster, **pool)
    except InvalidInputError as error:
        return tuple(
            Problem(problem.path.removeprefix(start), problem.problem, problem.fix) for problem in error.problems
        )
    return ()
