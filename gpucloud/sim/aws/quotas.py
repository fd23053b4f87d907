"""vCPU quotas of the account, per region.

The local cloud's account has had each of its quotas raised to 10,000 vCPUs: those of a new account (zero for P
instances) would refuse every GPU. `sim fault quota` sets another value.
"""

from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.aws_quotas import Quota, vcpu_quota
from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.store import Store

DEFAULT_VCPUS = 10_000


@cache  # a miss looks for the nearest names, which takes long
def find_quota(machine_type: str, capacity_type: str) -> Quota | None:
    """Return the quota that a machine type counts against, or None where no source names one (capacity blocks)."""
    try:
        return vcpu_quota(machine_type, capacity_type)
    except UnknownNameError:
        return None


def limit_of(store: Store, region: str, quota: Quota) -> int:
    """Return how many vCPUs a quota allows in a region."""
    row = store.db.execute("SELECT vcpus FROM quota WHERE region = ? AND name = ?", (region, quota.code)).fetchone()
    return int(row[0]) if row else DEFAULT_VCPUS


def used_vcpus(store: Store, region: str, quota: Quota, but_of: int) -> int:
    """Return how many vCPUs count against a quota, without those of row `but_of`."""
    rows = store.db.execute(
        "SELECT machine_type, capacity_type, SUM(nodes) FROM allocation WHERE region = ? AND resource <> ? "
        "AND resource IN (SELECT seq FROM resource WHERE type = 'aws:eks/nodeGroup:NodeGroup') GROUP BY 1, 2",
        (region, but_of),
    )
    used = 0
    for machine_type, capacity_type, nodes in rows:
        found = find_quota(machine_type, capacity_type)
        machine = find_machine(machine_type)
        if found is not None and machine is not None and found.code == quota.code:
            used += machine.vcpus * int(nodes)
    return used
