"""What stands beside the command line that was built: its language host and Pulumi's own two scripts."""

import shlex
from pathlib import Path

from toolchain.pulumi_cli.workplace import Workplace

EXECUTOR = "pulumi-language-python-exec"
# Where the SDK's Go module keeps the scripts (v3.259.0); the module cache drops their executable bit.
SDK_SCRIPTS = {
    EXECUTOR: Path("python", "cmd", EXECUTOR),
    "pulumi-resource-pulumi-python": Path("python", "dist", "pulumi-resource-pulumi-python"),
}


def launcher_text(directory: Path, workplace: Workplace) -> str:
    """Return the launcher `pulumi-language-python`.

    `exec`, so that the engine's signals and its parenthood reach the host itself; `-I`, so that a program's PYTHONPATH
    does not become the host's.
    """
    host = workplace.root / "toolchain" / "language_host" / "__main__.py"
    words = (str(workplace.python), "-I", str(host), "--use-executor", str(directory / EXECUTOR))
    return f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n'


def put_beside(directory: Path, workplace: Workplace, *, sdk: Path | None) -> bool:
    """Write the launcher and, given the SDK module's directory, the scripts; returns whether all are there then."""
    if sdk is not None:
        for name, source in SDK_SCRIPTS.items():
            if not (sdk / source).is_file():
                return False
            _put(directory / name, (sdk / source).read_text(encoding="utf-8"))
    if not all((directory / name).is_file() for name in SDK_SCRIPTS):
        return False
    _put(directory / "pulumi-language-python", launcher_text(directory, workplace))
    return True


def _put(target: Path, text: str) -> None:
    if target.is_file() and target.read_text(encoding="utf-8") == text and target.stat().st_mode & 0o111:
        return
    half_made = target.with_name(f".{target.name}.new")
    half_made.write_text(text, encoding="utf-8")
    half_made.chmod(0o755)
    half_made.replace(target)
