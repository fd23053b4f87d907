"""Options that several commands of `gpucloud sim` share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gpucloud.sim import session


class KubernetesKind(StrEnum):
    """Which Kubernetes the local cloud's clusters have."""

    PLAYED = "played"
    REAL = "real"


DirectoryOption = Annotated[
    Path | None,
    typer.Option("--dir", help="Directory of the local cloud; .local below the project's root where none is given."),
]
KubernetesOption = Annotated[
    KubernetesKind,
    typer.Option(
        "--kubernetes",
        help="Kubernetes of its clusters: played (objects are checked against schemas and stored), or real (etcd, API "
        "server, controllers and scheduler of each cluster run here; `make kubernetes` builds them).",
    ),
]


def root_of(directory: Path | None) -> Path:
    """Return the directory that a command is about."""
    return directory.resolve() if directory is not None else session.default_directory()
