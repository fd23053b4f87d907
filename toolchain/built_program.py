"""A program that is built from its Go module, and built anew where its sources have changed."""

import hashlib
import os
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.go_compile import CompileOrder, compile_program
from toolchain.pulumi_cli.workplace import Say


@dataclass(frozen=True, slots=True)
class GoProgram:
    """One program.

    Attributes:
        name: Of the program, in `.toolchain/bin`.
        module: The folder of its Go module, below the root.
        package: What is compiled: `.`, or the package of a module that `go.mod` names as a tool.
        ldflags: For the linker; a program that judges by its own version has it stamped here.
        takes: How long that is, for a person who waits.
    """

    name: str
    module: Path
    package: str = "."
    ldflags: str = "-s -w"
    takes: str = "1 minute"


def no_go(name: str) -> str:
    """What is said where there is no Go."""
    return f"{name} is not built: there is no Go on PATH (1.26 or later)"


def could_not(name: str) -> str:
    """How the line begins that says that a build failed."""
    return f"{name} could not be built"


def find_or_build(program: GoProgram, root: Path, environment: Mapping[str, str], say: Say) -> Path | None:
    """Return the program, built first where it is missing or older than its sources; None after saying why.

    Nothing half-made is left: it is built under another name and gets its own at the end, with a stamp of its sources.
    """
    folder = root / ".toolchain" / "bin"
    target, stamp = folder / program.name, folder / f"{program.name}.sources"
    sources = stamp_of(program, root)
    if target.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == sources:
        return target
    go = shutil.which("go", path=environment.get("PATH", ""))
    if go is None:
        say(no_go(program.name))
        return None
    folder.mkdir(parents=True, exist_ok=True)
    half_made = folder / f".{program.name}-{os.getpid()}"
    started = time.monotonic()
    say(f"building {program.name} from its Go module: about {program.takes} on 2 cores, once")
    try:
        order = CompileOrder(root / program.module, program.package, half_made, ldflags=program.ldflags)
        complaint = compile_program(go, order, environment, say)
        if complaint is not None:
            say(f"{could_not(program.name)}: {complaint}")
            return None
        stamp.unlink(missing_ok=True)
        half_made.replace(target)
        stamp.write_text(sources, encoding="utf-8")
    finally:
        half_made.unlink(missing_ok=True)
    say(f"built {target} in {time.monotonic() - started:.0f} s")
    return target


def stamp_of(program: GoProgram, root: Path) -> str:
    """A hash over every source of the module and over how it is built, the same on every machine."""
    digest = hashlib.sha256(f"{program.package}\0{program.ldflags}".encode())
    module = root / program.module
    for source in sorted([*module.glob("*.go"), module / "go.mod", module / "go.sum"]):
        digest.update(f"{source.name}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()
