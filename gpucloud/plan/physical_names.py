"""What a pool's offerings are called in the cloud, where the name cannot be left to the engine."""

import hashlib
from typing import assert_never

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import REGIONAL
from gpucloud.plan.allocation import SHORT_CAPACITY, Candidate

# What AKS's twelve characters leave room for.
_LETTER = {"reserved": "r", "on-demand": "o", "spot": "s", "capacity-block": "b", "flex-start": "f", "queued": "q"}


def physical_name(cloud: Cloud, pool: str, candidate: Candidate) -> str | None:
    """The name of the agent pool (AKS) or node pool (GKE) of an offering; None on EKS, where the engine makes one.

    AKS: the pool's letters and digits, one letter for the capacity type, one digit for the zone (0 for `regional`):
    `h100` on spot in zone 2 is `h100s2`. GKE: `h100-b-spot`, since the cluster's region is clear. The second
    reservation in one zone has digits of its own. Behind it AKS's names may have a hash (`configuration_hash`).
    """
    match cloud:
        case "aws":
            return None
        case "azure":
            zone = "0" if candidate.zone == REGIONAL else candidate.zone
            return f"{pool.replace('-', '')}{_LETTER[candidate.capacity_type]}{zone}{_digits(candidate, 2)}"
        case "gcp":
            letter = candidate.zone.rpartition("-")[2]
            digits = _digits(candidate, 4)
            return f"{pool}-{letter}-{SHORT_CAPACITY[candidate.capacity_type]}{f'-{digits}' if digits else ''}"
        case _:
            assert_never(cloud)


def _digits(candidate: Candidate, count: int) -> str:
    if candidate.is_first:
        return ""
    return hashlib.sha256(str(candidate.reservation_id).encode()).hexdigest()[:count]
