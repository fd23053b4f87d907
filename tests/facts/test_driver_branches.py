"""Which branches of the driver know an accelerator."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator, accelerators
from gpucloud.facts.driver_branches import driver_branches, unknown_to


def test_rows_are_about_accelerators_that_need_the_open_modules() -> None:
    found = [row for entry in accelerators() for row in driver_branches(entry.name)]
    assert len(found) > 40
    for row in found:
        assert accelerator(row.accelerator).open_kernel_module == "required"
        assert row.first_version.startswith(f"{row.branch}.")
        assert not row.floor or row.floor.startswith(f"{row.branch}.")
        assert row.source


@pytest.mark.parametrize(
    ("name", "version", "unknown"),
    [
        ("b200-180gb", "550.144.03", True),
        ("b200-180gb", "570.86.15", True),
        ("b200-180gb", "570.133.20", False),
        ("b200-180gb", "565.57.01", True),
        ("b200-180gb", "999.1", False),
        ("b300-288gb", "570.172.08", True),
        ("b300-288gb", "575.57.08", True),
        ("b300-288gb", "580.95.05", False),
        ("b300-288gb", "580.95.05-custom", False),
        ("gh200-96gb", "525.60.13", True),
        ("gh200-96gb", "535.183.01", False),
        ("h100-sxm-80gb", "470.57.02", False),
        ("t4-16gb", "450.51.06", False),
    ],
)
def test_what_a_driver_does_not_know(name: str, version: str, unknown: bool) -> None:
    assert unknown_to(name, version) is unknown


def test_an_unknown_accelerator_gets_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="b200"):
        driver_branches("b200-181gb")
