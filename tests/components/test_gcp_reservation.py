"""A node pool names a reservation only after that has been looked at."""

import pulumi
import pytest

from tests.components.gcp_outputs import reservation
from tests.components.gcp_programs import L4, RESERVED, record_pool

FITS = reservation(L4, "nvidia-l4", 1)
OTHER = reservation("g2-standard-4", "nvidia-l4", 1, status="CREATING", specificReservationRequired=False)


def test_a_reservation_that_fits_is_named():
    pool = record_pool(capacity=[RESERVED], answers=FITS).one("nodePool:NodePool").inputs
    assert pool["nodeConfig"]["reservationAffinity"]["values"] == ["capacity"]


@pytest.mark.parametrize("preview", [True, False])
def test_one_that_does_not_fit_fails_the_preview_already_with_all_that_is_wrong(preview):
    with pytest.raises(pulumi.RunError) as caught:
        record_pool(capacity=[RESERVED], answers=OTHER, preview=preview)
    text = str(caught.value)
    assert text.startswith("pool:\n")
    for part in ("is for whoever fits it", "holds g2-standard-4", "is CREATING and 1 nodes are wanted"):
        assert part in text


def test_a_reservation_that_is_not_there_fails_with_googles_words():
    missing = {"gcp:compute/getReservation:getReservation": RuntimeError("The resource was not found")}
    with pytest.raises(Exception, match="The resource was not found"):
        record_pool(capacity=[RESERVED], answers=missing)


def test_nothing_is_asked_where_nothing_is_reserved():
    missing = {"gcp:compute/getReservation:getReservation": RuntimeError("asked")}
    assert record_pool(capacity=["on-demand", "spot"], answers=missing).of_type("nodePool:NodePool")
