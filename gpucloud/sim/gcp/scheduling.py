"""Placement and workload policies, and reservations of capacity.

Forms: terraform-provider-google-beta 93c65b2 compute/resource_compute_resource_policy.go and
resource_compute_reservation.go.
"""

from gpucloud.sim.gcp.identifiers import compute_link, find_name, in_region
from gpucloud.sim.gcp.moments import made_at
from gpucloud.sim.gcp.networks import SERVICE
from gpucloud.sim.gcp.places import find_project, find_region, short
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

POLICY, RESERVATION = "gcp:compute/resourcePolicy:ResourcePolicy", "gcp:compute/reservation:Reservation"


def _policy(draft: Draft) -> Inputs:
    return {
        "name": find_name(draft),
        "project": find_project(draft),
        "region": find_region(draft),
        "selfLink": compute_link(draft.id),
    }


def _reservation_id(draft: Draft) -> str:
    return f"projects/{find_project(draft)}/zones/{short(str(draft.inputs['zone']))}/reservations/{find_name(draft)}"


def _reservation(draft: Draft) -> Inputs:
    return {
        "blockNames": [],
        "commitment": "",
        "creationTimestamp": made_at(draft),
        "deleteAtTime": "",
        "kind": "compute#reservation",
        "linkedCommitments": [],
        "name": find_name(draft),
        "project": find_project(draft),
        "reservationSharingPolicy": {"serviceShareType": "DISALLOW_ALL"},
        "resourceStatuses": [],
        "satisfiesPzs": False,
        "selfLink": compute_link(draft.id),
        "shareSettings": {"shareType": "LOCAL"},
        "specificReservation": {"assuredCount": draft.inputs["specificReservation"]["count"], "inUseCount": 0},
        "status": "READY",
    }


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


TYPES = (
    ResourceType(
        POLICY,
        SERVICE,
        "resourcePolicies.insert",
        "resourcePolicies.patch",
        "resourcePolicies.delete",
        in_region("resourcePolicies"),
        _policy,
        {"deletionPolicy": "DELETE"},
        Autoname(),
        _name,
    ),
    ResourceType(
        RESERVATION,
        SERVICE,
        "reservations.insert",
        "reservations.resize",
        "reservations.delete",
        _reservation_id,
        _reservation,
        {"deletionPolicy": "DELETE", "specificReservationRequired": False},
        Autoname(),
        _name,
        computed_members={"specificReservation": ("assuredCount", "inUseCount")},
    ),
)
