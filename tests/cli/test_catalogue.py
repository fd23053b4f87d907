"""`gpucloud accelerators` and `machine-types`: filters, JSON, and tables that fit."""

import json

import pytest
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.facts.accelerators import accelerators
from gpucloud.facts.machine_types import machine_types
from tests.golden_files import SCENARIOS, scenarios


def _rows(*arguments: str):
    answer = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert answer.exit_code == 0
    return json.loads(answer.stdout)


def test_json_has_every_accelerator_with_its_source():
    rows = _rows("accelerators")
    assert [row["name"] for row in rows] == [entry.name for entry in accelerators()]
    assert all(row["source"] and row["memory_mib"] > 0 for row in rows)
    assert {type(row["mig_capable"]) for row in rows} == {bool}


@pytest.mark.parametrize("vendor", ["nvidia", "amd", "habana", "aws"])
def test_accelerators_by_vendor(vendor):
    rows = _rows("accelerators", "--vendor", vendor)
    assert [row["name"] for row in rows] == [entry.name for entry in accelerators() if entry.vendor == vendor]
    assert rows


def test_json_has_every_machine_type():
    assert [row["name"] for row in _rows("machine-types")] == [entry.name for entry in machine_types("aws")]


def test_filters_of_machine_types_are_joined_by_and():
    assert {row["name"] for row in _rows("machine-types", "--accelerator", "h100-sxm-80gb")} == {
        "p5.48xlarge",
        "p5.4xlarge",
    }
    assert [row["name"] for row in _rows("machine-types", "--accelerator", "h100-sxm-80gb", "--min-count", "2")] == [
        "p5.48xlarge"
    ]
    linked = _rows("machine-types", "--accelerator", "a10g-24gb", "--fabric", "--min-count", "4")
    assert [row["name"] for row in linked] == ["g5.12xlarge", "g5.24xlarge", "g5.48xlarge"]
    assert _rows("machine-types", "--min-count", "17") == []


def test_a_name_is_compared_whole():
    """An A10G is no A10, and no machine type of AWS has an A10."""
    assert _rows("machine-types", "--accelerator", "a10-24gb") == []


COMMANDS = [
    ("accelerators",),
    ("machine-types",),
    ("machine-types", "--fabric"),
    *(("plan", str(SCENARIOS / scenario / "spec.yaml")) for scenario in scenarios()),
]


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda arguments: "-".join(part.split("/")[-2:][0] for part in arguments)
)
def test_tables_fit_into_100_columns_and_lose_nothing(arguments):
    answer = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})
    assert answer.exit_code == 0
    lines = answer.stdout.splitlines()
    assert max(len(line) for line in lines) <= 100
    assert "…" not in answer.stdout


def test_every_name_stands_whole_in_its_table():
    for arguments, names in (
        (("accelerators",), [entry.name for entry in accelerators()]),
        (("machine-types",), [entry.name for entry in machine_types("aws")]),
    ):
        answer = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})
        first = {line.split()[0] for line in answer.stdout.splitlines() if line.strip()}
        assert set(names) <= first


def test_help_names_every_command():
    answer = CliRunner().invoke(app, ["--help"])
    for command in ("accelerators", "machine-types", "schema", "plan", "pools", "sim"):
        assert command in answer.stdout
