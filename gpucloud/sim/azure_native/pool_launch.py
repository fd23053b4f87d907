"""What an agent pool launches: read from its inputs, of its own or inside a cluster's `agentPoolProfiles`."""

from dataclasses import dataclass

from gpucloud.sim.azure_native.machines import REGIONAL, zone_key
from gpucloud.sim.values import Inputs


@dataclass(frozen=True, slots=True)
class Launch:
    """How an agent pool gets its nodes."""

    machine_type: str
    region: str
    zones: tuple[str, ...]  # `regional` alone where the pool names none
    capacity_type: str  # on-demand or spot
    nodes: int
    reservation_group: str  # id, empty where none
    placement_group: str  # id, empty where none
    ephemeral: bool

    @property
    def is_zonal(self) -> bool:
        """Whether the pool names zones."""
        return self.zones != (REGIONAL,)

    def key(self, zone: str) -> str:
        """Return a zone's name among those of all regions."""
        return zone_key("azure", self.region, zone)


def read_launch(pool: Inputs, region: str) -> Launch:
    """Return what a pool launches in its cluster's region.

    The number of nodes is `count`; without one, `minCount` of a pool that scales itself, else 1 (AKS swagger, `count`).
    """
    least = pool.get("minCount") if pool.get("enableAutoScaling") else None
    count = pool.get("count")
    return Launch(
        machine_type=str(pool.get("vmSize") or DEFAULT_SIZE),
        region=region,
        zones=tuple(sorted({str(zone) for zone in pool.get("availabilityZones") or ()})) or (REGIONAL,),
        capacity_type="spot" if pool.get("scaleSetPriority") == "Spot" else "on-demand",
        nodes=int(count if count is not None else least if least is not None else 1),
        reservation_group=str(pool.get("capacityReservationGroupID") or ""),
        placement_group=str(pool.get("proximityPlacementGroupID") or ""),
        ephemeral=pool.get("osDiskType") == "Ephemeral",
    )


DEFAULT_SIZE = "Standard_D2s_v5"  # what a pool gets that names no size: the local cloud's own choice
