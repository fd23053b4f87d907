"""Regions, zones and offerings."""

import re

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.zones import region, regions, zone_offers, zone_region, zones


@pytest.mark.parametrize("name", regions("aws"))
def test_zones_belong_to_their_region(name: str) -> None:
    entry = region("aws", name)
    assert entry.zones == tuple(sorted(set(entry.zones)))
    assert entry.zone_ids == tuple(sorted(set(entry.zone_ids)))
    assert 2 <= len(entry.zones) <= 6
    assert len(entry.zones) == len(entry.zone_ids)
    assert all(re.fullmatch(re.escape(name) + "[a-f]", zone) for zone in entry.zones)
    assert all(re.fullmatch(r"[a-z]+\d-az\d", zone_id) for zone_id in entry.zone_ids)
    assert entry.source


def test_regions_are_sorted() -> None:
    assert list(regions("aws")) == sorted(set(regions("aws")))
    assert {"us-east-1", "us-west-2", "eu-central-1", "ap-northeast-1", "us-gov-west-1"} <= set(regions("aws"))


def test_standard_zones_only() -> None:
    assert zones("aws", "us-east-1") == tuple(f"us-east-1{letter}" for letter in "abcdef")
    assert zones("aws", "us-west-2") == tuple(f"us-west-2{letter}" for letter in "abcd")


def test_a_zone_has_one_region() -> None:
    assert zone_region("aws", "us-east-1a") == zone_region("aws", "use1-az1") == "us-east-1"
    with pytest.raises(UnknownNameError) as caught:
        zone_region("aws", "us-east-1g")
    assert "us-east-1a" in caught.value.nearest
    with pytest.raises(UnknownNameError):
        zones("aws", "us-east-9")
    with pytest.raises(UnknownNameError):
        regions("nowhere")


def test_offers_by_zone_id() -> None:
    assert zone_offers("aws", "us-east-1", "use1-az1", "g5.xlarge") is True
    answers = {zone_offers("aws", "us-east-1", zone, "p5en.48xlarge") for zone in region("aws", "us-east-1").zone_ids}
    assert answers == {True, False}


def test_a_zone_letter_answers_only_where_all_zones_agree() -> None:
    assert zone_offers("aws", "us-east-1", "us-east-1a", "p5.48xlarge") is True
    assert zone_offers("aws", "us-east-1", "us-east-1a", "p5en.48xlarge") is None
    assert zone_offers("aws", "af-south-1", "af-south-1a", "p5.48xlarge") is False


def test_nobody_knows_without_a_listing() -> None:
    assert zone_offers("aws", "us-gov-west-1", "us-gov-west-1a", "p5.48xlarge") is None
    assert zone_offers("aws", "us-east-1", "us-east-1a", "p6e-gb200.36xlarge") is None
