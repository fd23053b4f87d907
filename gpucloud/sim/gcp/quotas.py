"""Quotas of the project: GPUs per region and over all of them, networks.

The local cloud's project has had each of its quotas raised to 10,000: those of a new project would refuse every
GPU. `sim fault quota` sets another value.
Names: Compute Engine, "Allocation quotas": NVIDIA_L4_GPUS, PREEMPTIBLE_NVIDIA_L4_GPUS for spot and flex-start, and
GPUS_ALL_REGIONS.
"""

from gpucloud.sim.gcp.launch import Launch
from gpucloud.sim.gcp.machines import find_machine
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.store import Store

DEFAULT_LIMIT = 10_000
ALL_REGIONS = "GPUS_ALL_REGIONS"
_GLOBAL = (ALL_REGIONS, "NETWORKS")
_NAMES = {"nvidia-h100-80gb": "NVIDIA_H100_GPUS", "nvidia-h100-mega-80gb": "NVIDIA_H100_MEGA_GPUS"}
_PREEMPTIBLE = ("flex-start", "queued", "spot")


def quota_name(gke_accelerator: str, capacity_type: str) -> str:
    """Return the quota that accelerators count against, such as `PREEMPTIBLE_NVIDIA_L4_GPUS`."""
    bare = gke_accelerator.removeprefix("nvidia-").removeprefix("tesla-").upper().replace("-", "_")
    name = _NAMES.get(gke_accelerator, f"NVIDIA_{bare}_GPUS")
    return f"PREEMPTIBLE_{name}" if capacity_type in _PREEMPTIBLE else name


def limit_of(store: Store, region: str, name: str) -> int:
    """Return how much a quota allows; those of the whole project are set for any region."""
    where, values = ("name = ?", (name,)) if name in _GLOBAL else ("name = ? AND region = ?", (name, region))
    row = store.db.execute(f"SELECT MIN(vcpus) FROM quota WHERE {where}", values).fetchone()  # noqa: S608 - our own text
    return int(row[0]) if row[0] is not None else DEFAULT_LIMIT


def used_gpus(store: Store, region: str, name: str, but_of: int) -> int:
    """Return how many GPUs count against a quota, without those of row `but_of`."""
    rows = store.db.execute(
        "SELECT region, machine_type, capacity_type, SUM(nodes) FROM allocation WHERE resource <> ? "
        "AND resource IN (SELECT seq FROM resource WHERE type = ?) GROUP BY 1, 2, 3",
        (but_of, NODE_POOL),
    )
    used = 0
    for at_region, machine_type, capacity_type, nodes in rows:
        machine = find_machine(machine_type)
        if machine is None or not machine.accelerator:
            continue
        own = quota_name(machine.gke_accelerator, capacity_type)
        if name == ALL_REGIONS or (name == own and at_region == region):
            used += machine.accelerator_count * int(nodes)
    return used


def wanted_gpus(launch: Launch) -> int:
    """Return how many GPUs a pool launches."""
    machine = find_machine(launch.machine_type)
    return machine.accelerator_count * sum(launch.nodes.values()) if machine is not None and machine.accelerator else 0
