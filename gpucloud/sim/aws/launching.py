"""Launching a node group's nodes: they are taken from an offering or a reservation, or EC2's refusal is reported late.

Texts as EC2 and Auto Scaling give them: "Could not launch … Instances. CODE - TEXT Launching EC2 instance failed.",
seen in reports of terraform-provider-aws users for InsufficientInstanceCapacity, UnfulfillableCapacity,
VcpuLimitExceeded and MaxSpotInstanceCountExceeded; EC2 API reference, "Error codes", for ReservationCapacityExceeded
and Unsupported.
"""

from functools import cache

from gpucloud.facts.zones import zone_offers, zone_region
from gpucloud.sim.aws.launch import Launch, find_launch
from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.aws.quotas import find_quota, limit_of, used_vcpus
from gpucloud.sim.aws.zones import zone_names
from gpucloud.sim.capacity import Offering, free_of, hold, release, spread
from gpucloud.sim.model import Draft
from gpucloud.sim.reservations import Reservation, free_in_reservation


def launch_nodes(draft: Draft, row: int) -> list[str]:
    """Take the desired nodes and return why that failed, empty where it did not; what could be had stays taken."""
    release(draft.store, row)
    launch = find_launch(draft)
    if not launch.desired:
        return []
    machine_type = launch.machine_types[0]
    problem = _find_quota_problem(draft, launch, machine_type, row)
    if problem:
        return [problem]
    if launch.reservation is not None:
        return _take_reserved(draft, launch, launch.reservation, row)
    return _take_free(draft, launch, row)


def _find_quota_problem(draft: Draft, launch: Launch, machine_type: str, row: int) -> str:
    quota = find_quota(machine_type, launch.capacity_type)
    machine = find_machine(machine_type)
    if quota is None or machine is None:
        return ""
    limit = limit_of(draft.store, draft.scope, quota)
    if used_vcpus(draft.store, draft.scope, quota, row) + machine.vcpus * launch.desired <= limit:
        return ""
    hint = f"quota {quota.code} ({quota.name}) in {draft.scope}"
    if launch.capacity_type == "spot":
        return _issue(launch, "MaxSpotInstanceCountExceeded", "Max spot instance count exceeded.", hint)
    text = (
        f"You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the instance "
        "bucket that the specified instance type belongs to. Please visit "
        "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
    )
    return _issue(launch, "VcpuLimitExceeded", text, hint)


def _take_reserved(draft: Draft, launch: Launch, reservation: Reservation, row: int) -> list[str]:
    free = free_in_reservation(draft.store, reservation, row)
    nodes = min(free, launch.desired)
    offering = Offering(reservation.machine_type, reservation.zone, launch.capacity_type)
    hold(draft.store, row, draft.scope, offering, nodes, reservation.id)
    if nodes == launch.desired:
        return []
    text = (
        "The targeted Capacity Reservation does not have enough available instance capacity to fulfill your request. "
        "Either increase the instance capacity for the targeted Capacity Reservation, or target a different "
        "Capacity Reservation."
    )
    hint = (
        f"{reservation.id}, {reservation.machine_type} in {reservation.zone}: {free} of {reservation.nodes} nodes free"
    )
    return [_issue(launch, "ReservationCapacityExceeded", text, hint)]


def _take_free(draft: Draft, launch: Launch, row: int) -> list[str]:
    """Take the first machine type of which there is enough; without one, what there is of the first."""
    choices = {}
    for machine_type in launch.machine_types:
        zones = [zone for zone in launch.zones if zone_offers_type(zone, machine_type)]
        free = {z: free_of(draft.store, Offering(machine_type, z, launch.capacity_type), row) for z in zones}
        choices[machine_type] = spread(launch.desired, free)
    best = max(choices, key=lambda name: sum(choices[name].values()))
    for zone, nodes in choices[best].items():
        hold(draft.store, row, draft.scope, Offering(best, zone, launch.capacity_type), nodes)
    if sum(choices[best].values()) == launch.desired:
        return []
    return [_describe_shortage(draft, launch, best, choices[best])]


@cache
def zone_offers_type(zone: str, machine_type: str) -> bool:
    """Return whether a zone has a machine type at all; yes where no source can say."""
    return zone_offers("aws", zone_region("aws", zone), zone, machine_type) is not False


def _describe_shortage(draft: Draft, launch: Launch, machine_type: str, taken: dict[str, int]) -> str:
    region_zones = zone_names(draft.scope)
    others = [
        zone
        for zone in region_zones
        if zone not in launch.zones
        and zone_offers_type(zone, machine_type)
        and free_of(draft.store, Offering(machine_type, zone, launch.capacity_type)) > 0
    ]
    got = sum(taken.values())
    hint = (
        f"{machine_type} {launch.capacity_type} in {', '.join(launch.zones)}: {got} of {launch.desired} nodes launched"
    )
    hint += f"; zones with capacity: {', '.join(others)}" if others else "; no zone of the region has any"
    if not taken:
        text = f"Your requested instance type ({machine_type}) is not supported in your requested Availability Zone "
        text += f"({launch.zones[0]})."
        text += (
            f" Please retry your request by not specifying an Availability Zone or choosing {', '.join(others)}."
            if others
            else ""
        )
        return _issue(launch, "Unsupported", text, hint)
    if launch.capacity_type == "spot":
        text = "Unable to fulfill capacity due to your request configuration. Please adjust your request and try again."
        return _issue(launch, "UnfulfillableCapacity", text, hint)
    empty = min(taken, key=lambda zone: free_of(draft.store, Offering(machine_type, zone, launch.capacity_type)))
    text = (
        f"We currently do not have sufficient {machine_type} capacity in the Availability Zone you requested "
        f"({empty}). Our system will be working on provisioning additional capacity."
    )
    if others:
        text += (
            f" You can currently get {machine_type} capacity by not specifying an Availability Zone in "
            f"your request or choosing {', '.join(others)}."
        )
    return _issue(launch, "InsufficientInstanceCapacity", text, hint)


def _issue(launch: Launch, code: str, text: str, hint: str) -> str:
    kind = "Spot" if launch.capacity_type == "spot" else "On-Demand"
    return (
        f"AsgInstanceLaunchFailures: Could not launch {kind} Instances. {code} - {text} Launching EC2 instance failed. "
        f"(local cloud: {hint})"
    )


def reserve_nodes(draft: Draft, row: int) -> list[str]:
    """Take a capacity reservation's nodes from its offering; the check before has seen that there are enough."""
    release(draft.store, row)
    inputs = draft.inputs
    offering = Offering(inputs["instanceType"], inputs["availabilityZone"], "on-demand")
    hold(draft.store, row, draft.scope, offering, int(inputs["instanceCount"]))
    return []
