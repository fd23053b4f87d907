"""Compiles a program from its Go module, and says how far it is."""

import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.pulumi_cli.child_process import end_group
from toolchain.pulumi_cli.workplace import Say

HEARTBEAT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class CompileOrder:
    """Which package of the module in a folder becomes which file, with which further flags of `go build`."""

    module: Path
    package: str
    target: Path
    flags: tuple[str, ...] = ()
    ldflags: str = "-s -w"


def compile_program(go: str, order: CompileOrder, environment: Mapping[str, str], say: Say) -> str | None:
    """Compile it, with a line of progress now and then; None, or what Go complained of."""
    arguments = [go, "build", "-mod=readonly", "-v", "-trimpath", *order.flags]
    arguments += ["-ldflags", order.ldflags, "-o", str(order.target), order.package]
    with subprocess.Popen(
        arguments,
        cwd=order.module,
        env=go_environment(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        lines: list[str] = []
        reader = threading.Thread(target=lambda: lines.extend(process.stderr or ()), daemon=True)
        reader.start()
        try:
            while True:
                try:
                    process.wait(timeout=HEARTBEAT_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    say(f"  … {_progress(lines)}")
        finally:
            end_group(process)
            reader.join()
    if process.returncode == 0:
        return None
    complaints = [line.strip() for line in lines if " " in line.strip() and not line.startswith("go: downloading")]
    return "; ".join(complaints[-3:]) or f"go build ended with exit code {process.returncode}"


def go_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for Go: no cgo, so that no C compiler is needed and any Linux runs the result; no workspace."""
    return {**environment, "CGO_ENABLED": "0", "GOWORK": "off"}


def _progress(lines: list[str]) -> str:
    # `go build -v` prints "go: downloading MODULE VERSION" and then each package's import path alone on its line.
    seen = tuple(lines)
    fetched = sum(line.startswith("go: downloading") for line in seen)
    compiled = sum(" " not in line.strip() for line in seen)
    return f"{fetched} modules fetched, {compiled} packages compiled"
