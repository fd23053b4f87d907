"""EC2 vCPU quotas: which limit of the account and region a machine type counts against.

EC2 counts running vCPUs per class of instance families, on-demand and spot apart. Instances in a capacity block count
against neither; those have quotas of their own.
"""

import re
from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table


@dataclass(frozen=True, slots=True)
class Quota:
    """One EC2 vCPU quota of an account in a region.

    Attributes:
        name: As Service Quotas shows it.
        code: Quota code in the service `ec2`.
        capacity_type: `on-demand` or `spot`.
        default_vcpus: What a new account has.
        source: Where the row comes from.
        origins: How many independent origins list the code.
    """

    name: str
    code: str
    capacity_type: str
    default_vcpus: int
    source: str
    origins: int


def vcpu_quota(machine_type_name: str, capacity_type: str) -> Quota:
    """Return the quota that a machine type's vCPUs count against.

    The class follows the letters before the first digit of the type's name (`p5.48xlarge` is P, `gr6.4xlarge` is G),
    for spot P types their generation as well. Raise UnknownNameError where no source names a class: letters that no
    class has, spot on P6, and a capacity type without a vCPU quota (`capacity-block`).
    """
    family = re.match(r"(u-|[a-z]+)(\d*)", machine_type_name)
    keys = (family[0], family[1]) if family else ()
    for key in keys:
        found = _by_family().get((key, capacity_type))
        if found is not None:
            return found
    known = {f"{family}* {capacity}" for family, capacity in _by_family()}
    wanted = f"{machine_type_name} {capacity_type}"
    raise UnknownNameError("EC2 vCPU quota class", wanted, nearest_names(wanted, known))


def vcpu_quotas() -> tuple[Quota, ...]:
    """Return every EC2 vCPU quota, sorted by code."""
    return tuple(sorted(set(_by_family().values()), key=lambda quota: quota.code))


@cache
def _by_family() -> dict[tuple[str, str], Quota]:
    found = {}
    for row in read_table("aws_quotas"):
        quota = Quota(
            name=row["name"],
            code=row["code"],
            capacity_type=row["capacity_type"],
            default_vcpus=int(row["default_vcpus"]),
            source=row["source"],
            origins=int(row["origins"]),
        )
        for family in row["families"].split("|"):
            found[family, quota.capacity_type] = quota
    return found
