"""`gpucloud impact`: what it prints, and with which exit code it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError

RUN = CliRunner()


@pytest.fixture
def documents(tmp_path: Path) -> Any:
    """Writes an old and a new document and gives their paths."""

    def write(**changes: Any) -> list[str]:
        pool = {
            "name": "h100",
            "machine_type": "p5.48xlarge",
            "zones": ["us-east-1a"],
            "size": {"desired": 2, "max": 4},
        }
        paths = []
        for name, fields in (("old", pool), ("new", {**pool, **changes})):
            path = tmp_path / f"{name}.yaml"
            cluster = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [fields]}
            path.write_text(yaml.safe_dump({"name": "prod", "clusters": [cluster]}))
            paths.append(str(path))
        return paths

    return write


def test_equal_plans_change_nothing(documents: Any) -> None:
    result = RUN.invoke(app, ["impact", *documents(), "--fail-on", "rolls-nodes"])
    assert (result.exit_code, result.output) == (0, "no change\n")


def test_the_table_names_resource_change_effect_and_whom_it_hits(
    documents: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Under pytest-xdist COLUMNS is 80.
    monkeypatch.setenv("COLUMNS", "100")
    result = RUN.invoke(app, ["impact", *documents(kubelet={"maxPods": 60}, labels={"team": "a"})])
    assert result.exit_code == 0
    assert max(len(line) for line in result.output.splitlines()) <= 100
    words = " ".join(result.output.split())
    assert "train/h100 kubelet.maxPods:" in words
    assert "rolls-nodes 2/4 16/32 user data of a new" in words
    assert "labels[team]: unset" in words
    assert words.endswith("2 changes, the gravest: rolls-nodes")


@pytest.mark.parametrize(
    ("changes", "fail_on", "code"),
    [
        ({"labels": {"a": "1"}}, "rolls-nodes", 0),
        ({"kubelet": {"maxPods": 60}}, "rolls-nodes", 3),
        ({"kubelet": {"maxPods": 60}}, "replaces", 0),
        ({"machine_type": "g5.48xlarge"}, "replaces", 3),
        ({"name": "other"}, "replaces", 3),
    ],
)
def test_it_fails_from_the_effect_that_is_asked_for(
    documents: Any, changes: dict[str, Any], fail_on: str, code: int
) -> None:
    assert RUN.invoke(app, ["impact", *documents(**changes), "--fail-on", fail_on]).exit_code == code


def test_json_has_everything(documents: Any) -> None:
    result = RUN.invoke(app, ["impact", *documents(root_disk={"size_gib": 900}), "--format", "json"])
    found = json.loads(result.output)
    assert found["effect"] == "rolls-nodes"
    change = next(change for change in found["changes"] if change["field"] == "disk.root_gib")
    assert change["resource"] == "clusters[train].node_pools[h100]"
    assert (change["new"], change["gpus"], change["create_before_delete"]) == (900, 16, None)


def test_a_document_that_cannot_be_built_is_named(documents: Any) -> None:
    old, new = documents(machine_type="p5.48xlrge")
    with pytest.raises(InvalidInputError, match=r"new\.yaml: .*machine_type"):
        RUN.invoke(app, ["impact", old, new], catch_exceptions=False)
