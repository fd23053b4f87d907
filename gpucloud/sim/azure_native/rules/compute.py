"""Proximity placement groups, capacity reservations and role assignments.

Sources: azure-compute-docs capacity-reservation-overview (sizes, zones, spot), capacity-reservation-create; azure-aks-
docs fb060ab reduce-latency-ppg.md; Microsoft.Authorization, RoleAssignmentExists and InvalidRoleAssignmentId.
"""

from collections.abc import Iterator
from uuid import UUID

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.allocation import reservation_launch
from gpucloud.sim.azure_native.identifiers import find_by_key, key_of
from gpucloud.sim.azure_native.machines import find_machine, is_sold
from gpucloud.sim.capacity import Offering, free_of
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs, Unknown

_group_key = key_of("resourceGroupName", "capacityReservationGroupName")
_assignment_key = key_of("principalId", "roleDefinitionId", "scope")


def refuse_placement_over_zones(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a proximity placement group in several zones, and zones without the sizes that it is for."""
    zones = inputs.get("zones")
    if not isinstance(zones, list) or not zones:
        return
    if len(zones) > 1:
        text = f"a proximity placement group can map to only one availability zone, not {', '.join(map(str, zones))}"
        yield Refusal("zones", "InvalidParameter", text)
    intent = inputs.get("intent")
    if not isinstance(intent, Unknown) and not (intent or {}).get("vmSizes"):
        text = "a proximity placement group with a zone needs intent.vmSizes"
        yield Refusal("intent", "InvalidParameter", text)


def refuse_bad_reservation(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a reservation of an unknown size, of one that cannot be reserved, over zones, or without a number."""
    sku = inputs.get("sku")
    if not isinstance(sku, dict):
        return
    name, capacity = sku.get("name"), sku.get("capacity")
    machine = find_machine(name) if isinstance(name, str) else None
    if name is None or capacity is None:
        yield Refusal("sku", "InvalidParameter", "a capacity reservation needs sku.name and sku.capacity")
    elif isinstance(name, str) and machine is None:
        yield Refusal("sku.name", "InvalidParameter", f"The value {name} provided for the VM size is not valid.")
    elif machine is not None and "reserved" not in machine.capacity_types:
        yield Refusal(
            "sku.name", "InvalidParameter", f"VM size {name} does not support on-demand capacity reservation."
        )
    zones = inputs.get("zones")
    if isinstance(zones, list) and len(zones) > 1:
        text = f"a capacity reservation is in one zone or in none, not in {', '.join(map(str, zones))}"
        yield Refusal("zones", "InvalidParameter", text)


def refuse_reservation_outside_group(draft: Draft) -> None:
    """Refuse a reservation that is not in its group's region or zones."""
    group = find_by_key(draft.store, tokens.RESERVATION_GROUP, _group_key(draft.inputs))
    if group is None:
        return
    own, zones = set(draft.inputs.get("zones") or ()), set(group.inputs.get("zones") or ())
    if (own and not own <= zones) or (zones and not own):
        raise CloudError(
            "InvalidParameter",
            f"the zones of the reservation, {sorted(own)}, are not among its group's, {sorted(zones)}",
        )
    if draft.inputs.get("location") != group.inputs.get("location"):
        raise CloudError("InvalidParameter", "a capacity reservation is in the region of its group")


def refuse_reservation_shortage(draft: Draft) -> None:
    """Refuse a reservation for which there is no capacity: nothing of it is made."""
    launch = reservation_launch(draft)
    row = draft.previous.seq if draft.previous is not None else 0
    for zone in launch.zones:
        if not is_sold(launch.region, zone, launch.machine_type):
            raise CloudError(
                "SkuNotAvailable",
                f"The requested size for resource '{draft.id or launch.machine_type}' is currently not available in "
                f"location '{launch.region}' zones '{zone}' for subscription. Please try another size or deploy to a "
                "different location or zones. See https://aka.ms/azureskunotavailable for details.",
            )
        free = free_of(draft.store, Offering(launch.machine_type, launch.key(zone), "on-demand"), row)
        if free < launch.nodes:
            code = "ZonalAllocationFailed" if launch.is_zonal else "AllocationFailed"
            raise CloudError(
                code,
                f"Allocation failed. We do not have sufficient capacity for the requested VM size "
                f"{launch.machine_type} in {launch.key(zone)}: {free} of {launch.nodes} (local cloud)",
            )


def refuse_bad_assignment_name(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a name of a role assignment that is not a GUID."""
    name = inputs.get("roleAssignmentName")
    if name is None or isinstance(name, Unknown):
        return
    try:
        UUID(str(name))
    except ValueError:
        text = f"The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID."
        yield Refusal("roleAssignmentName", "InvalidRoleAssignmentId", text)


def refuse_second_assignment(draft: Draft) -> None:
    """Refuse a role that its principal has at this scope already."""
    found = find_by_key(draft.store, tokens.ASSIGNMENT, _assignment_key(draft.inputs))
    if found is not None and found.urn != draft.urn:
        raise CloudError("RoleAssignmentExists", "The role assignment already exists.")
