"""What a person reads when a cloud has no capacity or no quota, and that nothing is leaked."""

import pytest

from gpucloud.sim import control
from tests.stacks.house import diagnostics

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-failures")]


def explained(shown):
    """Return the line of the library's own among the diagnostics; there must be exactly one."""
    lines = [line.strip() for line in diagnostics(shown).splitlines() if "t4: g4dn.xlarge" in line]
    assert len(lines) == 1, shown
    return lines[0]


def test_a_stock_out_names_what_where_and_what_next_and_the_next_up_finishes(house):
    control.set_capacity(house.local, "g4dn.xlarge", "us-west-2a", 0, "spot")
    shown = house.make("up", fails=True)
    assert explained(shown).removeprefix("error: ") == (
        "t4: g4dn.xlarge spot in us-west-2a failed with UnfulfillableCapacity; next in the failover order: "
        "spot in us-west-2b, then on-demand in us-west-2a, then on-demand in us-west-2b"
    )
    assert "Traceback" not in shown
    assert "stack dev is unfinished" in shown
    house.assert_nothing_lost_or_doubled()
    control.clear_faults(house.local)
    house.make("up")
    house.assert_nothing_lost_or_doubled()
    assert house.status().failed == []
    assert "no changes" in house.make("up")


def test_a_quota_is_named_as_one_and_no_other_zone_is_offered(house):
    control.set_quota(house.local, "us-west-2", "L-3819A6DF", 0)
    line = explained(house.make("up", fails=True))
    assert "spot in us-west-2a failed with MaxSpotInstanceCountExceeded" in line
    assert "other zones share the quota" in line
    assert "next in the failover order" not in line
    house.assert_nothing_lost_or_doubled()
    control.clear_faults(house.local)
    house.make("up")
    house.assert_nothing_lost_or_doubled()
    assert house.status().failed == []


def test_what_failed_can_be_removed_without_another_up(house):
    control.lose_zone(house.local, "us-west-2a")
    house.make("up", fails=True)
    house.make("down")
    assert house.status().resources == {}
