"""`gpucloud kubelet validate`: would a kubelet start with these files, and would it do what they say."""

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gpucloud.cli.kubelet_files import drop_in_bytes, file_bytes
from gpucloud.cli.kubelet_machine import (
    LATEST,
    MachineFileOption,
    MachineOption,
    VersionOption,
    described_machine,
    minor_of,
)
from gpucloud.cli.printing import BAD_INPUT, Format, FormatOption
from gpucloud.facts.kubelet_platforms import KubeletPlatform, unsupported
from gpucloud.kubelet.drop_ins import read_with_drop_ins
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.reading import ReadFile, read_file
from gpucloud.kubelet.rule import Finding

_WIDTH = 100
# Said by a file of what it is; no field of a configuration.
_HEAD = frozenset({"apiVersion", "kind"})
_WHAT_FOLLOWS = {"kubelet": "would not start", "ignored": "ignored", "library": "refused here"}


def validate(
    files: Annotated[list[str], typer.Argument(help="KubeletConfiguration files, YAML or JSON; - is standard input.")],
    machine: MachineOption = None,
    machine_file: MachineFileOption = None,
    kubernetes_version: VersionOption = LATEST,
    config_dir: Annotated[
        Path | None,
        typer.Option(
            "--config-dir", help="Merge the drop-ins of this directory (*.conf) over each file, as the kubelet does."
        ),
    ] = None,
    platform: Annotated[
        KubeletPlatform | None, typer.Option("--platform", help="Say, too, what this platform does not take.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on what the kubelet would ignore or this library refuses, too.")
    ] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """Judge KubeletConfiguration files by the kubelet's own rules, on a machine that you describe.

    The machine comes from --machine or --machine-file, else from a first line in the file such as
    `# machine: {"sockets": 2, "numa": 2, "cores": 96, "threads": 2, "memory": "2Ti"}`, else it is one like that.
    Each problem has a level: `kubelet` (it would not start), `ignored` (it starts and does not do what the file says)
    or `library` (it starts and does what nobody can want). Exit code 2 where a kubelet would not start.

    Example: gpucloud kubelet validate /etc/kubernetes/kubelet.yaml --machine p5.48xlarge --config-dir /etc/kubelet.d
    """
    minor = minor_of(kubernetes_version)
    described = described_machine(machine, machine_file)
    refused = False
    for file in files:
        read = _read(file, config_dir, minor)
        judged = _judge(read, described.machine if described else read.machine, minor, platform)
        ok = all(finding.level != "kubelet" for finding in judged)
        refused |= not ok or (strict and bool(judged))
        if output is Format.JSON:
            typer.echo(json.dumps(verdict_line(file, judged), ensure_ascii=False))
        else:
            _print_verdict(file, judged)
    if refused:
        raise typer.Exit(BAD_INPUT)


def verdict_line(file: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """One file's verdict as machines read it; `ok` says whether the kubelet would start."""
    return {
        "file": file,
        "ok": all(finding.level != "kubelet" for finding in findings),
        "problems": [
            {"rule": finding.rule, "path": finding.path, "message": finding.message, "level": finding.level}
            for finding in findings
        ],
    }


def _read(file: str, config_dir: Path | None, minor: int) -> ReadFile:
    try:
        data = file_bytes(file)
        drop_ins = drop_in_bytes(config_dir) if config_dir is not None else None
    except OSError as error:
        finding = Finding(
            "file-can-be-read", str(error.filename or file), str(error.strerror), "name a file that is there", "kubelet"
        )
        return ReadFile({}, None, (finding,))
    if drop_ins is None:
        return read_file(data, file=file)
    return read_with_drop_ins(data, drop_ins, file=file, minor=minor)


def _judge(
    read: ReadFile, machine: NodeMachine | None, minor: int, platform: KubeletPlatform | None
) -> tuple[Finding, ...]:
    findings = list(read.findings)
    if not any(finding.level == "kubelet" for finding in findings):
        findings += judge(read.values, machine or NodeMachine(), minor=minor).findings
    if platform is not None:
        findings += [
            Finding("platform-takes-the-keys", problem.path, problem.problem, problem.fix, "library")
            for problem in unsupported(platform, {key: read.values[key] for key in read.values if key not in _HEAD})
        ]
    return tuple(findings)


def _print_verdict(file: str, findings: Sequence[Finding]) -> None:
    stops = sum(finding.level == "kubelet" for finding in findings)
    if not findings:
        typer.echo(f"{file}: the kubelet would start")
        return
    verdict = "would not start" if stops else "would start"
    typer.echo(f"{file}: the kubelet {verdict}; {len(findings)} problem{'s' if len(findings) > 1 else ''}")
    for finding in findings:
        for indent, text in (("  ", f"{finding.path}: {finding.problem}"), ("    ", f"fix: {finding.fix}")):
            typer.echo(
                textwrap.fill(text, _WIDTH, initial_indent=indent, subsequent_indent="    ", break_on_hyphens=False)
            )
        typer.echo(f"    {_WHAT_FOLLOWS[finding.level]} ({finding.rule})")
