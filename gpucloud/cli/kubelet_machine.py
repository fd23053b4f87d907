"""The machine that a command of `gpucloud kubelet` judges on: a type of the catalogue, or one that a file describes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gpucloud.cli.kubelet_files import file_bytes
from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.machine_types import MachineType, clouds, machine_type, machine_types
from gpucloud.facts.numa_layouts import numa_layout
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.bounds import LARGEST_FILE, BeyondBoundsError
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.machine_reading import machine_of
from gpucloud.kubelet.yaml_reading import NotYamlError, YamlDocument
from gpucloud.plan.kubelet import node_machine
from gpucloud.plan.kubelet_platform import FIRST_MINOR, LAST_MINOR

MachineOption = Annotated[
    str | None,
    typer.Option(
        "--machine", help="A machine type of the catalogue, such as p5.48xlarge or azure/Standard_ND96isr_H100_v5."
    ),
]
MachineFileOption = Annotated[
    Path | None,
    typer.Option(
        "--machine-file",
        help='JSON or YAML: {"sockets": 2, "numa": 2, "cores": 96, "threads": 2, "memory": "2Ti", '
        '"ephemeralStorage": "1Ti", "cgroup": "v2", "swap": false}; cores in all, threads per core.',
    ),
]
VersionOption = Annotated[
    str, typer.Option("--kubernetes-version", help=f"The kubelet's version, 1.{FIRST_MINOR} to 1.{LAST_MINOR}.")
]
LATEST = f"1.{LAST_MINOR}"


@dataclass(frozen=True, slots=True)
class Described:
    """A machine, its accelerators by NUMA node where they are known, and whether its layout is assumed."""

    machine: NodeMachine
    gpus_per_numa: tuple[int, ...] | None
    assumed: bool


def minor_of(version: str) -> int:
    """The minor version of `1.34`; raises InvalidInputError for what no table covers."""
    major, _, minor = version.removeprefix("v").partition(".")
    number = minor.partition(".")[0]
    known = {str(covered) for covered in range(FIRST_MINOR, LAST_MINOR + 1)}
    if major != "1" or number not in known:
        raise InvalidInputError(
            [
                Problem(
                    "--kubernetes-version",
                    f"{version} is not covered, its feature gates are not known here",
                    f"use 1.{FIRST_MINOR} to 1.{LAST_MINOR}",
                )
            ]
        )
    return int(number)


def described_machine(name: str | None, file: Path | None) -> Described | None:
    """The machine that the options name, or None without any; raises InvalidInputError or UnknownNameError."""
    if name is not None and file is not None:
        raise InvalidInputError(
            [
                Problem(
                    "--machine-file", "stands beside --machine, nobody could tell which is meant", "give one of the two"
                )
            ]
        )
    if file is not None:
        return Described(_machine_in(file), None, assumed=False)
    if name is None:
        return None
    found = find_machine_type(name)
    layout = numa_layout(found)
    return Described(node_machine(found, layout), layout.gpus_per_numa, layout.assumed)


def find_machine_type(name: str) -> MachineType:
    """The accelerated machine type of that name on any cloud; `CLOUD/NAME` says which."""
    cloud, slash, rest = name.partition("/")
    if slash:
        return machine_type(cloud, rest)
    found = [kind for cloud in clouds() for kind in machine_types(cloud) if kind.name == name]
    if not found:
        known = [kind.name for cloud in clouds() for kind in machine_types(cloud)]
        raise UnknownNameError("accelerated machine type", name, nearest_names(name, known))
    return found[0]


def _machine_in(file: Path) -> NodeMachine:
    try:
        data = file_bytes(file)
        if len(data) > LARGEST_FILE:
            raise BeyondBoundsError(f"it has more than {LARGEST_FILE:,} bytes")
        document = YamlDocument(data.decode("utf-8")).value
        if not isinstance(document, dict):
            raise NotYamlError("it holds no mapping of keys")
        return machine_of(document)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        if isinstance(error, UnicodeDecodeError):
            reason = "it is no UTF-8"
        raise InvalidInputError(
            [Problem(str(file), f"describes no machine: {reason}", "see `gpucloud kubelet validate --help`")]
        ) from None
