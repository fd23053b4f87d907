"""Finds `kubelet-check`, or builds it anew where its sources have changed."""

import hashlib
import os
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from toolchain.go_compile import CompileOrder, compile_program
from toolchain.pulumi_cli.workplace import Say

MODULE = Path("toolchain/kubelet-check")
# The kubelet judges some fields by its own version, so the program has to say that it is this one.
VERSION = "1.36.3"
_MAJOR, _MINOR, _ = VERSION.split(".")
_STAMPED = "k8s.io/component-base/version"
LDFLAGS = f"-s -w -X {_STAMPED}.gitVersion=v{VERSION} -X {_STAMPED}.gitMajor={_MAJOR} -X {_STAMPED}.gitMinor={_MINOR}"
NO_GO = "kubelet-check is not built: there is no Go on PATH (1.26 or later), and nothing else compares with the kubelet"


def find_kubelet_check(root: Path, environment: Mapping[str, str], say: Say) -> Path | None:
    """Return the program, built first where it is missing or older than its sources; None after saying why.

    Nothing half-made is left: it is built under another name and gets its own at the end, with a stamp of its sources.
    """
    folder = root / ".toolchain" / "bin"
    program, stamp = folder / "kubelet-check", folder / "kubelet-check.sources"
    sources = stamp_of(root / MODULE)
    if program.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == sources:
        return program
    go = shutil.which("go", path=environment.get("PATH", ""))
    if go is None:
        say(NO_GO)
        return None
    folder.mkdir(parents=True, exist_ok=True)
    half_made = folder / f".kubelet-check-{os.getpid()}"
    started = time.monotonic()
    say(f"building kubelet-check from the kubelet's own code, {VERSION}: about 4 minutes on 2 cores, once")
    try:
        complaint = compile_program(go, CompileOrder(root / MODULE, ".", half_made, ldflags=LDFLAGS), environment, say)
        if complaint is not None:
            say(f"kubelet-check could not be built: {complaint}")
            return None
        stamp.unlink(missing_ok=True)
        half_made.replace(program)
        stamp.write_text(sources, encoding="utf-8")
    finally:
        half_made.unlink(missing_ok=True)
    say(f"built {program} in {time.monotonic() - started:.0f} s")
    return program


def stamp_of(module: Path) -> str:
    """A hash over every source of the module and over how it is built, the same on every machine."""
    digest = hashlib.sha256(LDFLAGS.encode())
    for source in sorted([*module.glob("*.go"), module / "go.mod", module / "go.sum"]):
        digest.update(f"{source.name}\0".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()
