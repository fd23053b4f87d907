"""How the planner's time grows with the number of pools, and what reading the same document costs."""

from typing import Any

from benchmarks.measure import Figure, Say, figure, interleaved, ratio
from benchmarks.rows import Row
from gpucloud import EnvironmentSpec, plan_environment

ZONES = ("us-east-1a", "us-east-1b", "us-east-1d")
MACHINE_TYPES = ("g5.xlarge", "g6.2xlarge", "p5.48xlarge", "g4dn.12xlarge")


def run(*, quick: bool, say: Say) -> list[Row]:
    """Whole environments in one cluster; the documents are made, and for the plan validated, beforehand."""
    counts, rounds = ((10, 100), 2) if quick else ((100, 1_000, 10_000), 5)
    cases = {}
    for count in counts:
        document = environment(count)
        spec = EnvironmentSpec.model_validate(document)
        cases[f"plan {count}"] = lambda spec=spec: plan_environment(spec)
        cases[f"validate {count}"] = lambda document=document: EnvironmentSpec.model_validate(document)
    cases[f"plan {counts[0]}"]()  # reads the tables of facts
    say(f"plan: {rounds} rounds of {', '.join(f'{count:,}' for count in counts)} pools")
    taken = interleaved(cases, rounds)
    rows = []
    for what, name in (("plan", "plan"), ("validate", "validate (pydantic)")):
        smallest = [seconds / counts[0] for seconds in taken[f"{what} {counts[0]}"]]
        for count in counts:
            runs = taken[f"{what} {count}"]
            each = figure(seconds / count for seconds in runs)
            growth = ratio((seconds / count for seconds in runs), smallest) if count != counts[0] else None
            baseline = f"time per pool at {counts[0]}" if growth else ""
            goal = "linear (1.00), under 1,000 ms" if what == "plan" and count == 10_000 else ""  # noqa: PLR2004  # the goal's own
            case = f"{name}, {count:,} pools over {len(ZONES)} zones"
            rows.append(Row("plan", case, figure(runs).scaled(1000), "ms", growth, baseline, goal, _per_pool(each)))
    return rows


def _per_pool(each: Figure) -> str:
    return f"{each.median * 1e6:.0f} µs a pool"


def environment(count: int) -> dict[str, Any]:
    """A document with so many pools: labels and taints on each, a kubelet block on every tenth.

    Every twentieth has a reservation of its own, so that not all pools have one shape.
    """
    cluster = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [_pool(n) for n in range(count)]}
    return {"name": "bench", "clusters": [cluster]}


def _pool(number: int) -> dict[str, Any]:
    reserved = {"type": "reserved", "reservation_id": f"cr-{number:017x}", "zone": ZONES[number % 3], "count": 2}
    pool: dict[str, Any] = {
        "name": f"pool-{number:05}",
        "machine_type": MACHINE_TYPES[number % len(MACHINE_TYPES)],
        "zones": list(ZONES),
        "size": {"min": 0, "desired": number % 4, "max": 4 + number % 5},
        "capacity": [reserved if number % 20 == 7 else "on-demand", "spot"],  # noqa: PLR2004  # the twentieth
        "labels": {"team": f"team-{number % 7}", "tier": "batch"},
        "taints": [{"key": "team", "value": f"team-{number % 7}"}],
    }
    if number % 10 == 0:
        pool["kubelet"] = {
            "cpuManagerPolicy": "static",
            "topologyManagerPolicy": "restricted",
            "kubeReserved": {"cpu": "500m", "memory": "2Gi"},
        }
    return pool
