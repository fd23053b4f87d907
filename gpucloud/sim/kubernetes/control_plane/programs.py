"""Where the programs of the control plane are."""

import os
from collections.abc import Mapping
from pathlib import Path

from gpucloud.errors import LocalCloudError

VARIABLE = "GPUCLOUD_KUBERNETES_BIN"
"""A folder with the programs, where they are not those that `make kubernetes` built."""
NAMES = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")


def find_programs(environment: Mapping[str, str] = os.environ, start_at: Path | None = None) -> dict[str, Path]:
    """Return each program's path; LocalCloudError names what is missing and how it is made."""
    starts = (start_at or Path.cwd(), Path(__file__))
    folders = [folder / ".toolchain" / "bin" for start in starts for folder in start.resolve().parents]
    folders = [(start_at or Path.cwd()).resolve() / ".toolchain" / "bin", *folders]
    if VARIABLE in environment:
        folders = [Path(environment[VARIABLE])]
    for folder in folders:
        if all((folder / name).is_file() for name in NAMES):
            return {name: folder / name for name in NAMES}
    looked = environment.get(VARIABLE, ".toolchain/bin")
    raise LocalCloudError(
        f"{', '.join(NAMES)}: not all of them are in {looked}; `make kubernetes` builds them (4 minutes, once; "
        f"needs Go), or name a folder that has them in {VARIABLE}"
    )
