"""What gpucloud adds to `pulumi preview`, against a flat program that declares the very same resources."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from benchmarks.measure import MeasurementError, Say, figure, ratio
from benchmarks.programs.record import differences, read_record
from benchmarks.rows import Row
from gpucloud.sim import session

_PROGRAMS = Path(__file__).resolve().parent / "programs"
_OURS, _FLAT = "components", "flat"


@dataclass(frozen=True, slots=True)
class Project:
    """A program as a Pulumi project with a stack of its own, and what its runs took, in seconds."""

    directory: Path
    environment: dict[str, str]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """What the last preview printed."""
        return self.directory / "preview.json"

    def preview(self) -> None:
        """Run a preview to its end and keep its times; MeasurementError where it fails."""
        start, before = time.perf_counter(), _children_cpu()
        with self.output.open("wb") as output:
            code = _pulumi(self, "preview", "--stack", "dev", "--json", output=output)
        if code:
            raise MeasurementError(f"the preview of {self.directory.name} failed:\n{self.output.read_text()[-2000:]}")
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(_children_cpu() - before)


def run(*, quick: bool, say: Say) -> list[Row]:
    """Previews of empty stacks in the local cloud, in turn; both must record the same resources or nothing is said."""
    if shutil.which("pulumi") is None:
        raise MeasurementError("preview: there is no `pulumi` on PATH; `make bench` finds or makes it")
    pools, rounds = (10, 1) if quick else (200, 3)
    with tempfile.TemporaryDirectory(prefix="gpucloud-bench-") as folder:
        root = Path(folder)
        session.start(root)
        try:
            ours, flat = (make_project(root, name, pools) for name in (_OURS, _FLAT))
            resources = compare_previews(ours, flat, rounds, say, f"preview: {pools} pools")
        finally:
            session.stop(root)
    size = f"{pools} pools, {resources:,} resources"
    note = "engine, language host and program; not the local cloud"
    return [
        Row("preview", f"{size}, flat program", figure(flat.wall), "s"),
        Row("preview", f"{size}, gpucloud", figure(ours.wall), "s", ratio(ours.wall, flat.wall), "flat", "≤ 1.05"),
        Row("preview", f"{size}, gpucloud, CPU", figure(ours.cpu), "s", ratio(ours.cpu, flat.cpu), "flat", "", note),
    ]


def compare_previews(ours: Project, flat: Project, rounds: int, say: Say, title: str) -> int:
    """Preview both in turn and return how many resources both record; MeasurementError where they differ."""
    for number in range(rounds):
        for project in (ours, flat) if number % 2 == 0 else (flat, ours):
            project.preview()
            say(f"{title}, round {number + 1} of {rounds}: {project.directory.name} took {project.wall[-1]:.1f} s")
    records = [read_record(project.output.read_text("utf-8")) for project in (ours, flat)]
    found = differences(*records)
    if found:
        raise MeasurementError("preview: the two programs do not declare the same resources:\n" + "\n".join(found[:20]))
    return records[0].total()


def make_project(root: Path, name: str, pools: int) -> Project:
    """Make a project of one of the programs, with so many pools, and its stack."""
    directory, state = root / name, root / f"state-{name}"
    directory.mkdir()
    state.mkdir()
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    config = {"bench:pools": str(pools), "aws:region": "us-east-1", "azure-native:location": "eastus"}
    (directory / "Pulumi.yaml").write_text(json.dumps({"name": "bench", "runtime": runtime}), encoding="utf-8")
    (directory / "Pulumi.dev.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")
    shutil.copy(_PROGRAMS / f"{name}.py", directory / "__main__.py")
    environment = {**os.environ, **session.env(root), "PULUMI_BACKEND_URL": f"file://{state}"}
    project = Project(directory, environment)
    with project.output.open("wb") as output:
        if _pulumi(project, "stack", "init", "dev", output=output):
            raise MeasurementError(f"no stack for {name}:\n{project.output.read_text()}")
    return project


def _pulumi(project: Project, *arguments: str, output: IO[bytes]) -> int:
    return subprocess.run(
        ["pulumi", "--non-interactive", "--color", "never", *arguments],
        cwd=project.directory,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if arguments[0] == "stack" else None,
        check=False,
    ).returncode


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
