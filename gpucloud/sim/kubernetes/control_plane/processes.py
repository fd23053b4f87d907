"""Programs that run as long as the control plane does, and what a killed one left of them."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

_STOP_SECONDS = 10.0


class Processes:
    """Started programs of one folder: each with a log beside the others, and a note of which they are.

    The note is there so that a later start ends what is still running after a kill of the one that started it.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._note = directory / "processes.json"
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, arguments: Sequence[str]) -> None:
        """Start a program; its words go to `<name>.log`."""
        with (self._directory / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                list(arguments),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the command that runs against it
            )
        noted = {name: process.pid for name, process in self._running.items()}
        self._note.write_text(json.dumps(noted), encoding="utf-8")

    def ended(self) -> str | None:
        """The first program that has ended by itself, with the last line it said; None while all run."""
        for name, process in self._running.items():
            if process.poll() is not None:
                lines = (self._directory / f"{name}.log").read_text("utf-8", errors="replace").splitlines()
                return f"{name} ended with {process.returncode}: {lines[-1] if lines else 'without a word'}"
        return None

    def stop(self) -> None:
        """End all, the last one started first, and wait for each."""
        for process in reversed(self._running.values()):
            process.terminate()
            try:
                process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
        self._note.unlink(missing_ok=True)

    def end_left_over(self) -> None:
        """End what an earlier start of this folder left running."""
        try:
            noted = dict(json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError):
            return
        for pid in noted.values():
            # The number may be another program's by now: only one that was started for this folder is ended.
            if str(self._directory) in _command_of(int(pid)):
                os.kill(int(pid), signal.SIGKILL)
                deadline = time.monotonic() + _STOP_SECONDS
                while str(self._directory) in _command_of(int(pid)) and time.monotonic() < deadline:
                    time.sleep(0.02)
        self._note.unlink(missing_ok=True)


def _command_of(pid: int) -> str:
    """The command line of a running process; nothing for one that ended or that nobody has waited for yet."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    # macOS has no /proc.
    listed = subprocess.run(["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, check=False)
    found = listed.stdout.decode(errors="replace")
    return "" if found.startswith("Z") else found
