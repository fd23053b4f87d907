"""Equivalents of machine types on other clouds: what counts, what differs, and what is merely near."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_equivalents import differences, equivalents, is_equivalent
from gpucloud.facts.machine_types import clouds, machine_type, machine_types

EVERY = [entry for cloud in clouds() for entry in machine_types(cloud)]


def found(cloud: str, name: str, other: str) -> dict[str, str]:
    return {row.machine.name: row.match for row in equivalents(machine_type(cloud, name), other)}


@pytest.mark.parametrize(
    ("cloud", "name", "other", "expected"),
    [
        ("aws", "p5.48xlarge", "azure", "Standard_ND96isr_H100_v5"),
        ("aws", "p5.48xlarge", "gcp", "a3-megagpu-8g"),
        ("aws", "p5en.48xlarge", "gcp", "a3-ultragpu-8g"),
        ("aws", "p6-b200.48xlarge", "gcp", "a4-highgpu-8g"),
        ("aws", "p4de.24xlarge", "azure", "Standard_ND96amsr_A100_v4"),
        ("gcp", "a4x-highgpu-4g", "aws", "p6e-gb200.36xlarge"),
        ("gcp", "a4x-highgpu-4g", "azure", "Standard_ND128isr_NDR_GB200_v6"),
        ("azure", "Standard_ND96isr_H200_v5", "aws", "p5en.48xlarge"),
        ("gcp", "g2-standard-4", "aws", "g6.xlarge"),
    ],
)
def test_an_equivalent_is_found(cloud: str, name: str, other: str, expected: str) -> None:
    assert found(cloud, name, other)[expected] == "equivalent"


def test_a_machine_without_the_network_is_no_equivalent_of_one_with_it() -> None:
    """Z4: the r in the name is RDMA."""
    assert "Standard_ND96is_H100_v5" not in found("aws", "p5.48xlarge", "azure")
    assert not is_equivalent(machine_type("aws", "p5.48xlarge"), machine_type("azure", "Standard_ND96is_H100_v5"))


def test_the_94_gb_card_is_no_equivalent_of_the_80_gb_one() -> None:
    """Z1."""
    rows = equivalents(machine_type("gcp", "a3-highgpu-1g"), "azure")
    assert {row.match for row in rows} == {"nearest"}
    assert rows[0].machine.accelerator == "h100-nvl-94gb"
    assert str(rows[0].differences[0]) == "accelerator: h100-sxm-80gb -> h100-nvl-94gb"


@pytest.mark.parametrize(
    ("cloud", "name", "other", "nearest"),
    [
        ("azure", "Standard_NV36ads_A10_v5", "aws", "a10g-24gb"),
        ("azure", "Standard_NV36ads_A10_v5", "gcp", "l4-24gb"),
        ("aws", "p6-b200.48xlarge", "azure", "gb200-186gb"),
        ("aws", "p6-b300.48xlarge", "gcp", "gb300-288gb"),
        ("azure", "Standard_ND96isr_MI300X_v5", "gcp", "b200-180gb"),
    ],
)
def test_the_nearest_has_the_most_similar_accelerator(cloud: str, name: str, other: str, nearest: str) -> None:
    rows = equivalents(machine_type(cloud, name), other)
    assert len(rows) == 3
    assert {row.match for row in rows} == {"nearest"}
    assert rows[0].machine.accelerator == nearest


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.name)
def test_every_machine_type_has_an_answer_on_every_cloud(entry) -> None:
    for cloud in clouds():
        rows = equivalents(entry, cloud)
        assert rows
        assert entry not in {row.machine for row in rows}
        for row in rows:
            assert row.machine.cloud == cloud
            assert (row.match == "equivalent") == is_equivalent(entry, row.machine)
            what = {difference.what for difference in row.differences}
            assert ("accelerator" in what) == (entry.accelerator != row.machine.accelerator)
            assert all(difference.wanted != difference.given for difference in row.differences)
            if row.match == "equivalent":
                assert not what & {"accelerator", "accelerators"}


def test_equivalence_holds_both_ways() -> None:
    for entry in EVERY:
        if entry.cloud == "aws":
            for row in equivalents(entry, "azure"):
                assert is_equivalent(row.machine, entry) == is_equivalent(entry, row.machine)


def test_a_slice_is_compared_as_a_fraction() -> None:
    half = machine_type("azure", "Standard_NV18ads_A10_v5")
    whole = machine_type("azure", "Standard_NV36ads_A10_v5")
    assert half.accelerator == whole.accelerator
    assert not is_equivalent(half, whole)
    assert ("accelerators", "1/2", "1") in {(row.what, row.wanted, row.given) for row in differences(half, whole)}


def test_nothing_differs_from_itself() -> None:
    entry = machine_type("aws", "p5.48xlarge")
    assert differences(entry, entry) == ()
    assert is_equivalent(entry, entry)


def test_the_number_of_nearest_can_be_chosen_and_equivalents_are_never_cut_off() -> None:
    entry = machine_type("azure", "Standard_ND96isr_MI300X_v5")
    assert [len(equivalents(entry, "gcp", number)) for number in (1, 5)] == [1, 5]
    assert len(equivalents(machine_type("aws", "p5.48xlarge"), "gcp", 1)) > 1


def test_vendors_of_the_nearest_are_the_same_where_the_cloud_has_one() -> None:
    rows = equivalents(machine_type("aws", "g6e.xlarge"), "azure")
    assert {accelerator(row.machine.accelerator).vendor for row in rows} == {"nvidia"}


def test_an_unknown_cloud_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="cloud"):
        equivalents(machine_type("aws", "p5.48xlarge"), "alibaba")
