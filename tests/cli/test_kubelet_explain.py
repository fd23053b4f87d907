"""`gpucloud kubelet explain`: what it says of a key, of all keys, and of none."""

import dataclasses
import json

import pytest
from typer.testing import CliRunner, Result

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError, UnknownNameError
from gpucloud.facts.kubelet_fields import kubelet_fields
from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.kubelet.explaining import explain as explanation_of

RUN = CliRunner()


def explain(*arguments: str) -> Result:
    return RUN.invoke(app, ["kubelet", "explain", *arguments])


def test_a_key_is_explained_with_its_rules_and_every_platform():
    result = explain("reservedMemory")
    assert result.exit_code == 0
    assert result.output.startswith("reservedMemory: a list of objects\n  Memory and huge pages")
    assert "  reserved-memory-sums-to-what-is-reserved (kubelet)\n" in result.output
    assert "  reserved-memory-fits-each-numa-node (library)\n" in result.output
    _, _, table = result.output.partition("platform ")
    rows = dict(line.split()[:2] for line in table.splitlines()[2:] if line.strip())
    assert sorted(rows) == sorted(KUBELET_PLATFORMS)
    assert (rows["gke"], rows["nodeadm"], rows["tke"]) == ("no", "yes", "flag")


@pytest.mark.parametrize("field", [field.name for field in kubelet_fields()])
def test_every_key_fits_100_columns(field):
    result = explain(field)
    assert result.exit_code == 0
    assert max(map(len, result.output.splitlines())) <= 100


def test_machines_get_the_same():
    result = explain("maxPods", "--format", "json")
    assert json.loads(result.output) == json.loads(json.dumps(dataclasses.asdict(explanation_of("maxPods"))))


def test_without_a_key_all_are_listed():
    names = [field.name for field in kubelet_fields()]
    listed = json.loads(explain("--format", "json").output)
    assert [row["name"] for row in listed] == names
    assert all(row["meaning"] and row["kind"] for row in listed)
    table = explain().output
    assert max(map(len, table.splitlines())) <= 100
    assert all(name in table for name in names)


def test_a_key_that_is_none_has_its_nearest_and_a_version_has_its_bounds():
    answer = explain("reservedMemry").exception
    assert isinstance(answer, UnknownNameError)
    assert "nearest: reservedMemory" in str(answer)
    assert isinstance(explain("maxPods", "--kubernetes-version", "1.29").exception, InvalidInputError)
    assert explain("maxPods", "--kubernetes-version", "1.33").exit_code == 0
