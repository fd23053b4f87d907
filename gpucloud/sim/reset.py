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
    shutil.rmtree(directory / "schemas", ignore_errors=True)
    if state:
        existed = (root / "state").exists() or existed
        shutil.rmtree(root / "state", ignore_errors=True)
    return existed


def remove_unknown(root: Path, project: str, stack: str) -> int:
    """Remove what a stack began and its engine never heard of; return how much that was.

    A create that a killed run left behind waits for the next create of the same resource. Once the stack is destroyed
    there will be none, and no destroy can know of it.
    """
    store = Store(root / "sim")
    try:
        left = store.find("urn LIKE ? AND acknowledged = 0", f"urn:pulumi:{stack}::{project}::%")
        with store.write():
            for row in reversed(left):
                store.remove(row.seq)
                store.log("removed", row.urn, row.id, "its stack is gone and never knew it")
    finally:
        store.close()
    return len(left)
