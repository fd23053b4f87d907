"""Proximity placement groups, capacity reservation groups and their reservations."""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.allocation import reserve_nodes
from gpucloud.sim.azure_native.identifiers import GROUP, at_path, key_of, make_uuid, name_in
from gpucloud.sim.azure_native.times import moment, system_data
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

_COMPUTE = "Microsoft.Compute"


def _common(draft: Draft, kind: str) -> Inputs:
    return {"name": name_in(draft.id), "systemData": system_data(draft), "type": f"{_COMPUTE}/{kind}"}


def _placement_group(draft: Draft) -> Inputs:
    members = [
        {"id": row.id}
        for row in draft.store.find("type = ?", tokens.POOL)
        if str(row.inputs.get("proximityPlacementGroupID", "")).lower() == draft.id.lower()
    ]
    return {
        **_common(draft, "proximityPlacementGroups"),
        "availabilitySets": [],
        "virtualMachineScaleSets": members,
        "virtualMachines": [],
    }


def _reservation_group(draft: Draft) -> Inputs:
    held = draft.store.find("type = ? AND parent = ?", tokens.RESERVATION, _group_key(draft.inputs))
    return {
        **_common(draft, "capacityReservationGroups"),
        "capacityReservations": [{"id": row.id} for row in held],
        "instanceView": {"capacityReservations": [], "sharedSubscriptionIds": []},
        "virtualMachinesAssociated": [],
    }


def _reservation(draft: Draft) -> Inputs:
    before = draft.previous.outputs if draft.previous is not None else {}
    return {
        **_common(draft, "capacityReservationGroups/capacityReservations"),
        "instanceView": {"statuses": [], "utilizationInfo": {"currentCapacity": 0, "virtualMachinesAllocated": []}},
        "platformFaultDomainCount": 1,
        "provisioningState": "Succeeded",
        "provisioningTime": moment(draft),
        "reservationId": make_uuid(draft, "reservation"),
        "timeCreated": before.get("timeCreated") or moment(draft),
        "virtualMachinesAssociated": [],
    }


_group_key = key_of("resourceGroupName", "capacityReservationGroupName")

PLACEMENT_GROUP = ResourceType(
    tokens.PLACEMENT,
    _COMPUTE,
    "ProximityPlacementGroups_CreateOrUpdate",
    "ProximityPlacementGroups_CreateOrUpdate",
    "ProximityPlacementGroups_Delete",
    at_path(f"{GROUP}/providers/{_COMPUTE}/proximityPlacementGroups/{{proximityPlacementGroupName}}"),
    _placement_group,
    defaults={"proximityPlacementGroupType": "Standard"},
    autoname=Autoname("proximityPlacementGroupName", form="suffix"),
    name_of=key_of("resourceGroupName", "proximityPlacementGroupName"),
    parent_of=key_of("resourceGroupName"),
    volatile=frozenset({"systemData"}),
)
RESERVATION_GROUP = ResourceType(
    tokens.RESERVATION_GROUP,
    _COMPUTE,
    "CapacityReservationGroups_CreateOrUpdate",
    "CapacityReservationGroups_CreateOrUpdate",
    "CapacityReservationGroups_Delete",
    at_path(f"{GROUP}/providers/{_COMPUTE}/capacityReservationGroups/{{capacityReservationGroupName}}"),
    _reservation_group,
    autoname=Autoname("capacityReservationGroupName", form="suffix"),
    name_of=_group_key,
    parent_of=key_of("resourceGroupName"),
    volatile=frozenset({"systemData"}),
)
RESERVATION = ResourceType(
    tokens.RESERVATION,
    _COMPUTE,
    "CapacityReservations_CreateOrUpdate",
    "CapacityReservations_CreateOrUpdate",
    "CapacityReservations_Delete",
    at_path(
        f"{GROUP}/providers/{_COMPUTE}/capacityReservationGroups/{{capacityReservationGroupName}}"
        "/capacityReservations/{capacityReservationName}"
    ),
    _reservation,
    autoname=Autoname("capacityReservationName", form="copy"),
    name_of=key_of("resourceGroupName", "capacityReservationGroupName", "capacityReservationName"),
    parent_of=_group_key,
    volatile=frozenset({"systemData", "provisioningTime"}),
    delete_before_replace=True,
    settle=reserve_nodes,
)

TYPES = (PLACEMENT_GROUP, RESERVATION_GROUP, RESERVATION)
