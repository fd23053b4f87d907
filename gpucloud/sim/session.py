"""Start, find and stop a local cloud, and run a command against it.

A local cloud is one process per directory, `<root>/sim`; Pulumi's own state for it is beside it, `<root>/state`.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import grpc

from gpucloud.errors import LocalCloudError
from gpucloud.sim.environment import make_environment
from gpucloud.sim.kubernetes.control_plane.processes import Processes
from gpucloud.sim.kubernetes.control_plane.programs import find_programs
from gpucloud.sim.locks import release_dead_locks

STATE_FILE = "server.json"
Kubernetes = Literal["played", "real"]
_START_SECONDS = 180.0
_started: dict[int, subprocess.Popen[bytes]] = {}  # servers that this process started and has to reap
_STOP_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Session:
    """A running local cloud."""

    directory: Path  # <root>/sim
    pid: int
    ports: dict[str, int]
    kubernetes: Kubernetes = "played"


def default_directory(start_at: Path | None = None) -> Path:
    """Return `.local` below the nearest parent that has a Pulumi.yaml, else below the directory itself."""
    here = (start_at or Path.cwd()).resolve()
    project = next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), here)
    return project / ".local"


def find(root: Path) -> Session | None:
    """Return the local cloud that runs for `root`, or None; what a killed one left is noticed and not believed."""
    path = root / "sim" / STATE_FILE
    try:
        found = json.loads(path.read_text("utf-8"))
        session = Session(root / "sim", int(found["pid"]), dict(found["ports"]), found.get("kubernetes", "played"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return session if _is_alive(session.pid) and all(_answers(port, 5.0) for port in session.ports.values()) else None


def start(root: Path, kubernetes: Kubernetes = "played") -> Session:
    """Return the local cloud of `root`, started if none runs; it answers on all ports when this returns.

    With `kubernetes` real, each of its clusters has a control plane of its own on this machine. LocalCloudError where
    one runs that has none, where their programs are missing, or where it does not come up; its own words stand in
    `<root>/sim/server.log`.
    """
    running = find(root)
    if running is not None:
        if kubernetes == "real" != running.kubernetes:
            raise LocalCloudError("a local cloud without real Kubernetes runs here; stop it first: gpucloud sim stop")
        return running
    if kubernetes == "real":
        find_programs()
    directory = root / "sim"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / STATE_FILE).unlink(missing_ok=True)
    with (directory / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gpucloud.sim.server", str(directory), kubernetes],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C goes to the command; the local cloud outlives it
        )
    _started[process.pid] = process
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        running = find(root)
        if running is not None:
            return running
        time.sleep(0.02)
    process.terminate()
    process.wait()
    raise LocalCloudError(f"the local cloud in {directory} does not start; see {directory / 'server.log'}")


def stop(root: Path) -> bool:
    """Stop the local cloud of `root` and return whether one ran; its database stays.

    What a killed one left of its control planes is ended, too.
    """
    running = find(root)
    if running is None:
        (root / "sim" / STATE_FILE).unlink(missing_ok=True)
        for folder in (root / "sim" / "kubernetes").glob("*"):
            Processes(folder.resolve()).end_left_over()
        return False
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        if not _is_alive(running.pid):
            return True
        time.sleep(0.02)
    raise LocalCloudError(f"the local cloud with process id {running.pid} does not stop; end that process")


def env(root: Path) -> dict[str, str]:
    """Return the variables that send a Pulumi command to the local cloud of `root`; LocalCloudError if none runs."""
    running = find(root)
    if running is None:
        raise LocalCloudError(f"no local cloud runs for {root}; `gpucloud sim start` starts one")
    return make_environment(root, running.ports)


def run(root: Path, argv: Sequence[str], cwd: Path | None = None, kubernetes: Kubernetes = "played") -> int:
    """Run a command against the local cloud of `root` and return the command's exit code.

    A local cloud that runs already is used and left running. One that this call starts ends with the command, not
    before: Ctrl-C reaches the command, which finishes or cancels its update while the local cloud still answers.
    """
    was_running = find(root) is not None
    start(root, kubernetes)
    try:
        release_dead_locks(root / "state")
        return _wait(argv, {**os.environ, **env(root)}, cwd)
    finally:
        if not was_running:
            stop(root)


def _wait(argv: Sequence[str], environment: dict[str, str], cwd: Path | None) -> int:
    try:
        process = subprocess.Popen(list(argv), env=environment, cwd=cwd)
    except FileNotFoundError as error:
        raise LocalCloudError(f"{argv[0]}: there is no such program") from error
    while True:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            continue  # the terminal has sent it to the command as well
        return code if code >= 0 else 128 - code


def _is_alive(pid: int) -> bool:
    if pid in _started:
        if _started[pid].poll() is None:
            return True
        del _started[pid]
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(port: int, seconds: float) -> bool:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            grpc.channel_ready_future(channel).result(timeout=seconds)
        except grpc.FutureTimeoutError:
            return False
    return True
