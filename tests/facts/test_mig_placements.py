"""Where MIG instances may lie: the table against what is known of profiles from other sources."""

from itertools import product

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerators
from gpucloud.facts.device_mig import mig_profile, mig_profiles
from gpucloud.facts.mig_placements import MigPlacement, mig_placements

WITH_PROFILES = [entry.name for entry in accelerators() if mig_profiles(entry.name)]
# Their profile IDs are in no source.
WITHOUT_PLACEMENTS = {"rtx-pro-4500-32gb", "rtx-pro-5000-48gb"}
KNOWN = [name for name in WITH_PROFILES if name not in WITHOUT_PLACEMENTS]


def fit(pieces: list[MigPlacement], taken: frozenset[int] = frozenset()) -> bool:
    if not pieces:
        return True
    return any(
        not (slices := frozenset(range(start, start + pieces[0].size))) & taken and fit(pieces[1:], taken | slices)
        for start in pieces[0].starts
    )


def test_every_gpu_with_known_profile_ids_has_placements() -> None:
    assert {name for name in WITH_PROFILES if not mig_placements(name)} == WITHOUT_PLACEMENTS
    for name in KNOWN:
        assert set(mig_placements(name)) == {profile.name for profile in mig_profiles(name)}


@pytest.mark.parametrize("name", KNOWN)
def test_as_many_instances_of_one_profile_fit_as_its_own_source_says(name: str) -> None:
    """The number of instances comes from NVIDIA's table of profiles, the placements from drivers."""
    most = max(profile.compute_slices for profile in mig_profiles(name))
    for profile in mig_profiles(name):
        place = mig_placements(name)[profile.name]
        found = max(count for count in range(most // profile.compute_slices + 1) if fit([place] * count))
        # Media engines are one set, and the slices of several compute units may be fewer than their memory.
        if "+me" in profile.name:
            assert profile.max_instances == 1 <= found
        else:
            assert found == profile.max_instances


@pytest.mark.parametrize("name", ["a100-sxm-40gb", "h100-sxm-80gb", "a30-24gb", "rtx-pro-6000-server-96gb"])
def test_what_fits_by_sums_fits_by_place_where_the_compute_slices_do_too(name: str) -> None:
    """So a GPU whose driver nobody has asked errs only where the sizes do, which the user guide's fractions give."""
    plain = [profile for profile in mig_profiles(name) if not set(profile.name) & set("+-")]
    places = mig_placements(name)
    room = max(start + place.size for place in places.values() for start in place.starts)
    most = max(profile.compute_slices for profile in plain)
    seen = set()
    for counts in product(*(range(profile.max_instances + 1) for profile in plain)):
        pieces = [places[profile.name] for profile, count in zip(plain, counts, strict=True) for _ in range(count)]
        slices = sum(profile.compute_slices * count for profile, count in zip(plain, counts, strict=True))
        if slices > most:
            continue
        by_sums = sum(piece.size for piece in pieces) <= room
        assert fit(sorted(pieces, key=lambda piece: -piece.size)) == by_sums
        seen.add(by_sums)
    assert True in seen


def test_who_said_it_is_known() -> None:
    assert mig_placements("h100-sxm-80gb")["3g.40gb"].seen
    assert mig_placements("h100-sxm-80gb")["3g.40gb"].starts == (0, 4)
    assert not mig_placements("b200-180gb")["3g.90gb"].seen
    assert mig_placements("t4-16gb") == {}
    # Another driver's name means the same slices.
    assert mig_placements("gb300-288gb")["1g.31gb"].size == mig_placements("gb300-288gb")["1g.35gb"].size
    assert mig_profile("gb300-288gb", "1g.31gb").name_of == "1g.35gb"
    with pytest.raises(UnknownNameError):
        mig_placements("h1000")
