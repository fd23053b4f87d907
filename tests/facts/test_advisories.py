"""Advisories: which versions they are against."""

import csv
import datetime as dt
from pathlib import Path

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.advisories import advisories, advisories_against, floor_version, version_key
from gpucloud.facts.charts import chart

COMPONENTS = ("gpu-operator", "nvidia-container-toolkit")


@pytest.mark.parametrize("component", COMPONENTS)
def test_rows_have_sources_identifiers_and_an_order(component: str) -> None:
    found = advisories(component)
    assert [version_key(row.fixed_in) for row in found] == sorted({version_key(row.fixed_in) for row in found})
    for row in found:
        assert row.source
        assert row.consequence
        assert row.identifiers
        assert all(name.startswith("CVE-20") for name in row.identifiers)
        assert list(row.identifiers) == sorted(set(row.identifiers))
        assert not row.date or dt.date.fromisoformat(row.date)


def test_the_table_has_no_other_component() -> None:
    path = Path(__file__).parents[2] / "gpucloud" / "facts" / "data" / "advisories.csv"
    with path.open(encoding="utf-8", newline="") as file:
        assert {row["component"] for row in csv.DictReader(file)} == set(COMPONENTS)


@pytest.mark.parametrize(
    ("component", "version", "names"),
    [
        ("gpu-operator", "25.3.2", ()),
        ("gpu-operator", "v25.10.0", ()),
        ("gpu-operator", "25.3.1", ("CVE-2025-23266", "CVE-2025-23267")),
        ("gpu-operator", "v24.9.2", ("CVE-2025-23266", "CVE-2025-23267")),
        ("gpu-operator", "24.9.1", ("CVE-2025-23359", "CVE-2025-23266", "CVE-2025-23267")),
        ("nvidia-container-toolkit", "1.17.8", ()),
        ("nvidia-container-toolkit", "1.17.10", ()),
        ("nvidia-container-toolkit", "1.17.7", ("CVE-2025-23266", "CVE-2025-23267")),
    ],
)
def test_what_holds_against_a_version(component: str, version: str, names: tuple[str, ...]) -> None:
    found = advisories_against(component, version)
    assert tuple(name for row in found for name in row.identifiers) == names


def test_floors_and_our_own_pin() -> None:
    assert [floor_version(component) for component in COMPONENTS] == ["25.3.2", "1.17.8"]
    assert advisories_against("gpu-operator", chart("gpu-operator").version) == ()


def test_an_unknown_component_gets_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="gpu-operator"):
        advisories("gpu-operater")
