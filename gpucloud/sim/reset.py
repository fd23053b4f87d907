"""Forget a local cloud."""

import shutil
from pathlib import Path

from gpucloud.sim.session import stop
from gpucloud.sim.store import Store


def reset(root: Path, *, state: bool = False) -> bool:
    """Stop the local cloud of `root` and delete its database; return whether there was one.

    Pulumi's state beside it then names what is gone: `pulumi refresh` clears it, and `state=True` deletes it.
    """
    stop(root)
    directory = root / "sim"
    existed = (directory / "cloud.db").exists()
    for path in directory.glob("cloud.db*"):
        path.unlink()
    for folder in ("kubernetes", "schemas"):
        shutil.rmtree(directory / folder, ignore_errors=True)
    if state:
        existed = (root / "state").exists() or existed
        shutil.rmtree(root / "state", ignore_errors=True)
    return existed


def remove_unknown(root: Path, project: str, stack: str, *, half_done: bool) -> int:
    """Remove what a stack began and its engine never heard of; return how much that was.

    A create that a killed run left behind waits for the next create of the same resource, and a destroy cannot know of
    it. `half_done` takes what was never finished, which stands in the way of a destroy; without it goes everything that
    no engine ever named, which is right once the stack is destroyed.
    """
    store = Store(root / "sim")
    condition = "urn LIKE ? AND acknowledged = 0" + (" AND status = 'creating'" if half_done else "")
    try:
        left = store.find(condition, f"urn:pulumi:{stack}::{project}::%")
        with store.write():
            for row in reversed(left):
                store.remove(row.seq)
                store.log("removed", row.urn, row.id, "its engine never knew it")
    finally:
        store.close()
    return len(left)
