"""The root volume: everything that gp3 has may be asked for, and nothing that it has not."""

import pydantic
import pytest

from gpucloud.spec import RootDiskSpec


def test_the_defaults_suit_large_images():
    disk = RootDiskSpec()
    assert (disk.size_gib, disk.throughput_mib_s, disk.iops) == (200, 600, 4_000)


@pytest.mark.parametrize(
    "disk",
    [
        {"size_gib": 20, "throughput_mib_s": 125, "iops": 3_000},
        {"size_gib": 20, "iops": 10_000},
        {"throughput_mib_s": 750, "iops": 3_000},
        {"throughput_mib_s": 1_000},
        {"size_gib": 32, "throughput_mib_s": 1_000, "iops": 16_000},
    ],
)
def test_disks_that_ebs_has_are_taken(disk):
    assert RootDiskSpec(**disk).model_dump(exclude_unset=True) == disk


@pytest.mark.parametrize(
    ("disk", "says", "fix"),
    [
        ({"throughput_mib_s": 751, "iops": 3_000}, "3000 IOPS carry 750 MiB/s", "set `iops` to 3004 or more"),
        ({"throughput_mib_s": 1_000, "iops": 3_999}, "3999 IOPS carry 999 MiB/s", "set `iops` to 4000 or more"),
        ({"size_gib": 20, "iops": 10_001}, "20 GiB carry 10000 IOPS", "set `size_gib` to 21 or more"),
    ],
)
def test_performance_that_nothing_carries_is_refused(disk, says, fix):
    with pytest.raises(pydantic.ValidationError, match=says) as raised:
        RootDiskSpec(**disk)
    (detail,) = raised.value.errors()
    assert fix in detail["ctx"]["fix"]


@pytest.mark.parametrize("disk", [{"size_gib": 19}, {"throughput_mib_s": 124}, {"iops": 2_999}, {"iops": 16_001}])
def test_disks_out_of_range_are_refused(disk):
    with pytest.raises(pydantic.ValidationError):
        RootDiskSpec(**disk)
