"""`gpucloud stack`."""

import json

import pytest
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.facts.charts import charts

RUN = CliRunner()


def test_lock_lists_every_chart_and_the_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    result = RUN.invoke(app, ["stack", "lock"])
    assert result.exit_code == 0
    assert max(len(line) for line in result.output.splitlines()) <= 100
    for entry in charts():
        assert f"{entry.name}" in result.output
        assert entry.version in result.output
    assert "below 25.3.2" in result.output
    assert "CVE-2025-23266" in result.output


def test_lock_as_json_has_the_sources() -> None:
    found = json.loads(RUN.invoke(app, ["stack", "lock", "--format", "json"]).output)
    assert [entry["name"] for entry in found["charts"]] == [entry.name for entry in charts()]
    assert all(entry["source"] for entry in (*found["charts"], *found["advisories"]))
