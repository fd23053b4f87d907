"""What a case of a rule about pools is, and where the pools of each cloud stand in the cases."""

from dataclasses import dataclass
from typing import Any

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import Offering
from gpucloud.plan.place import Allocation


@dataclass(frozen=True)
class Case:
    """One rule: fields of a pool that pass, fields that fail, and the fields that the failure names.

    `unavailable` names zones as among those of all regions; it holds for the failing fields alone.
    """

    passes: dict[str, Any]
    fails: dict[str, Any]
    names: tuple[str, ...]
    unavailable: frozenset[Offering] = frozenset()
    prefix: str = "prod-train-gpu"
    cloud: Cloud = "aws"
    allocation: Allocation = "device-plugin"
