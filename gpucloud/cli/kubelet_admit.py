"""`gpucloud kubelet admit`: which NUMA nodes a pod would get from a kubelet, or what it would die with."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from gpucloud.cli.kubelet_files import file_bytes, file_text
from gpucloud.cli.kubelet_machine import (
    LATEST,
    Described,
    MachineFileOption,
    MachineOption,
    VersionOption,
    described_machine,
    minor_of,
)
from gpucloud.cli.printing import FAILED, Format, FormatOption, print_json, print_table
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.kubelet.admission.admit import Admission, admit as admit_pod
from gpucloud.kubelet.admission.pod import Pod
from gpucloud.kubelet.admission.pod_reading import pod_of_manifest, pod_of_text
from gpucloud.kubelet.quantity import write_bytes
from gpucloud.kubelet.reading import read_file

_HEAD = frozenset({"apiVersion", "kind"})
_LONGEST_NUMBER = 6


def admit(
    pod: Annotated[
        list[str] | None,
        typer.Option("--pod", help="What a pod asks for: cpu=90,memory=1Ti,nvidia.com/gpu=8. Repeatable."),
    ] = None,
    pod_file: Annotated[Path | None, typer.Option("--pod-file", help="A Pod, or anything with a pod template.")] = None,
    config: Annotated[Path | None, typer.Option("--config", help="The KubeletConfiguration file.")] = None,
    machine: MachineOption = None,
    machine_file: MachineFileOption = None,
    gpus_per_numa: Annotated[
        str | None, typer.Option("--gpus-per-numa", help="GPUs by NUMA node, such as 4,4; left out, the catalogue's.")
    ] = None,
    kubernetes_version: VersionOption = LATEST,
    output: FormatOption = Format.TABLE,
) -> None:
    """Say what the kubelet's admission does with a pod: the NUMA nodes it gets, or the error it dies with.

    The pods run in the order given, those before the last are taken as running. Without --config the kubelet has its
    defaults, which align nothing. Exit code 1 where the last pod is refused.

    Example: gpucloud kubelet admit --machine p5.48xlarge --config kubelet.yaml --pod cpu=90,memory=1Ti,nvidia.com/gpu=8
    """
    minor = minor_of(kubernetes_version)
    values, in_file = _configuration(config)
    node = described_machine(machine, machine_file) or in_file
    if node is None:
        fix = "give --machine p5.48xlarge, or --machine-file"
        raise InvalidInputError([Problem("--machine", "is missing, nobody could place a pod on it", fix)])
    pods = [*([pod_of_manifest(file_text(pod_file))] if pod_file else []), *(pod_of_text(text) for text in pod or ())]
    if not pods:
        raise InvalidInputError([Problem("--pod", "is missing, there is nothing to admit", "give --pod or --pod-file")])
    gpus = _gpus(gpus_per_numa, node)
    answer = admit_pod(node.machine, values, pods[-1], gpus, running=pods[:-1], minor=minor)
    if output is Format.JSON:
        print_json(dataclasses.asdict(answer))
    else:
        _print_answer(answer, pods[-1], gpus, assumed=node.assumed and gpus_per_numa is None)
    if not answer.admitted:
        raise typer.Exit(FAILED)


def _print_answer(answer: Admission, pod: Pod, gpus: tuple[int, ...], *, assumed: bool) -> None:
    by_node = ", ".join(f"{count} on NUMA node {node}" for node, count in enumerate(gpus) if count)
    typer.echo(f"GPUs: {by_node or 'none'}{' (assumed: no source states this layout)' if assumed else ''}")
    if not answer.admitted:
        typer.echo(f"refused with {answer.reason}: {answer.message}")
        return
    typer.echo(f"admitted, {pod.qos}")
    rows: list[tuple[Any, ...]] = [
        (
            place.name,
            ", ".join(map(str, place.numa_nodes)) or "any",
            _ranges(place.cpus) or "shared",
            ", ".join(f"{count} of node {node}" for node, count in place.gpus_by_node),
            ", ".join(f"{write_bytes(size)} of node {node}" for node, size in place.memory) or "any",
        )
        for place in answer.containers
    ]
    print_table(("container", "NUMA nodes", "CPUs", "GPUs", "memory"), rows)


def _configuration(file: Path | None) -> tuple[dict[str, Any], Described | None]:
    if file is None:
        return {}, None
    try:
        read = read_file(file_bytes(file), file=str(file))
    except OSError as error:
        raise InvalidInputError(
            [Problem(str(file), str(error.strerror).lower(), "name a file that is there")]
        ) from None
    problems = [
        Problem(finding.path, finding.problem, finding.fix) for finding in read.findings if finding.level == "kubelet"
    ]
    if problems:
        raise InvalidInputError(problems)
    values = {key: value for key, value in read.values.items() if key not in _HEAD}
    return values, Described(read.machine, None, assumed=False) if read.machine else None


def _gpus(text: str | None, node: Described) -> tuple[int, ...]:
    if text is None:
        return node.gpus_per_numa or ()
    parts = text.split(",")
    if not all(part.strip().isdecimal() and len(part) < _LONGEST_NUMBER for part in parts):
        raise InvalidInputError([Problem("--gpus-per-numa", f"{text} is no list of numbers", "write it like 4,4")])
    return tuple(int(part) for part in parts)


def _ranges(numbers: tuple[int, ...]) -> str:
    """`0-3, 8` of numbers."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][-1] + 1:
            parts[-1][-1:] = [parts[-1][-1], number] if len(parts[-1]) == 1 else [number]
        else:
            parts.append([number])
    return ",".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
