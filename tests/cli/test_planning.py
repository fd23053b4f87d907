"""`gpucloud plan`, `schema` and `pools`: what they print where, and with which exit code."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.spec.schema import environment_schema
from tests.golden_files import SCENARIOS, check_golden, scenarios

ROOT = Path(__file__).resolve().parents[2]
PROD = ROOT / "stacks" / "environments" / "prod.yaml"
PROGRAM = Path(sys.executable).parent / "gpucloud"

LONG = "n" * 64
LABEL = f"{'p' * 70}/{'k' * 20}"
# Everything that a first attempt gets wrong, each in a place of its own.
BAD = f"""
name: prod
owner: me
clusters:
  - name: train
    cloud: aws
    region: us-east-1
    node_pools:
      - {{name: typo, machine_type: p5.48xlrge, zones: [us-east-1a]}}
      - {{name: away, machine_type: g5.xlarge, zones: [us-east-1a, us-west-2b]}}
      - {{name: nofabric, machine_type: g5.4xlarge, zones: [us-east-1a], fabric: efa}}
      - name: spotted
        machine_type: g5.xlarge
        zones: [us-east-1a]
        capacity: [{{type: spot, reservation_id: cr-0123456789abcdef0}}]
      - {{name: order, machine_type: g5.xlarge, zones: [us-east-1a], size: {{min: 5, desired: 2, max: 3}}}}
      - {{name: {LONG}, machine_type: g5.xlarge, zones: [us-east-1z]}}
      - {{name: {"m" * 50}, machine_type: g5.xlarge, zones: [us-east-1a]}}
      - {{name: label, machine_type: g5.xlarge, zones: [us-east-1a], labels: {{{LABEL}: x}}}}
      - {{name: zone, machine_type: g5.xlarge, zone: us-east-1a, zones: [us-east-1a]}}
"""
POOLS = "clusters[train].node_pools"
BAD_LINES = {
    "owner": "unknown key",
    f"{POOLS}[typo].machine_type": "p5.48xlarge",
    f"{POOLS}[away].zones[1]": "us-west-2b is not a zone of us-east-1",
    f"{POOLS}[nofabric].fabric": "g5.4xlarge has no EFA",
    f"{POOLS}[spotted].capacity[0]": "spot nodes cannot use a reservation",
    f"{POOLS}[order].size": "keep min <= desired <= max",
    f"{POOLS}[{LONG}].name": "at most 63 characters",
    f"{POOLS}[{LONG}].zones[0]": "us-east-1z is not a zone",
    f"{POOLS}[{'m' * 50}].name": "where 55 fit",
    f"{POOLS}[label].labels[{LABEL}]": "where 128 fit",
    f"{POOLS}[zone].zone": "did you mean `zones`",
}


def _run(*arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """The program as a shell runs it."""
    return subprocess.run(
        [PROGRAM, *arguments], input=stdin, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )


def _invoke(*arguments: str, **options):
    return CliRunner().invoke(app, list(arguments), **options)


def test_a_bad_document_is_refused_with_everything_at_once(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(BAD)
    for extra in ((), ("--format", "json")):
        answer = _run("plan", str(path), *extra)
        assert answer.returncode == 2
        assert answer.stdout == ""
        assert "Traceback" not in answer.stderr
        lines = dict(line.split(": ", 1) for line in answer.stderr.splitlines())
        assert lines.keys() == BAD_LINES.keys()
        for place, says in BAD_LINES.items():
            assert says in lines[place]
            assert "; " in lines[place]
        assert answer.stderr.splitlines() == sorted(answer.stderr.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "no-such-file.yaml"),
        ("plan", "json:no_such_name"),
        ("plan", str(ROOT / "stacks")),
        ("plan", str(PROD), "--unavailable", "p5.48xlarge"),
        ("plan", str(PROD), "--unavailable", "p5.48xlarge/us-east-1a/bid"),
        ("machine-types", "--accelerator", "h100"),
        ("machine-types", "--cloud", "moon"),
        ("accelerators", "--vendor", "intel"),
        ("accelerators", "--format", "xml"),
        ("pools", "no-such-file.json"),
        ("plna",),
        ("plan",),
    ],
)
def test_wrong_arguments_exit_with_2_and_no_traceback(arguments):
    answer = _run(*arguments)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_plan_that_works_exits_with_0_and_says_nothing_on_standard_error():
    answer = _run("plan", str(PROD), "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["name"] == "prod"


def test_a_reader_that_leaves_early_makes_no_traceback():
    shell = f"{PROGRAM} machine-types --format json | head -n 1"
    answer = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=False, timeout=60)
    assert answer.stdout == "[\n"
    assert "Traceback" not in answer.stderr
    assert "Exception ignored" not in answer.stderr


@pytest.mark.parametrize("scenario", scenarios())
def test_json_is_the_golden_plan(scenario):
    answer = _invoke("plan", str(SCENARIOS / scenario / "spec.yaml"), "--format", "json")
    assert answer.exit_code == 0
    check_golden(SCENARIOS / scenario / "plan.json", answer.stdout)


def _nodes(*arguments: str) -> dict[str, int]:
    answer = _invoke("plan", str(PROD), "--format", "json", *arguments)
    assert answer.exit_code == 0
    pools = {pool["name"]: pool for pool in json.loads(answer.stdout)["clusters"][0]["node_pools"]}
    offerings = [offering for shard in pools["h100"]["shards"] for offering in shard["offerings"]]
    return {offering["name"]: offering["size"]["desired"] for offering in offerings if offering["size"]["desired"]}


def test_unavailable_offerings_move_nodes():
    reserved, spot_a = "p5.48xlarge/us-east-1a/reserved", "p5.48xlarge/us-east-1a/spot"
    assert _nodes() == {"us-east-1a-reserved": 4}
    assert _nodes("--unavailable", reserved) == {"us-east-1a-spot": 4}
    assert _nodes("--unavailable", reserved, "--unavailable", spot_a) == {"us-east-1b-spot": 4}


def test_nothing_left_is_refused():
    away = [f"p5.48xlarge/us-east-1{zone}/spot" for zone in "abc"] + ["p5.48xlarge/us-east-1a/reserved"]
    answer = _run("plan", str(PROD), *(part for offering in away for part in ("--unavailable", offering)))
    assert answer.returncode == 2
    assert answer.stderr.startswith("clusters[train].node_pools[h100].capacity: 4 nodes are wanted")


def test_the_table_names_every_offering_and_release():
    answer = _invoke("plan", str(PROD), env={"COLUMNS": "100"})
    assert answer.exit_code == 0
    for word in (
        "h100",
        "l40s",
        "us-east-1c",
        "reserved",
        "spot",
        "32 x efa",
        "gpu-operator",
        "10.16.0.0/16",
        "m7i.xlarge",
    ):
        assert word in answer.stdout


POOLS_OUTPUT = {
    "target": "local",
    "pools": [
        {
            "cluster": "train",
            "pool": "h100",
            "zones": ["us-east-1a", "us-east-1b"],
            "machine_type": "p5.48xlarge",
            "accelerator": "h100-sxm-80gb",
            "accelerators_per_node": 8.0,
            "nodes": 4.0,
            "accelerators": 32,
            "capacity": ["reserved"],
            "most_nodes_in_a_zone": 8,
        }
    ],
}


def test_pools_from_a_file_and_from_standard_input(tmp_path):
    text = json.dumps(POOLS_OUTPUT)
    (tmp_path / "outputs.json").write_text(text)
    from_file = _invoke("pools", str(tmp_path / "outputs.json"), env={"COLUMNS": "100"})
    from_input = _invoke("pools", input=text, env={"COLUMNS": "100"})
    assert from_file.exit_code == from_input.exit_code == 0
    assert from_file.stdout == from_input.stdout
    assert re.search(r"train +h100 +4 +32 ", from_file.stdout)
    assert max(map(len, from_file.stdout.splitlines())) <= 100
    as_json = _invoke("pools", "-", "--format", "json", input=text)
    assert json.loads(as_json.stdout) == POOLS_OUTPUT["pools"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "5",
        "null",
        "{",
        '{"pools": 5}',
        '{"pools": ["a"]}',
        '{"pools": null}',
        '{"pools": [{"pool": "a"}]}',
        json.dumps({"pools": [dict.fromkeys(POOLS_OUTPUT["pools"][0], "x")]}),
        json.dumps({"pools": [dict.fromkeys(POOLS_OUTPUT["pools"][0], 1)]}),
    ],
)
def test_pools_that_are_none_are_refused(text):
    answer = _invoke("pools", input=text)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert answer.stderr.startswith("-: holds no pools")
    assert len(answer.stderr.splitlines()) == 1


def test_the_schema_is_printed_whole():
    answer = _invoke("schema")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == environment_schema()


def test_a_plan_from_python_is_the_plan_from_yaml(tmp_path, monkeypatch):
    (tmp_path / "my_environment.py").write_text(
        f"import pathlib, yaml\n\ndef build():\n    return yaml.safe_load(pathlib.Path({str(PROD)!r}).read_text())\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert yaml.safe_load(PROD.read_text())["name"] == "prod"
    built = _invoke("plan", "my_environment:build", "--format", "json")
    assert built.stdout == _invoke("plan", str(PROD), "--format", "json").stdout


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        ({"1g.10gb": 2, "3g.40gb": 1}, "(8 x h100-sxm-80gb in 2 x 1g.10gb + 1 x 3g.40gb each)"),
        (
            [{"gpus": [7], "instances": {"7g.80gb": 1}}, {"gpus": [0, 1, 2, 3, 4, 5, 6], "instances": {"1g.10gb": 7}}],
            "(8 x h100-sxm-80gb GPU 0,1,2,3,4,5,6 in 7 x 1g.10gb; GPU 7 in 1 x 7g.80gb)",
        ),
    ],
)
def test_a_layout_is_shown_as_it_is_cut(tmp_path, layout, line):
    pool = {"name": "p", "machine_type": "p5.48xlarge", "zones": ["us-east-1a"]}
    cluster = {"name": "c", "cloud": "aws", "region": "us-east-1"}
    pools = [{**pool, "sharing": {"type": "mig", "layout": layout}}]
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump({"name": "prod", "clusters": [{**cluster, "node_pools": pools}]}), encoding="utf-8")
    done = CliRunner().invoke(app, ["plan", str(path)])
    assert done.exit_code == 0
    assert line in " ".join(done.output.split())


def test_the_plan_says_which_runtime_a_training_job_names():
    document = str(SCENARIOS / "every-part-of-a-stack" / "spec.yaml")
    shown = " ".join(CliRunner().invoke(app, ["plan", document]).output.split())
    assert "trainer: jobs on pool h100 name the runtime torch-h100" in shown
    assert "trainer: pool a100 has no runtime, its GPUs are shared, and a runtime is for whole ones" in shown


def test_the_gate_is_in_the_plan_with_what_it_does_not_see():
    document = str(SCENARIOS / "gate-of-three-ways-to-share" / "spec.yaml")
    shown = CliRunner().invoke(app, ["plan", document]).output
    assert re.search(r"gate: an update fails unless gate-a100-\w{8}, gate-l4-\w{8} complete within 900 s", shown)
    assert "gate: pool later is skipped, the pool starts at zero nodes" in shown
    rows = json.loads(CliRunner().invoke(app, ["stack", "images", document, "--format", "json"]).output)
    gate = {(row["cluster"], row["reference"].rpartition("/")[2]) for row in rows if row["release"] == "gate"}
    assert gate == {
        ("claims", "cuda:13.0.0-base-ubuntu22.04"),
        ("cuda", "cuda:13.0.0-base-ubuntu22.04"),
        ("rocm", "busybox:1.36"),
    }
