"""Subnets: never overlapping, inside the range, and where they were when a zone or a pool comes or goes."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as st

from gpucloud.facts.zones import regions, zones as zones_of
from gpucloud.plan.network import network_zones, plan_network
from gpucloud.spec import NetworkSpec
from tests.plan.pools import EAST, plan_of, pool

CIDRS = ("10.0.0.0/16", "10.64.128.0/17", "192.168.64.0/18")


def _ranges(plan):
    return [IPv4Network(cidr) for subnet in plan.subnets for cidr in (subnet.private_cidr, subnet.public_cidr)]


@pytest.mark.parametrize("cidr", CIDRS)
@pytest.mark.parametrize("region", regions("aws"))
def test_subnets_lie_apart_and_inside_the_range(region, cidr):
    plan = plan_network("aws", NetworkSpec(cidr=cidr), zones_of("aws", region))
    whole = IPv4Network(cidr)
    assert len(plan.subnets) == len(zones_of("aws", region))
    assert all(part.subnet_of(whole) for part in _ranges(plan))
    assert not any(one.overlaps(other) for one, other in combinations(_ranges(plan), 2))


@given(
    before=st.sets(st.sampled_from(EAST), min_size=1),
    more=st.sets(st.sampled_from(EAST)),
    cidr=st.sampled_from(CIDRS),
)
@settings(deadline=None)
def test_a_new_zone_moves_no_other_zones_subnets(before, more, cidr):
    network = NetworkSpec(cidr=cidr)
    old = plan_network("aws", network, tuple(sorted(before))).subnets
    new = plan_network("aws", network, tuple(sorted(before | more))).subnets
    assert set(old) <= set(new)


@given(before=st.sets(st.sampled_from(EAST), min_size=1), more=st.sets(st.sampled_from(EAST)))
@settings(deadline=None)
def test_a_new_pool_takes_no_zone_away(before, more):
    old = network_zones("aws", "us-east-1", NetworkSpec(), before)
    new = network_zones("aws", "us-east-1", NetworkSpec(), before | more)
    assert set(old) | more <= set(new)
    assert before <= set(old)
    assert len(old) >= 3


def test_written_zones_are_all_there_is():
    assert network_zones("aws", "us-east-1", NetworkSpec(zones=("us-east-1f", "us-east-1b")), ()) == (
        "us-east-1b",
        "us-east-1f",
    )


def test_one_nat_gateway_or_one_in_every_zone():
    zones = ("us-east-1a", "us-east-1b")
    assert plan_network("aws", NetworkSpec(nat="single"), zones).nat_zones == zones[:1]
    assert plan_network("aws", NetworkSpec(nat="per-zone"), zones).nat_zones == zones


def test_the_one_nat_gateway_stays_where_it_is_when_a_pool_comes():
    one = plan_of(pool(zones=EAST[2:3]), network=NetworkSpec(nat="single"))
    two = plan_of(pool(zones=EAST[2:3]), pool(name="b", zones=EAST[:1]), network=NetworkSpec(nat="single"))
    assert one.clusters[0].network.nat_zones == two.clusters[0].network.nat_zones


@pytest.mark.parametrize(
    "cidr", ["10.0.0.0/15", "10.0.0.0/19", "10.0.0.1/16", "10.0.0/16", "fd00::/16", "", "0.0.0.0/0"]
)
def test_ranges_that_cannot_be_cut_are_refused(cidr):
    with pytest.raises(ValueError, match="cidr"):
        NetworkSpec(cidr=cidr)
