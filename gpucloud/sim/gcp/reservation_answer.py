"""What getReservation answers: a reservation that a program made, or that `sim fault reservation` put there.

Forms: the provider's data source compute.getReservation (pulumi_gcp 10.2), which gives every property, empty ones too.
"""

from typing import Any

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.identifiers import SCOPE
from gpucloud.sim.gcp.machines import find_machine
from gpucloud.sim.gcp.reserved import find_reserved
from gpucloud.sim.gcp.scheduling import RESERVATION
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs


def answer_reservation(store: Store, project: str, zone: str, name: str) -> Inputs:
    """Return the answer; CloudError where the zone has no reservation of that name."""
    id_ = f"projects/{project}/zones/{zone}/reservations/{name}"
    row = store.find_one(RESERVATION, SCOPE, id_)
    if row is not None and row.status == "active":
        outputs = row.outputs
        machine = outputs["specificReservation"].get("instanceProperties") or {}
        count = int(outputs["specificReservation"]["count"])
    else:
        found = find_reserved(store, f"projects/{project}/reservations/{name}", zone, project)
        if found is None:
            raise CloudError("notFound", f"The resource '{id_}' was not found")
        outputs, machine, count = {}, _machine(found.machine_type), found.nodes
    return {
        "blockNames": outputs.get("blockNames") or [],
        "commitment": outputs.get("commitment", ""),
        "creationTimestamp": outputs.get("creationTimestamp", ""),
        "deleteAfterDurations": [],
        "deleteAtTime": outputs.get("deleteAtTime", ""),
        "deletionPolicy": "DELETE",
        "description": outputs.get("description", ""),
        "enableEmergentMaintenance": bool(outputs.get("enableEmergentMaintenance")),
        "id": id_,
        "kind": "compute#reservation",
        "linkedCommitments": outputs.get("linkedCommitments") or [],
        "name": name,
        "params": [],
        "project": project,
        "reservationSharingPolicies": [outputs.get("reservationSharingPolicy") or {"serviceShareType": "DISALLOW_ALL"}],
        "resourceStatuses": outputs.get("resourceStatuses") or [],
        "satisfiesPzs": False,
        "selfLink": outputs.get("selfLink", f"https://www.googleapis.com/compute/v1/{id_}"),
        "shareSettings": [{"projectMaps": [], "projects": [], "shareType": "LOCAL"}],
        "specificReservationRequired": bool(outputs.get("specificReservationRequired", True)),
        "specificReservations": [
            {
                "assuredCount": count,
                "count": count,
                "inUseCount": 0,
                "instanceProperties": [_properties(machine)],
                "sourceInstanceTemplate": "",
            }
        ],
        "status": outputs.get("status", "READY"),
        "zone": zone,
    }


def _machine(name: str) -> dict[str, Any]:
    """Return the instance properties of a machine type by the facts' name."""
    found = find_machine(name)
    accelerators = []
    if found is not None and found.accelerator:
        accelerators = [{"acceleratorType": found.gke_accelerator, "acceleratorCount": found.accelerator_count}]
    return {"machineType": name.partition("+")[0], "guestAccelerators": accelerators}


def _properties(machine: dict[str, Any]) -> dict[str, Any]:
    return {
        "guestAccelerators": machine.get("guestAccelerators") or [],
        "localSsds": machine.get("localSsds") or [],
        "locationHint": "",
        "machineType": machine.get("machineType", ""),
        "maintenanceInterval": machine.get("maintenanceInterval", ""),
        "minCpuPlatform": machine.get("minCpuPlatform", ""),
    }
