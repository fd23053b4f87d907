"""Locks of Pulumi's file backend that a killed command left behind.

Source of the form: pulumi/pulumi pkg/backend/diy/lock.go: `.pulumi/locks/**/<id>.json` with pid, username and hostname.
"""

import json
import os
import socket
from pathlib import Path


def release_dead_locks(state: Path) -> list[Path]:
    """Remove the locks whose process was on this host and is gone; return them, sorted."""
    removed = []
    for path in sorted((state / ".pulumi" / "locks").glob("**/*.json")):
        try:
            lock = json.loads(path.read_text("utf-8"))
            pid, host = int(lock["pid"]), str(lock["hostname"])
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not a lock that we can read: leave it to its owner
        if host == socket.gethostname() and not _is_alive(pid):
            path.unlink(missing_ok=True)
            removed.append(path)
    return removed


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_ended(pid)


def _is_ended(pid: int) -> bool:
    """Return whether a process has ended and only waits for its parent to ask, which in a container may be never."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False  # no /proc on this system, or gone meanwhile: the next look will tell
    return state in {"Z", "X"}
