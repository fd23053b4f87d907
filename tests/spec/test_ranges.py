"""Ranges of addresses: a network's own are private and apart from services, those that reach the API are public."""

import pydantic
import pytest

from gpucloud.spec import AccessSpec, NetworkSpec


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/16", "172.16.0.0/16", "172.19.0.0/16", "172.21.0.0/18", "192.168.0.0/16", "100.64.0.0/16"]
)
def test_private_ranges_are_taken(cidr):
    assert NetworkSpec(cidr=cidr).cidr == cidr


@pytest.mark.parametrize(
    ("cidr", "says"),
    [
        ("11.0.0.0/16", "is not private"),
        ("172.32.0.0/16", "is not private"),
        ("192.169.0.0/16", "is not private"),
        ("100.128.0.0/16", "is not private"),
        ("127.0.0.0/16", "is not private"),
        ("172.20.0.0/16", "overlaps 172.20.0.0/16"),
        ("172.20.64.0/18", "overlaps 172.20.0.0/16"),
    ],
)
def test_ranges_that_are_somebody_elses_are_refused(cidr, says):
    with pytest.raises(pydantic.ValidationError, match=says):
        NetworkSpec(cidr=cidr)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "203.0.113.0/24", "8.8.8.8/32", "172.32.0.0/16", "192.0.0.0/8"])
def test_ranges_of_the_internet_reach_the_api(cidr):
    assert AccessSpec(public_from=(cidr,)).public_from == (cidr,)


@pytest.mark.parametrize(
    ("cidr", "says"),
    [
        ("10.0.0.0/8", "is not routed"),
        ("172.31.0.0/16", "is not routed"),
        ("192.168.1.7/32", "is not routed"),
        ("100.64.0.0/10", "is not routed"),
        ("127.0.0.1/32", "is not routed"),
        ("169.254.0.0/16", "is not routed"),
        ("203.0.113.7/24", "has host bits set"),
        ("203.0.113.0/33", "the cloud would refuse the range"),
        ("2001:db8::/32", "the cloud would refuse the range"),
        ("everyone", "the cloud would refuse the range"),
    ],
)
def test_ranges_that_cannot_reach_the_api_are_refused(cidr, says):
    with pytest.raises(pydantic.ValidationError, match=says) as raised:
        AccessSpec(public_from=("203.0.113.0/24", cidr))
    assert [detail["loc"] for detail in raised.value.errors()] == [("public_from", 1)]
