"""Ends what the toolchain starts."""

import contextlib
import os
import signal
import subprocess


def end_group(process: subprocess.Popen[str]) -> None:
    """Kill the process, started in a session of its own, and all that it started; it does nothing once it has ended."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
