"""What a reservation must be for a node pool: each condition holding, and each failing."""

import dataclasses

import pytest

from gpucloud.gcp.node_pool import gcp_machine
from gpucloud.gcp.reservation import ReservationFacts, find_problems, reservation_place, reservation_values
from tests.components.gcp_programs import RESERVED, T4

L4_RESERVATION = ReservationFacts(
    name="capacity",
    zone="us-central1-a",
    status="READY",
    is_specific=True,
    count=4,
    machine_type="g2-standard-8",
    accelerators=(("nvidia-l4", 1),),
)
T4_RESERVATION = dataclasses.replace(
    L4_RESERVATION, machine_type="n1-standard-8", accelerators=(("nvidia-tesla-t4", 2),)
)


@pytest.fixture
def judge(plan_pool):
    """Return a function that gives the problems of a reservation, for two nodes of a pool unless said otherwise."""

    def problems(found, desired=2, **changes):
        pool = plan_pool(capacity=[RESERVED], size={"min": 0, "desired": desired, "max": 9}, **changes)
        return [str(problem) for problem in find_problems(found, *gcp_machine(pool), pool.offerings[0])]

    return problems


def change(found, **changes):
    return dataclasses.replace(found, **changes)


def test_a_reservation_of_the_pools_machines_is_right(judge):
    assert judge(L4_RESERVATION) == []
    assert judge(T4_RESERVATION, machine_type=T4) == []


def test_a_machine_type_with_accelerators_of_its_own_needs_no_list_of_them(judge):
    assert judge(change(L4_RESERVATION, accelerators=())) == []


@pytest.mark.parametrize(
    ("found", "machine", "text"),
    [
        (change(L4_RESERVATION, is_specific=False), None, "is for whoever fits it"),
        (change(L4_RESERVATION, machine_type="g2-standard-4"), None, "holds g2-standard-4"),
        (change(L4_RESERVATION, machine_type=""), None, "holds no machines"),
        (change(L4_RESERVATION, accelerators=(("nvidia-l4", 2),)), None, "has accelerators 2 x nvidia-l4"),
        (change(T4_RESERVATION, accelerators=(("nvidia-tesla-t4", 1),)), T4, "1 x nvidia-tesla-t4, the pool 2 x"),
        (change(T4_RESERVATION, accelerators=(("nvidia-tesla-v100", 2),)), T4, "2 x nvidia-tesla-v100, the pool 2 x"),
        (change(T4_RESERVATION, accelerators=()), T4, "has accelerators none"),
        (change(L4_RESERVATION, status="CREATING"), None, "is CREATING and 2 nodes are wanted"),
        (change(L4_RESERVATION, status=""), None, "is inactive"),
        (change(L4_RESERVATION, count=1), None, "holds 1 machines where 2 nodes are wanted"),
        (change(L4_RESERVATION, count=0), None, "set `min` and `desired` to 0"),
    ],
)
def test_one_departure_is_one_problem_with_its_path(judge, found, machine, text):
    (problem,) = judge(found, **({"machine_type": machine} if machine else {}))
    assert text in problem
    assert problem.startswith("us-central1-a-reserved.reservation_id")


@pytest.mark.parametrize("changes", [{"status": "CREATING"}, {"count": 0}])
def test_a_pool_that_starts_empty_may_wait_for_its_reservation(judge, changes):
    assert judge(change(L4_RESERVATION, **changes), desired=0) == []
    assert judge(change(L4_RESERVATION, **changes), desired=1)


def test_the_last_machine_of_a_reservation_is_enough(judge):
    assert judge(L4_RESERVATION, desired=4) == []
    assert judge(L4_RESERVATION, desired=5)


def test_all_departures_come_at_once(judge):
    wrong = change(L4_RESERVATION, is_specific=False, machine_type="a2-highgpu-1g", accelerators=(("x", 1),), count=1)
    assert len(judge(wrong)) == 4


def test_a_reservation_is_named_by_itself_or_with_its_project(plan_pool):
    assert reservation_place("capacity") == (None, "capacity")
    assert reservation_place("projects/other-project/reservations/capacity") == ("other-project", "capacity")
    assert reservation_values(plan_pool().offerings[0]) == []
