"""`gpucloud sim`: what it prints where, and with which exit code."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gpucloud.cli.app import app, main
from gpucloud.sim import control, session
from gpucloud.sim.server import packages
from gpucloud.sim.status import NOTICE, read_status
from tests.sim.servicer import GROUP, Refused

PROGRAM = Path(sys.executable).parent / "gpucloud"


@pytest.fixture(autouse=True)
def _a_terminal_of_100_columns(monkeypatch):
    """pytest-xdist gives its workers 80."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def local(tmp_path):
    """A directory for a local cloud that does not outlive the test."""
    yield tmp_path
    session.stop(tmp_path)


def invoke(*arguments):
    answer = CliRunner().invoke(app, ["sim", *map(str, arguments)])
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def run(*arguments):
    """The program as a shell runs it."""
    command = [PROGRAM, "sim", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def fault(local, *arguments):
    return invoke("fault", arguments[0], "--dir", local, "--", *arguments[1:])


def status(local):
    return json.loads(invoke("status", "--dir", local, "--format", "json"))


# what is typed after `sim`, and each line that stands on standard error
WRONG = {
    "machine type": (
        ["fault", "capacity", "p5.48xlrge", "us-east-1a", "0"],
        ["machine_type: there is no machine type 'p5.48xlrge'; nearest: p5.48xlarge,"],
    ),
    "machine type without accelerator": (
        ["fault", "capacity", "m5.lrge", "us-east-1a", "0"],
        ["machine_type: there is no machine type 'm5.lrge'; nearest: m5.large,"],
    ),
    "zone": (
        ["fault", "zone", "us-east-1q"],
        ["zone: there is no zone 'us-east-1q'; nearest: us-east-1a,"],
    ),
    "zone to restore": (
        ["fault", "zone", "us-east-1q", "--restore"],
        ["zone: there is no zone 'us-east-1q'; nearest: us-east-1a,"],
    ),
    "zone id": (["fault", "zone", "use1-az1"], ["zone: 'use1-az1' is a zone's id; name the zone: us-east-1a"]),
    "quota code and region": (
        ["fault", "quota", "us-eest-1", "L-417A185C", "1"],
        [
            "code: there is no vCPU quota 'L-417A185C'; nearest: L-417A185B",
            "region: there is no region 'us-eest-1'; nearest: us-east-1,",
        ],
    ),
    "capacity type": (
        ["fault", "capacity", "p5.48xlarge", "us-east-1a", "0", "--capacity-type", "spt"],
        ["capacity_type: 'spt' is unknown; one of capacity-block, on-demand, spot"],
    ),
    "all of a reservation": (
        ["fault", "reservation", "cr-1", "p5.48xlrge", "us-east-1q", "4", "--kind", "odr"],
        [
            "kind: 'odr' is unknown; one of odcr, capacity-block",
            "machine_type: there is no machine type 'p5.48xlrge'; nearest: p5.48xlarge,",
            "zone: there is no zone 'us-east-1q'; nearest: us-east-1a,",
        ],
    ),
    "reservation to remove": (
        ["fault", "reservation", "cr-1", "--remove"],
        ["reservation_id: there is no reservation 'cr-1'; the account has none"],
    ),
    "nodes": (
        ["fault", "default-capacity", "--", "-1"],
        ["nodes: -1 is less than 0; a number from 0"],
    ),
    "answers": (["fault", "throttle", "X", "0"], ["answers: 0 is less than 1; a number from 1"]),
    "seconds": (["fault", "delay", "X", "--", "-1"], ["seconds: -1.0 is less than 0; a number from 0"]),
    "times": (["fault", "error", "X", "Code", "text", "--times", "0"], ["times: 0 is less than 1; a number from 1"]),
    "no command": (["run"], ["command: there is none to run; gpucloud sim run -- pulumi preview"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_on_standard_error_with_what_is_near(case, local, monkeypatch, capsys):
    arguments, lines = WRONG[case]
    here = ["--dir", str(local)]
    options = arguments.index("--") if "--" in arguments else len(arguments)
    monkeypatch.setattr(sys, "argv", ["gpucloud", "sim", *arguments[:options], *here, *arguments[options:]])
    with pytest.raises(SystemExit) as left:
        main()
    shown = capsys.readouterr()
    assert left.value.code == 2
    assert shown.out == ""
    said = shown.err.splitlines()
    assert len(said) == len(lines)
    assert all(line.startswith(expected) for line, expected in zip(said, lines, strict=True)), said
    assert not (local / "sim" / "cloud.db").exists() or status(local)["faults"] == []


def test_wrong_input_gives_no_traceback(local):
    answer = run("fault", "zone", "us-east-1q", "--dir", local)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("zone: ")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["env"], "no local cloud runs for"),
        (["run", "--", "no-such-program"], "no-such-program: there is no such program"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(arguments, said, local):
    answer = run(arguments[0], "--dir", local, *arguments[1:])
    assert (answer.returncode, answer.stdout) == (1, "")
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_every_fault_is_seen_in_the_status_and_cleared(local):
    fault(local, "capacity", "p5.48xlarge", "us-east-1a", 0)
    fault(local, "quota", "us-east-1", "L-417A185B", 192)
    fault(local, "zone", "us-east-1b")
    fault(local, "throttle", "CreateNodegroup", 30)
    fault(local, "delay", "Create*", 2.5)
    fault(local, "error", "CreateCluster", "ServiceUnavailableException", "Service is unavailable")
    fault(local, "reservation", "cr-1", "p5.48xlarge", "us-east-1a", 4)
    found = status(local)
    assert found["notice"] == NOTICE
    assert found["running"] is False
    assert [(row["capacity_type"], row["nodes"]) for row in found["offerings"]] == [("on-demand", 0), ("spot", 0)]
    assert found["quotas"] == [{"region": "us-east-1", "code": "L-417A185B", "vcpus": 192}]
    assert found["lost_zones"] == ["us-east-1b"]
    assert [(row["kind"], row["remaining"]) for row in found["faults"]] == [
        ("throttle", 30),
        ("delay", -1),
        ("error", 1),
    ]
    assert [row["id"] for row in found["reservations"]] == ["cr-1"]
    shown = invoke("status", "--dir", local)
    for text in ("a delay of 2.5 s", "until cleared", "30 more", "ServiceUnavailableException: Service is unavailable"):
        assert text in shown
    invoke("fault", "zone", "us-east-1b", "--restore", "--dir", local)
    assert status(local)["lost_zones"] == []
    invoke("fault", "reservation", "cr-1", "--remove", "--dir", local)
    fault(local, "default-capacity", 3)
    invoke("fault", "clear", "--dir", local)
    found = status(local)
    assert [found[key] for key in ("offerings", "quotas", "lost_zones", "faults", "reservations")] == [[]] * 5


def test_failed_and_half_done_resources_come_first_in_the_status(estate):
    root = estate.cloud.root
    control.set_capacity(root, "p5.48xlarge", "us-east-1b", 0)
    estate.cloud.create(GROUP, "slow", estate.group())
    with pytest.raises(Refused):
        estate.cloud.create(GROUP, "stuck", estate.group(subnetIds=[estate.subnets[1].id]))
    estate.cloud.store.db.execute("UPDATE resource SET status = 'creating' WHERE urn LIKE '%::slow'")
    shown = invoke("status", "--dir", root).splitlines()
    assert shown[0] == NOTICE
    assert shown[2] == "Not running; 7 resources, 1 failed, 1 half-done."
    places = [shown.index("  stuck  aws:eks/nodeGroup:NodeGroup"), shown.index("  slow  aws:eks/nodeGroup:NodeGroup")]
    assert shown[places[0] - 1].startswith("FAILED")
    assert shown[places[1] - 1].startswith("HALF-DONE")
    assert places[1] < shown.index(next(line for line in shown if line.startswith("Capacity")))
    assert max(len(line.rstrip()) for line in shown) <= 100
    assert [row["status"] for row in read_status(root).failed] == ["failed"]


def test_start_env_run_stop_reset(local):
    started = json.loads(run("start", "--dir", local, "--format", "json").stdout)
    assert started["notice"] == NOTICE
    assert set(started["ports"]) == {package.name for package in packages()}
    assert status(local)["running"] is True
    assert f"process {started['pid']}" in invoke("start", "--dir", local)

    variables = json.loads(invoke("env", "--dir", local, "--format", "json"))
    exported = [shlex.split(line) for line in invoke("env", "--dir", local).splitlines()]
    assert exported == [["export", f"{name}={value}"] for name, value in sorted(variables.items())]

    check = "import os, sys; print(os.environ['PULUMI_DEBUG_PROVIDERS']); sys.exit(7)"
    answer = run("run", "--dir", local, "--", sys.executable, "-c", check)
    assert (answer.returncode, answer.stdout) == (7, variables["PULUMI_DEBUG_PROVIDERS"] + "\n")
    assert session.find(local).pid == started["pid"]

    assert invoke("stop", "--dir", local) == "stopped\n"
    assert invoke("stop", "--dir", local) == "no local cloud was running\n"
    assert invoke("reset", "--dir", local) == "forgotten\n"
    assert not list((local / "sim").glob("cloud.db*"))
    assert (local / "state").is_dir()
    assert invoke("reset", "--state", "--dir", local) == "forgotten\n"
    assert not (local / "state").exists()
    assert invoke("reset", "--state", "--dir", local) == "there was nothing to forget\n"


def test_run_stops_what_it_started(local):
    answer = run("run", "--dir", local, "--", sys.executable, "-c", "import os; print(os.environ['GPUCLOUD_SIM'])")
    assert answer.returncode == 0
    assert answer.stdout.startswith("aws=127.0.0.1:")
    assert session.find(local) is None
