"""Where nodes go, whatever the pool: nothing lost, nothing above what a reservation holds, capacity before zones."""

from dataclasses import replace

from hypothesis import assume, given, settings, strategies as st

from gpucloud.facts.machine_types import machine_type
from gpucloud.facts.zones import zones as zones_of
from gpucloud.plan import Offering
from gpucloud.plan.allocation import place_nodes
from gpucloud.plan.node_pool import plan_node_pool
from gpucloud.plan.place import Place
from gpucloud.plan.rules.capacity import (
    capacity_entries_differ,
    even_spread_finds_room_in_every_zone,
    even_spread_has_a_node_for_every_zone,
    nodes_have_somewhere_to_go,
)
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec import CapacityBlock, NodePoolSpec, OnDemand, Reserved, SizeSpec, Spot
from tests.plan.pools import EAST, pool, pool_plan

P5 = "p5.48xlarge"
RULES = (
    capacity_entries_differ,
    even_spread_finds_room_in_every_zone,
    even_spread_has_a_node_for_every_zone,
    nodes_have_somewhere_to_go,
)


@st.composite
def pools(draw: st.DrawFn) -> NodePoolSpec:
    zones = draw(st.lists(st.sampled_from(EAST), min_size=1, max_size=5, unique=True))
    counts = st.none() | st.integers(1, 12)
    reserved = [
        kind(reservation_id=f"cr-{index}", zone=draw(st.sampled_from(zones)), count=draw(counts))
        for index, kind in enumerate(draw(st.lists(st.sampled_from((Reserved, CapacityBlock)), max_size=4)))
    ]
    rest = draw(st.sets(st.sampled_from((OnDemand(), Spot()))))
    capacity = draw(st.permutations([*reserved, *sorted(rest, key=lambda entry: entry.type)]))
    assume(capacity)
    least, wanted, most = sorted(draw(st.tuples(*[st.integers(0, 30)] * 3)))
    return pool(
        zones=zones,
        capacity=capacity,
        size=SizeSpec(min=least, desired=wanted, max=max(most, 1)),
        spread=draw(st.sampled_from(("ordered", "even"))),
    )


@st.composite
def stocks(draw: st.DrawFn) -> frozenset[Offering]:
    kinds = ("reserved", "capacity-block", "on-demand", "spot")
    return draw(
        st.frozensets(st.builds(Offering, st.just(P5), st.sampled_from(EAST), st.sampled_from(kinds)), max_size=8)
    )


def _is_accepted(spec: NodePoolSpec, unavailable: frozenset[Offering]) -> bool:
    context = PoolContext(
        "", Place("aws", "us-east-1", "p"), zones_of("aws", "us-east-1"), spec, machine_type("aws", P5), unavailable
    )
    return not any(problem for rule in RULES for problem in rule(context))


def _offerings(spec, unavailable=frozenset()):
    return [entry for shard in place_nodes(spec, unavailable, P5, stays_close=False) for entry in shard.offerings]


@given(pools(), stocks())
@settings(max_examples=120, deadline=None)
def test_what_is_wanted_is_placed_and_no_more(spec, unavailable):
    assume(_is_accepted(spec, unavailable))
    found = _offerings(spec, unavailable)
    assert sum(entry.size.desired for entry in found) == spec.size.desired
    assert sum(entry.size.min for entry in found) == spec.size.min
    for entry in found:
        assert 0 <= entry.size.min <= entry.size.desired <= entry.size.max
        assert 1 <= entry.size.max <= spec.size.max


@given(pools(), stocks())
@settings(max_examples=120, deadline=None)
def test_nothing_is_above_what_a_reservation_holds(spec, unavailable):
    assume(_is_accepted(spec, unavailable))
    held = {entry.reservation_id: entry.count for entry in spec.capacity if isinstance(entry, Reserved | CapacityBlock)}
    for entry in _offerings(spec, unavailable):
        if entry.reservation_id and held[entry.reservation_id]:
            assert entry.size.max <= held[entry.reservation_id]


@given(pools(), stocks())
@settings(max_examples=120, deadline=None)
def test_what_is_out_of_stock_gets_nothing_and_loses_nothing(spec, unavailable):
    assume(_is_accepted(spec, unavailable))
    before = {entry.name: entry for entry in _offerings(spec)}
    after = _offerings(spec, unavailable)
    assert [entry.name for entry in after] == list(before)
    for entry in after:
        assert replace(entry, size=before[entry.name].size) == before[entry.name]
        if Offering(P5, entry.zone, entry.capacity_type) in unavailable:
            assert (entry.size.min, entry.size.desired) == (0, 0)
            assert entry.size.max == before[entry.name].size.max


@given(pools())
@settings(max_examples=120, deadline=None)
def test_an_even_spread_differs_by_one_and_keeps_the_maximum(spec):
    assume(_is_accepted(spec, frozenset()))
    assume(spec.spread == "even")
    shards = [shard for shard in place_nodes(spec, frozenset(), P5, stays_close=False) if shard.offerings]
    for field in ("min", "desired"):
        totals = [sum(getattr(entry.size, field) for entry in shard.offerings) for shard in shards]
        assert max(totals) - min(totals) <= 1
        assert totals == sorted(totals, reverse=True)
    for kind in ("on-demand", "spot"):
        most = [entry.size.max for shard in shards for entry in shard.offerings if entry.capacity_type == kind]
        assert not most or sum(most) == spec.size.max


@given(pools())
@settings(max_examples=120, deadline=None)
def test_the_order_is_capacity_before_zones(spec):
    found = sorted(_offerings(spec), key=lambda entry: entry.order)
    assert [entry.order for entry in found] == list(range(len(found)))
    written = [getattr(entry, "reservation_id", entry.type) for entry in spec.capacity]
    places = [
        (written.index(entry.reservation_id or entry.capacity_type), spec.zones.index(entry.zone)) for entry in found
    ]
    assert places == sorted(places)


@given(pools())
@settings(max_examples=120, deadline=None)
def test_an_ordered_pool_fills_what_comes_first(spec):
    assume(_is_accepted(spec, frozenset()))
    assume(spec.spread == "ordered")
    found = sorted(_offerings(spec), key=lambda entry: entry.order)
    last = max((entry.order for entry in found if entry.size.desired), default=0)
    for entry in found[:last]:
        assert entry.size.desired == entry.size.max


@given(pools())
@settings(max_examples=120, deadline=None)
def test_names_of_offerings_differ_and_shards_are_the_zones(spec):
    assume(_is_accepted(spec, frozenset()))
    found = _offerings(spec)
    assert len({entry.name for entry in found}) == len(found)
    shards = place_nodes(spec, frozenset(), P5, stays_close=False)
    assert [shard.zone for shard in shards] == list(spec.zones)
    assert all(entry.zone == shard.zone for shard in shards for entry in shard.offerings)


def test_a_reservation_without_a_zone_stands_in_the_only_zone():
    plan = plan_node_pool(
        Place("aws", "us-east-1", "p"), pool(zones=EAST[2:3], capacity=[{"type": "reserved", "reservation_id": "cr-1"}])
    )
    assert [entry.zone for entry in plan.offerings] == ["us-east-1c"]


def test_a_fabric_asks_for_close_placement_except_of_a_reservation():
    capacity = ({"type": "reserved", "reservation_id": "cr-1", "zone": EAST[0]}, "on-demand")
    for placement, fabric, wanted in (
        (None, "efa", True),
        (None, "none", False),
        ("none", "efa", False),
        ("cluster", "none", True),
    ):
        plan = pool_plan(capacity=capacity, fabric=fabric, placement=placement)
        assert {entry.close_placement for entry in plan.offerings if entry.reservation_id is None} == {wanted}
        assert not any(entry.close_placement for entry in plan.offerings if entry.reservation_id)
