"""One stack on three clouds: built by one `up`; a cloud without capacity leaves the others built."""

from collections import Counter
from dataclasses import dataclass

import pytest

from gpucloud.sim import control
from tests.stacks.house import diagnostics

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-multicloud")]


@dataclass(frozen=True)
class StockOut:
    """What is out of stock where, and what a person then reads."""

    machine_type: str
    zone: str
    code: str
    nexts: str


CASES = {
    "azure": StockOut(
        "Standard_ND96isr_H100_v5",
        "eastus-1",
        "1 failed with ZonalAllocationFailed",
        "on-demand in regional, then spot in 1, then spot in regional",
    ),
    "gcp": StockOut(
        "a3-megagpu-8g",
        "us-central1-a",
        "us-central1-a failed with GCE_STOCKOUT",
        "on-demand in us-central1-c, then spot in us-central1-a, then spot in us-central1-c",
    ),
}
PACKAGES = {"aws": "aws", "azure-native": "azure", "gcp": "gcp"}


def by_cluster(house):
    """Return how many resources each cluster has, those of its own API among them."""
    found = Counter()
    for entry in house.exported():
        package = entry["type"].partition(":")[0]
        if package in PACKAGES:
            found[PACKAGES[package]] += 1
        elif package == "kubernetes":
            found[entry["urn"].rpartition("::")[2].split("-")[1]] += 1
    return found


@pytest.mark.parametrize("cluster", CASES)
def test_a_stock_out_on_one_cloud_leaves_the_others_built_and_the_next_up_finishes(house, cluster):
    case = CASES[cluster]
    house.select("multicloud")
    control.set_capacity(house.local, case.machine_type, case.zone, 0, "on-demand")
    shown = house.make("up", fails=True)
    line = f"h100: {case.machine_type} on-demand in {case.code}; next in the failover order: {case.nexts}"
    assert f"error: {line}" in [entry.strip() for entry in diagnostics(shown).splitlines()]
    assert "Traceback" not in shown
    assert "`make up STACK=multicloud` goes on from here" in shown
    partly = by_cluster(house)
    assert len(house.status().failed) == 1
    control.clear_faults(house.local)
    house.make("up")
    whole = by_cluster(house)
    assert {name for name in whole if partly[name] != whole[name]} == {cluster}
    assert house.status().failed == []
    house.assert_nothing_lost_or_doubled()
    assert "no changes" in house.make("up")
    house.make("down")
    assert house.status().resources == {}
