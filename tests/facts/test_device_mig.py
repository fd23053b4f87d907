"""MIG profiles: names, IDs, slices and what mig-parted can make; traps M1 to M3."""

import re
from itertools import groupby

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator, accelerators
from gpucloud.facts.device_mig import MigProfile, accelerators_for_mig_resource, mig_profile, mig_profiles

PROFILES = [profile for entry in accelerators() for profile in mig_profiles(entry.name)]
NAME = re.compile(r"(?P<slices>\d+)g\.(?P<memory>\d+)gb(?P<engines>\+me|\+me\.all|-me|\+gfx)?")
# No source names their profiles, although the GPUs have MIG.
WITHOUT_PROFILES = {"h20-141gb", "rtx-pro-5000-72gb"}


@pytest.mark.parametrize("row", PROFILES, ids=lambda row: f"{row.accelerator}-{row.name}")
def test_row_is_plausible(row: MigProfile) -> None:
    named = NAME.fullmatch(row.name)
    assert named is not None
    assert (row.compute_slices, row.memory_gb) == (int(named["slices"]), int(named["memory"]))
    assert row.resource_name == f"nvidia.com/mig-{row.name.replace('+', '.')}"
    assert accelerator(row.accelerator).mig_capable
    assert 1 <= row.max_instances <= 7
    # Profile names round up: 2 GiB over the product's memory at most, for a GPU cut into nothing.
    assert row.memory_gb * row.max_instances <= accelerator(row.accelerator).memory_mib / 1024 * 1.1
    assert row.source
    assert row.origins >= 1


def test_names_are_unique_and_every_mig_gpu_has_some() -> None:
    for entry in accelerators():
        names = [profile.name for profile in mig_profiles(entry.name)]
        assert len(names) == len(set(names))
        assert bool(names) == (entry.mig_capable and entry.name not in WITHOUT_PROFILES)


@pytest.mark.parametrize(
    ("name", "profiles"),
    [
        ("a100-sxm-40gb", {"1g.5gb": (19, 7), "1g.10gb": (15, 4), "3g.20gb": (9, 2), "7g.40gb": (0, 1)}),
        ("h100-sxm-80gb", {"1g.10gb": (19, 7), "1g.10gb+me": (20, 1), "1g.20gb": (15, 4), "2g.20gb": (14, 3)}),
        ("h200-sxm-141gb", {"1g.18gb": (19, 7), "4g.71gb": (5, 1), "7g.141gb": (0, 1)}),
        ("a30-24gb", {"1g.6gb": (14, 4), "2g.12gb": (5, 2), "4g.24gb": (0, 1)}),
        ("rtx-pro-6000-server-96gb", {"1g.24gb": (14, 4), "1g.24gb-me": (67, 4), "4g.96gb+gfx": (32, 1)}),
        ("rtx-pro-5000-48gb", {"1g.24gb": (None, 2), "2g.48gb": (None, 1)}),
    ],
)
def test_ids_and_instances(name: str, profiles: dict[str, tuple[int | None, int]]) -> None:
    for profile, (profile_id, instances) in profiles.items():
        row = mig_profile(name, profile)
        assert (row.profile_id, row.max_instances) == (profile_id, instances)


def test_an_id_means_one_profile_whatever_the_driver_calls_it() -> None:
    """GB300 is 1g.35gb or 1g.31gb, GB200 is 7g.186gb or 7g.189gb: the ID stays."""
    for entry in accelerators():
        usual = {row.name: row for row in mig_profiles(entry.name) if row.name_of is None}
        ids = [row.profile_id for row in usual.values() if row.profile_id is not None]
        assert len(ids) == len(set(ids))
        for row in mig_profiles(entry.name):
            if row.name_of is not None:
                assert usual[row.name_of].profile_id == row.profile_id
                assert usual[row.name_of].compute_slices == row.compute_slices
    assert mig_profile("gb300-288gb", "1g.31gb").name_of == "1g.35gb"
    assert mig_profile("gb200-186gb", "7g.189gb").name_of == "7g.186gb"


@pytest.mark.parametrize("name", ["h100-sxm-80gb", "b200-180gb", "gb300-288gb", "h20-96gb", "gh200-144gb"])
def test_seven_slices_have_the_same_seven_ids(name: str) -> None:
    assert sorted(row.profile_id for row in mig_profiles(name) if row.name_of is None) == [0, 5, 9, 14, 15, 19, 20]


@pytest.mark.parametrize(
    ("name", "profile"), [("h200-nvl-141gb", "1g.35gb"), ("a800-sxm-40gb", "1g.10gb"), ("rtx-pro-4500-32gb", "2g.32gb")]
)
def test_what_the_filters_of_mig_parted_miss_has_no_configuration(name: str, profile: str) -> None:
    row = mig_profile(name, profile)
    assert row.mig_parted_config is None
    assert "mig-parted" in row.note


def test_a_configuration_of_mig_parted_is_called_after_its_profile() -> None:
    for row in PROFILES:
        if row.mig_parted_config is not None:
            assert row.mig_parted_config == f"all-{row.name.replace('+', '.')}"


def test_the_same_resource_means_different_gpus() -> None:
    found = accelerators_for_mig_resource("nvidia.com/mig-1g.10gb")
    assert {"a100-sxm-40gb", "h100-sxm-80gb"} <= set(found)
    assert list(found) == sorted(found)
    assert accelerators_for_mig_resource("nvidia.com/mig-1g.1gb") == ()


def test_an_unknown_profile_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError) as caught:
        mig_profile("h100-sxm-80gb", "1g.11gb")
    assert "1g.10gb" in caught.value.nearest
    with pytest.raises(UnknownNameError, match="MIG profile"):
        mig_profile("t4-16gb", "1g.10gb")


def test_profiles_stand_together() -> None:
    assert [name for name, _ in groupby(row.accelerator for row in PROFILES)] == sorted(
        {row.accelerator for row in PROFILES}
    )
