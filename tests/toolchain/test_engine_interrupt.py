"""The real engine, interrupted and killed: no process and no lock stays."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine_environment import PulumiProject, uses_own_language_host

pytestmark = pytest.mark.engine

SLEEPER = """
    import os, pathlib, time

    pathlib.Path("pids.new").write_text(f"{os.getppid()} {os.getpid()}")
    os.replace("pids.new", "pids")
    time.sleep(600)
"""
SECONDS = 30.0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, f"after {SECONDS} s still not: {what}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def start_sleeper(project: PulumiProject) -> tuple[object, list[int]]:
    project.write("__main__.py", SLEEPER)
    engine = project.start("up")
    pids = project.directory / "pids"
    wait_for(pids.is_file, "the program runs")
    return engine, [int(pid) for pid in pids.read_text().split()]


def test_ctrl_c_leaves_no_process_and_no_lock(pulumi_project: PulumiProject) -> None:
    engine, pids = start_sleeper(pulumi_project)
    assert all(is_running(pid) for pid in pids)
    os.killpg(engine.pid, signal.SIGINT)
    shown, _ = engine.communicate(timeout=SECONDS)
    assert engine.returncode != 0
    assert "canceled" in shown
    assert "Traceback" not in shown or not uses_own_language_host()
    wait_for(lambda: not any(is_running(pid) for pid in pids), "host and program are gone")
    assert pulumi_project.locks() == []
    pulumi_project.write("__main__.py", "")
    pulumi_project.run("up")


def test_an_engine_that_is_killed_takes_host_and_program_along(pulumi_project: PulumiProject) -> None:
    if not uses_own_language_host():
        pytest.skip("a Pulumi installation's own language host is not of this repository")
    engine, pids = start_sleeper(pulumi_project)
    engine.kill()
    engine.communicate(timeout=SECONDS)
    wait_for(lambda: not any(is_running(pid) for pid in pids), "host and program are gone")
    # The lock of a killed engine stays, as it does with every Pulumi; `pulumi cancel` takes it away.
    assert pulumi_project.locks() != []
    pulumi_project.run("cancel", "--yes")
    pulumi_project.write("__main__.py", "")
    pulumi_project.run("up")
