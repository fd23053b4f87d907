"""`gpucloud accelerators` and `machine-types`: filters, JSON, and tables that fit."""

import json
import re
from collections import Counter

import pytest
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.facts.accelerators import accelerators
from gpucloud.facts.device_identity import cloud_devices
from gpucloud.facts.machine_types import clouds, machine_types
from tests.golden_files import SCENARIOS, scenarios

ALL = [entry for cloud in clouds() for entry in machine_types(cloud)]


def _rows(*arguments: str):
    answer = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert answer.exit_code == 0
    return json.loads(answer.stdout)


def _table(*arguments: str) -> str:
    answer = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})
    assert answer.exit_code == 0
    return answer.stdout


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


@pytest.mark.parametrize("cloud", clouds())
def test_accelerators_by_cloud(cloud):
    rows = _rows("accelerators", "--cloud", cloud)
    assert {row["name"] for row in rows} == {row.accelerator for row in cloud_devices() if row.cloud == cloud}


def test_json_has_every_machine_type_of_every_cloud():
    rows = _rows("machine-types")
    assert [(row["cloud"], row["name"]) for row in rows] == [(entry.cloud, entry.name) for entry in ALL]
    assert {row["cloud"] for row in rows} == {"aws", "azure", "gcp"}
    keys = {frozenset(row) for row in rows}
    assert len(keys) == 1
    assert {"fabric", "fabric_nics", "fabric_gbps", "vendor"} <= set(*keys)


@pytest.mark.parametrize("cloud", clouds())
def test_machine_types_of_one_cloud(cloud):
    assert [row["name"] for row in _rows("machine-types", "--cloud", cloud)] == [
        entry.name for entry in machine_types(cloud)
    ]


def test_filters_of_machine_types_are_joined_by_and():
    on_aws = ("machine-types", "--cloud", "aws", "--accelerator", "h100-sxm-80gb")
    assert {row["name"] for row in _rows(*on_aws)} == {"p5.48xlarge", "p5.4xlarge"}
    assert [row["name"] for row in _rows(*on_aws, "--min-count", "2")] == ["p5.48xlarge"]
    linked = _rows("machine-types", "--accelerator", "a10g-24gb", "--fabric", "--min-count", "4")
    assert [row["name"] for row in linked] == ["g5.12xlarge", "g5.24xlarge", "g5.48xlarge"]
    everywhere = _rows("machine-types", "--accelerator", "h100-sxm-80gb", "--fabric", "--min-count", "8")
    assert {row["cloud"] for row in everywhere} == {"aws", "azure", "gcp"}
    assert {row["fabric"] for row in everywhere} >= {"efa", "infiniband", "tcpx", "tcpxo"}
    assert _rows("machine-types", "--min-count", "17") == []
    assert "no machine type" in _table("machine-types", "--min-count", "17")


def test_a_name_is_compared_whole():
    """An A10G is no A10, and no machine type of AWS has an A10."""
    assert _rows("machine-types", "--cloud", "aws", "--accelerator", "a10-24gb") == []


COMMANDS = [
    ("accelerators",),
    ("accelerators", "--cloud", "azure"),
    ("accelerators", "h100-sxm-80gb", "--cloud", "gcp"),
    ("accelerators", "rtx-pro-6000-server-96gb"),
    ("accelerators", "--pci", "10de:25b6"),
    ("accelerators", "--label", "kubernetes.azure.com/accelerator=nvidia"),
    ("machine-types",),
    ("machine-types", "--fabric"),
    ("machine-types", "--like", "p5.48xlarge"),
    ("machine-types", "--like", "Standard_NC128lds_xl_RTXPRO6000BSE_v6"),
    *(("plan", str(SCENARIOS / scenario / "spec.yaml")) for scenario in scenarios()),
]


@pytest.mark.parametrize(
    "arguments", COMMANDS, ids=lambda arguments: "-".join(part.split("/")[-2:][0] for part in arguments)
)
def test_tables_fit_into_100_columns_and_lose_nothing(arguments):
    text = _table(*arguments)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "…" not in text


def test_every_name_stands_whole_in_its_table():
    for arguments, names in (
        (("accelerators",), [entry.name for entry in accelerators()]),
        (("machine-types",), [entry.name for entry in ALL]),
    ):
        first = {line.split()[0] for line in _table(*arguments).splitlines() if line.strip()}
        assert set(names) <= first


def test_no_cell_of_the_dense_table_is_cut_off():
    words = Counter(re.findall(r"\S+", _table("machine-types")))
    for short, kind in {"od": "on-demand", "spot": "spot", "res": "reserved", "dws": "queued"}.items():
        assert words[short] == sum(kind in entry.capacity_types for entry in ALL)
    for fabric in ("efa", "infiniband", "tcpx", "tcpxo", "roce"):
        assert words[fabric] == sum(entry.fabric == fabric for entry in ALL)
    assert words["l40s-48gb"] == sum(entry.accelerator == "l40s-48gb" for entry in ALL)
    assert words["server-96gb"] == sum(entry.accelerator == "rtx-pro-6000-server-96gb" for entry in ALL)


def test_help_names_every_command():
    answer = CliRunner().invoke(app, ["--help"])
    for command in ("accelerators", "machine-types", "schema", "plan", "pools", "sim"):
        assert command in answer.stdout
