"""Starting, finding and stopping a local cloud; running commands against it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from gpucloud.errors import LocalCloudError
from gpucloud.sim import session
from gpucloud.sim.locks import release_dead_locks


@pytest.fixture
def root(tmp_path):
    yield tmp_path / ".local"
    session.stop(tmp_path / ".local")


def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_a_session_starts_once_and_stops(root):
    first = session.start(root)
    assert session.start(root) == first
    assert set(first.ports) == {"aws", "azure-native", "gcp", "kubernetes"}
    assert session.stop(root)
    assert not session.stop(root)
    assert session.find(root) is None


def test_two_sessions_run_side_by_side(root, tmp_path):
    other = tmp_path / "other"
    try:
        assert session.start(root).ports != session.start(other).ports
    finally:
        session.stop(other)


def test_a_killed_server_is_noticed_and_another_started(root):
    first = session.start(root)
    os.kill(first.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while session.find(root) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert session.find(root) is None
    with pytest.raises(LocalCloudError, match="no local cloud runs"):
        session.env(root)
    assert session.start(root).pid != first.pid


def test_a_command_gets_the_environment_and_gives_its_exit_code(root):
    check = "import os, sys; sys.exit(7 if os.environ['PULUMI_DEBUG_PROVIDERS'].startswith('aws:') else 1)"
    assert session.run(root, [sys.executable, "-c", check]) == 7
    assert session.find(root) is None


def test_a_running_cloud_is_used_and_left_running(root):
    running = session.start(root)
    assert session.run(root, [sys.executable, "-c", ""]) == 0
    assert session.find(root) == running


def test_a_program_that_there_is_not_is_said_so(root):
    with pytest.raises(LocalCloudError, match="no-such-program: there is no such program"):
        session.run(root, ["no-such-program"])


def test_the_environment_keeps_everything_under_the_directory(root):
    session.start(root)
    variables = session.env(root)
    assert variables["PULUMI_BACKEND_URL"] == f"file://{root / 'state'}"
    assert (root / "state").is_dir()
    assert variables["PULUMI_HOME"].startswith(str(root))
    assert variables["PULUMI_PYTHON_CMD"] == sys.executable
    assert variables["GPUCLOUD_SIM"]
    assert variables["GOOGLE_PROJECT"] == "gpucloud-local"
    assert variables["ARM_SUBSCRIPTION_ID"] == "00000000-0000-0000-0000-000000000000"


def test_starting_imports_no_sdk_of_a_cloud(tmp_path):
    program = "import sys; from gpucloud.sim.server import packages; packages(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert not {name for name in done.stdout.split() if name.startswith("pulumi_")}


def test_only_locks_of_dead_processes_of_this_host_are_released(tmp_path):
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "p" / "dev"
    folder.mkdir(parents=True)
    here = socket.gethostname()
    locks = {
        "dead": {"pid": dead_pid(), "hostname": here},
        "alive": {"pid": os.getpid(), "hostname": here},
        "elsewhere": {"pid": dead_pid(), "hostname": f"not-{here}"},
    }
    for name, lock in locks.items():
        (folder / f"{name}.json").write_text(json.dumps(lock))
    (folder / "strange.json").write_text("{")
    assert [path.stem for path in release_dead_locks(tmp_path)] == ["dead"]
    assert sorted(path.stem for path in folder.iterdir()) == ["alive", "elsewhere", "strange"]


def test_the_default_directory_is_below_the_project(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text("name: x")
    below = tmp_path / "stacks" / "deep"
    below.mkdir(parents=True)
    assert session.default_directory(below) == tmp_path / ".local"


def test_a_process_that_has_ended_and_was_not_asked_for_holds_no_lock(tmp_path):
    folder = tmp_path / ".pulumi" / "locks" / "organization" / "p" / "dev"
    folder.mkdir(parents=True)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    try:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        lock = {"pid": ended.pid, "hostname": socket.gethostname()}
        (folder / "ended.json").write_text(json.dumps(lock), encoding="utf-8")
        assert [path.stem for path in release_dead_locks(tmp_path)] == ["ended"]
    finally:
        ended.wait()
