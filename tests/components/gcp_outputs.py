"""What Google Cloud would add to a declared resource and answer to a function, as far as anything here reads it."""

from typing import Any

PROJECT = "project-1"
ANSWERS: dict[str, dict[str, Any]] = {
    "gcp:organizations/getClientConfig:getClientConfig": {
        "accessToken": "none", "defaultLabels": {}, "id": "projects/project-1", "project": PROJECT,
        "region": "us-central1", "zone": "",
    },
}  # fmt: skip
"""What functions answer where a test says nothing else."""


def reservation(machine_type: str, accelerator: str, count: int, **changes: Any) -> dict[str, dict[str, Any]]:
    """Return an answer for recorders: a specific reservation of four machines in us-central1-a."""
    machine = {
        "guestAccelerators": [{"acceleratorType": accelerator, "acceleratorCount": count}] if accelerator else [],
        "localSsds": [], "locationHint": "", "machineType": machine_type, "maintenanceInterval": "",
        "minCpuPlatform": "",
    }  # fmt: skip
    given = {
        "blockNames": [], "commitment": "", "creationTimestamp": "", "deleteAfterDurations": [], "deleteAtTime": "",
        "description": "", "enableEmergentMaintenance": False, "id": "r", "kind": "compute#reservation",
        "linkedCommitments": [], "name": "capacity", "params": [], "project": PROJECT, "reservationSharingPolicies": [],
        "resourceStatuses": [], "satisfiesPzs": False, "selfLink": "", "shareSettings": [],
        "specificReservationRequired": True, "status": "READY", "zone": "us-central1-a", "deletionPolicy": "DELETE",
        "specificReservations": [
            {"assuredCount": 4, "count": 4, "inUseCount": 0, "instanceProperties": [machine],
             "sourceInstanceTemplate": ""},
        ],
    }  # fmt: skip
    return {"gcp:compute/getReservation:getReservation": given | changes}


def computed(token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs of a resource: its inputs, and what Google Cloud adds."""
    given = {"name": f"{name}-0000000", **inputs}
    match token:
        case "gcp:projects/serviceIdentity:ServiceIdentity":
            email = "service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com"
            given |= {"email": email, "member": f"serviceAccount:{email}"}
        case "gcp:container/cluster:Cluster":
            given["endpoint"] = "203.0.113.7"
            given["masterAuth"] = {**inputs.get("masterAuth", {}), "clusterCaCertificate": "Q0E="}
        case "gcp:serviceaccount/account:Account":
            email = f"{inputs['accountId']}@{PROJECT}.iam.gserviceaccount.com"
            given |= {"email": email, "member": f"serviceAccount:{email}"}
    return given
