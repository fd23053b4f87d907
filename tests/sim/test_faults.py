"""Faults that somebody sets, also while a server runs."""

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.sim import control
from tests.sim.servicer import VPC, Refused

INPUTS = {"cidrBlock": "10.0.0.0/16"}


@pytest.mark.parametrize("pattern", ["CreateVpc", "ec2:CreateVpc", "aws:ec2/vpc:Vpc", "*::vpc", "vpc", "Create*"])
def test_an_error_hits_what_its_pattern_names_once(cloud, pattern):
    control.fail(cloud.root, pattern, "InternalError", "An internal error has occurred")
    with pytest.raises(Refused, match="api error InternalError: An internal error has occurred"):
        cloud.create(VPC, "vpc", INPUTS)
    cloud.create(VPC, "vpc", INPUTS)


def test_an_error_passes_by_what_its_pattern_does_not_name(cloud):
    control.fail(cloud.root, "CreateSubnet", "InternalError", "")
    cloud.create(VPC, "vpc", INPUTS)


def test_a_little_throttling_is_only_slow(cloud):
    control.throttle(cloud.root, "CreateVpc", 24)
    cloud.create(VPC, "vpc", INPUTS)
    assert cloud.store.find("1")[0].status == "active"
    assert (
        cloud.store.db.execute("SELECT text FROM event WHERE verb = 'throttled'").fetchone()[0].startswith("24 times")
    )


def test_much_throttling_surfaces_with_the_code_of_the_api(cloud):
    control.throttle(cloud.root, "CreateVpc", 30)
    with pytest.raises(Refused, match="RequestLimitExceeded: exceeded maximum number of attempts, 25"):
        cloud.create(VPC, "vpc", INPUTS)
    cloud.create(VPC, "vpc", INPUTS)


def test_clear_removes_what_lasts(cloud):
    control.fail(cloud.root, "CreateVpc", "InternalError", "", times=-1)
    for _ in range(2):
        with pytest.raises(Refused):
            cloud.create(VPC, "vpc", INPUTS)
    control.clear_faults(cloud.root)
    cloud.create(VPC, "vpc", INPUTS)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda root: control.set_capacity(root, "p5.48xlarge", "us-east-9a", 1),
        lambda root: control.set_capacity(root, "p5.48xlarge", "us-east-1a", -1),
        lambda root: control.set_capacity(root, "p5.48xlarge", "us-east-1a", 1, "reserved"),
        lambda root: control.set_quota(root, "us-east-1", "L-0", 1),
        lambda root: control.set_quota(root, "us-east-9", "L-417A185B", 1),
        lambda root: control.lose_zone(root, "us-east-9a"),
        lambda root: control.add_reservation(root, "cr-1", "p5.48xlarge", "us-east-1a", 1, "spot"),
    ],
)
def test_wrong_settings_are_refused_with_a_path(tmp_path, wrong):
    with pytest.raises(InvalidInputError, match=r"^(zone|nodes|capacity_type|code|region|kind): "):
        wrong(tmp_path)
