"""Launching an agent pool's nodes: they are taken from reservations and offerings, or Azure's refusal comes late.

Codes and texts: Azure/karpenter-provider-azure 352646f pkg/fake/aksmachinesapi.go (copied there from the service),
jenkins-infra/helpdesk issues 3584 and 4459 (constraints of a pool with ephemeral disks), MicrosoftDocs
SupportArticles error-code-quotaexceeded. Which of the codes answers which shortage is the local cloud's own choice:
a spot pool meets SkuNotAvailable where a size has none left to sell, a pool with a constraint besides its zone meets
an Overconstrained… code, any other ZonalAllocationFailed or AllocationFailed.
"""

from gpucloud.sim.azure_native.machines import REGIONAL, find_machine, is_sold, region_zones
from gpucloud.sim.azure_native.pool_launch import Launch, read_launch
from gpucloud.sim.azure_native.quotas import limit_of, quota_of, used_vcpus
from gpucloud.sim.azure_native.reservations import free_in, reserved_in
from gpucloud.sim.capacity import Offering, free_of, hold, release, spread, total_of
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Store

_OVERCONSTRAINED = (
    "Allocation failed. VM(s) with the following constraints cannot be allocated, because the condition is too "
    "restrictive. Please remove some constraints and try again. Constraints applied are:"
)
_GUIDANCE = "Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance"


def launch_nodes(draft: Draft, row: int, launches: list[Launch]) -> list[str]:
    """Take the nodes of pools and return why that failed, empty where it did not; what could be had stays taken."""
    release(draft.store, row)
    problems = [_launch(draft.store, row, launch) for launch in launches if launch.nodes]
    return [problem for problem in problems if problem]


def _launch(store: Store, row: int, launch: Launch) -> str:
    problem = _find_quota_problem(store, row, launch)
    if problem:
        return problem
    left = launch.nodes - _take_reserved(store, row, launch)
    free = {zone: free_of(store, _offering(launch, zone)) for zone in launch.zones}
    taken = spread(left, free)
    for zone, nodes in taken.items():
        hold(store, row, launch.region, _offering(launch, zone), nodes)
    if sum(taken.values()) == left:
        return ""
    return _describe_shortage(store, launch, launch.nodes - left + sum(taken.values()))


def _offering(launch: Launch, zone: str) -> Offering:
    return Offering(launch.machine_type, launch.key(zone), launch.capacity_type)


def _take_reserved(store: Store, row: int, launch: Launch) -> int:
    """Take what the group has of this size in the pool's zones; nodes beyond it are ordinary on-demand capacity.

    Source: Azure/karpenter-provider-azure pull request 1839, `capacityReservationGroupID`.
    """
    if not launch.reservation_group:
        return 0
    matching = {r.zone: r for r in reserved_in(store, launch.reservation_group) if _matches(launch, r.machine_type)}
    kept = {zone: matching[launch.key(zone)] for zone in launch.zones if launch.key(zone) in matching}
    taken = spread(launch.nodes, {zone: free_in(store, reserved, row) for zone, reserved in kept.items()})
    for zone, nodes in taken.items():
        hold(store, row, launch.region, _offering(launch, zone), nodes, kept[zone].id)
    return sum(taken.values())


def _matches(launch: Launch, machine_type: str) -> bool:
    return machine_type.lower() == launch.machine_type.lower()


def _find_quota_problem(store: Store, row: int, launch: Launch) -> str:
    """Return how spot nodes pass their quota; that of on-demand nodes is judged before anything is made."""
    machine = find_machine(launch.machine_type)
    if machine is None or launch.capacity_type != "spot":
        return ""
    code = quota_of(launch.capacity_type)
    limit, used = limit_of(store, launch.region, code), used_vcpus(store, launch.region, code, row)
    held = store.db.execute("SELECT COALESCE(SUM(nodes), 0) FROM allocation WHERE resource = ?", (row,)).fetchone()[0]
    needed = machine.vcpus * launch.nodes
    used += machine.vcpus * int(held)
    if used + needed <= limit:
        return ""
    return (
        "QuotaExceeded: Operation could not be completed as it results in exceeding approved LowPriorityCores quota. "
        f"Additional details - Deployment Model: Resource Manager, Location: {launch.region}, Current Limit: {limit}, "
        f"Current Usage: {used}, Additional Required: {needed}, (Minimum) New Limit Required: {used + needed}."
    )


def _describe_shortage(store: Store, launch: Launch, got: int) -> str:
    places = ", ".join(launch.key(zone) for zone in launch.zones)
    others = [
        launch.key(zone)
        for zone in (*region_zones(launch.region), REGIONAL)
        if zone not in launch.zones
        and is_sold(launch.region, zone, launch.machine_type)
        and free_of(store, _offering(launch, zone)) > 0
    ]
    hint = f"{launch.machine_type} {launch.capacity_type} in {places}: {got} of {launch.nodes} nodes allocated"
    hint += f"; capacity is in {', '.join(others)}" if others else "; the region has no other capacity"
    return f"{_issue(store, launch)} (local cloud: {hint})"


def _issue(store: Store, launch: Launch) -> str:
    """Return Azure's code and text of a shortage."""
    if launch.capacity_type == "spot" and not any(total_of(store, _offering(launch, z)) for z in launch.zones):
        return (
            "SkuNotAvailable: The requested VM size for resource 'Following SKUs have failed for Capacity "
            f"Restrictions: {launch.machine_type}' is currently not available in location '{launch.region}'. Please "
            "try another size or deploy to a different location or different zone. See "
            "https://aka.ms/azureskunotavailable for details."
        )
    constraints = [
        *(["Differencing (Ephemeral) Disks"] if launch.ephemeral else []),
        *(["Low Priority VMs"] if launch.capacity_type == "spot" else []),
        *(["Proximity Placement Group"] if launch.placement_group else []),
    ]
    if constraints:
        code = "OverconstrainedZonalAllocationRequest" if launch.is_zonal else "OverconstrainedAllocationRequest"
        listed = [*(["Availability Zone"] if launch.is_zonal else []), *constraints, "VM Size"]
        return f"{code}: {_OVERCONSTRAINED} {'; '.join(listed)}."
    if launch.is_zonal:
        empty = min(launch.zones, key=lambda zone: free_of(store, _offering(launch, zone)))
        return (
            "ZonalAllocationFailed: Allocation failed. We do not have sufficient capacity for the requested VM size "
            f"{launch.machine_type} in zone {empty}. {_GUIDANCE}"
        )
    return (
        "AllocationFailed: Allocation failed. If you are trying to add a new VM to a Virtual Machine Scale Set with a "
        "single placement group or update/resize an existing VM in a Virtual Machine Scale Set with a single "
        "placement group, please note that such allocation is scoped to a single cluster, and it is possible that the "
        f"cluster is out of capacity. {_GUIDANCE}."
    )


def reservation_launch(draft: Draft) -> Launch:
    """Return a capacity reservation as what it takes from its offering."""
    sku = draft.inputs["sku"]
    pool = {
        "vmSize": sku.get("name"),
        "count": int(sku.get("capacity") or 0),
        "availabilityZones": draft.inputs.get("zones"),
    }
    return read_launch(pool, str(draft.inputs.get("location", "")))


def reserve_nodes(draft: Draft, row: int) -> list[str]:
    """Take a capacity reservation's nodes from its offering, or return why there are not enough."""
    return launch_nodes(draft, row, [reservation_launch(draft)])
