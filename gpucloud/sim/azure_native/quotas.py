"""vCPU quotas of the subscription, per region: all cores together, and those of spot nodes.

Names: Microsoft.Compute usages (`cores`, `lowPriorityCores`). Azure also has one per family of sizes; no table that
the project has says which size is in which, so the local cloud has none. Each is 10,000 unless `sim fault quota` sets
another value: those of a new subscription would refuse every GPU.
"""

from gpucloud.sim.azure_native.machines import find_machine
from gpucloud.sim.store import Store

REGIONAL_CORES = "cores"
SPOT_CORES = "lowPriorityCores"
CODES = (REGIONAL_CORES, SPOT_CORES)
DEFAULT_VCPUS = 10_000


def quota_of(capacity_type: str) -> str:
    """Return the quota that nodes of a capacity type count against."""
    return SPOT_CORES if capacity_type == "spot" else REGIONAL_CORES


def limit_of(store: Store, region: str, code: str) -> int:
    """Return how many vCPUs a quota allows in a region."""
    row = store.db.execute("SELECT vcpus FROM quota WHERE region = ? AND name = ?", (region, code)).fetchone()
    return int(row[0]) if row else DEFAULT_VCPUS


def used_vcpus(store: Store, region: str, code: str, but_of: int) -> int:
    """Return how many vCPUs count against a quota, without those of row `but_of`.

    A capacity reservation counts as if its nodes ran (Azure, "On-demand capacity reservation"), the nodes in it do not
    count again.
    """
    rows = store.db.execute(
        "SELECT machine_type, capacity_type, SUM(nodes) FROM allocation "
        "WHERE region = ? AND resource <> ? AND reservation = '' GROUP BY machine_type, capacity_type",
        (region, but_of),
    )
    machines = [(find_machine(name), nodes) for name, kind, nodes in rows if quota_of(kind) == code]
    return sum(machine.vcpus * int(nodes) for machine, nodes in machines if machine is not None)
