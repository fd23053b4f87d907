"""getReservation gives what the SDK reads, of a program's reservation and of one that a command put there."""

import inspect

import pulumi_gcp as gcp
import pytest

from tests.sim.gcp.estate import ZONE
from tests.sim.servicer import Refused

TOKEN = "gcp:compute/getReservation:getReservation"


def put(google, id_, machine_type):
    google.cloud.store.db.execute(
        "INSERT INTO reservation (id, kind, machine_type, zone, nodes) VALUES (?, 'odcr', ?, ?, 3)",
        (id_, machine_type, ZONE),
    )


def properties_of(answer):
    (held,) = answer["specificReservations"]
    (machine,) = held["instanceProperties"]
    return machine


def test_every_property_that_the_sdk_reads_is_there(google):
    google.reserve()
    answer = google.cloud.invoke(TOKEN, name="kept", zone=ZONE)
    wanted = {
        name for name in inspect.signature(gcp.compute.GetReservationResult.__init__).parameters if name != "self"
    }
    assert {name.replace("_", "").lower() for name in wanted - {"__self__"}} == {name.lower() for name in answer}
    assert properties_of(answer).keys() == {
        "guestAccelerators", "localSsds", "locationHint", "machineType", "maintenanceInterval", "minCpuPlatform",
    }  # fmt: skip


@pytest.mark.parametrize("id_", ["held", "projects/gpucloud-local/zones/us-central1-a/reservations/held"])
def test_a_reservation_that_a_command_put_there_is_found(google, id_):
    put(google, id_, "n1-standard-8+2xnvidia-tesla-t4")
    answer = google.cloud.invoke(TOKEN, name="held", zone=ZONE)
    assert answer["specificReservations"][0]["count"] == 3
    assert (answer["status"], answer["specificReservationRequired"]) == ("READY", True)
    assert properties_of(answer)["machineType"] == "n1-standard-8"
    assert properties_of(answer)["guestAccelerators"] == [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 2}]
    with pytest.raises(Refused, match="was not found"):
        google.cloud.invoke(TOKEN, name="held", zone="us-central1-b")
