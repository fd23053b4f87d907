"""Where a pool stands."""

from dataclasses import dataclass

from gpucloud.facts.vendor_machines import Cloud


@dataclass(frozen=True, slots=True)
class Place:
    """Cloud, region, and what the names of the pool's resources begin with."""

    cloud: Cloud
    region: str
    name_prefix: str
