"""`gpucloud stack`."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.facts.charts import charts
from gpucloud.plan.seccomp import seccomp_profile
from tests.golden_files import SCENARIOS

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
    assert all(entry["source"] for entry in (*found["charts"], *found["images"], *found["advisories"]))
    assert any(entry["digest"] for entry in found["images"])
    assert [(entry["vendor"], bool(entry["source"])) for entry in found["own_images"]] == [
        ("habana", True),
        ("amd", True),
        ("nvidia", True),
    ]


def test_images_lists_what_nodes_pull_in_a_terminal_and_for_machines(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    document = yaml.safe_load((SCENARIOS / "p5-efa-three-zones" / "spec.yaml").read_text("utf-8"))
    document["clusters"][0]["mirrors"] = [{"registry": "nvcr.io", "endpoint": "https://m.example.com/nvcr"}]
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump(document), "utf-8")
    shown = RUN.invoke(app, ["stack", "images", str(spec)])
    assert shown.exit_code == 0
    assert "  m.example.com/nvcr/nvidia/gpu-operator:v26.7.0\n      gpu-operator: operator, validator\n" in shown.output
    assert "  nvcr.io" not in shown.output
    rows = json.loads(RUN.invoke(app, ["stack", "images", str(spec), "--format", "json"]).output)
    assert {row["chart"] for row in rows} == {"aws-efa-k8s-device-plugin", "gpu-operator"}
    plugin = next(row for row in rows if row["component"] == "device-plugin")
    assert plugin["reference"] == "m.example.com/nvcr/nvidia/k8s-device-plugin:v0.20.0"
    assert plugin["digest"].startswith("sha256:")


def test_images_are_named_by_mirrors_that_the_stack_makes(tmp_path: Path) -> None:
    document = yaml.safe_load((SCENARIOS / "p5-efa-three-zones" / "spec.yaml").read_text("utf-8"))
    document["clusters"][0] |= {
        "account": "123456789012",
        "mirrors": [{"registry": "registry.k8s.io", "managed": True}],
    }
    spec = tmp_path / "spec.yaml"
    spec.write_text(yaml.safe_dump(document), "utf-8")
    host = "123456789012.dkr.ecr.us-east-1.amazonaws.com/prod-train/k8s"
    rows = json.loads(RUN.invoke(app, ["stack", "images", str(spec), "--format", "json"]).output)
    discovery = next(row for row in rows if row["component"] == "node-feature-discovery")
    assert discovery["reference"] == f"{host}/nfd/node-feature-discovery:v0.19.0"
    assert not [row for row in rows if row["reference"].startswith("registry.k8s.io/")]
    planned = RUN.invoke(app, ["plan", str(spec)]).output
    assert f"mirror of registry.k8s.io made by the stack: https://{host}" in " ".join(planned.split())


def test_images_of_a_bad_document_are_its_problems(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("name: prod\n", "utf-8")
    assert RUN.invoke(app, ["stack", "images", str(spec)]).exit_code != 0


def test_seccomp_is_the_profile_as_a_runtime_reads_it() -> None:
    assert json.loads(RUN.invoke(app, ["stack", "seccomp"]).output) == seccomp_profile()


def test_pod_prints_what_kubectl_takes() -> None:
    scenario = str(SCENARIOS / "claimed-gpus" / "spec.yaml")
    result = RUN.invoke(app, ["stack", "pod", scenario, "--pool", "train", "--count", "8", "--image", "example/work:1"])
    assert result.exit_code == 0
    (pod,) = yaml.safe_load_all(result.output)
    assert (pod["kind"], pod["metadata"]) == ("Pod", {"name": "train-example", "namespace": "speech"})
    assert pod["spec"]["containers"][0]["image"] == "example/work:1"
    two = RUN.invoke(app, ["stack", "pod", scenario, "--pool", "cut", "--count", "2"])
    assert [entry["kind"] for entry in yaml.safe_load_all(two.output)] == ["ResourceClaimTemplate", "Pod"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--pool", "trains"], "trains"),
        (["--pool", "train", "--count", "9"], "--count"),
        (["--pool", "train", "--cluster", "x"], "x"),
    ],
)
def test_pod_refuses_what_is_not_there(options: list[str], says: str) -> None:
    result = RUN.invoke(app, ["stack", "pod", str(SCENARIOS / "claimed-gpus" / "spec.yaml"), *options])
    assert result.exit_code != 0
    assert says in str(result.exception)
