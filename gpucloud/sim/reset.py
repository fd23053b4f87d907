"""Forget a local cloud."""

import shutil
from pathlib import Path

from gpucloud.sim.session import stop


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
