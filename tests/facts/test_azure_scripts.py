"""The scripts that make Azure's tables: the same bytes again, and a refusal where the sources do not add up."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NC6S = {
    "name": "Standard_NC6s_v4",
    "family": "f",
    "vcpus": "6",
    "memory_mib": "1",
    "gpus": "1",
    "architecture": "amd64",
}


@pytest.fixture
def machine_types(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module("make_azure_machine_types")


@pytest.mark.parametrize("script", ["make_azure_machine_types.py", "make_azure_zones.py"])
def test_tables_are_what_the_script_makes(script: str) -> None:
    done = subprocess.run(
        [sys.executable, f"tools/{script}", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_size_of_the_api_that_no_table_accounts_for_is_refused(
    machine_types: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = machine_types.read
    monkeypatch.setattr(
        machine_types, "read", lambda name: [*read(name), NC6S] if name == "azure_resource_skus.csv" else read(name)
    )
    with pytest.raises(SystemExit, match="Standard_NC6s_v4"):
        machine_types.tables()


def test_vcpus_that_differ_from_the_api_are_refused(machine_types: ModuleType) -> None:
    skus = {row["name"]: dict(row) for row in machine_types.read("azure_resource_skus.csv")}
    skus["Standard_ND96isr_H100_v5"]["vcpus"] = "48"
    with pytest.raises(SystemExit, match="Standard_ND96isr_H100_v5"):
        machine_types.accelerated(skus)


def test_memory_that_differs_from_the_api_is_noted_and_the_apis_is_taken(machine_types: ModuleType) -> None:
    skus = {row["name"]: dict(row) for row in machine_types.read("azure_resource_skus.csv")}
    rows = {row["name"]: row for row in machine_types.accelerated(skus)}
    row = rows["Standard_ND96amsr_A100_v4"]
    assert row["memory_mib"] == skus["Standard_ND96amsr_A100_v4"]["memory_mib"] == "1843200"
    assert "the page says 1900 GiB" in row["note"]
    assert "memory by the API" not in rows["Standard_ND96isr_H100_v5"]["note"]
