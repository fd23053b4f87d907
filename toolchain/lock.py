"""Lock the dependencies: constraints/*.txt, with hashes, from pyproject.toml.

.venv/bin/python toolchain/lock.py          write the files; versions that still fit are kept
.venv/bin/python toolchain/lock.py --upgrade    take the newest versions
.venv/bin/python toolchain/lock.py --check  change nothing; exit code 1 when a file is not what it would become
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# dev.txt is what `make venv` installs; each other one is what runs a program on one cloud, and nothing more.
LOCKS: Mapping[str, Sequence[str]] = {
    "constraints/aws.txt": ("--extra", "aws", "--extra", "kubernetes"),
    "constraints/azure.txt": ("--extra", "azure", "--extra", "kubernetes"),
    "constraints/gcp.txt": ("--extra", "gcp", "--extra", "kubernetes"),
    "constraints/dev.txt": (
        *(
            "--extra",
            "aws",
            "--extra",
            "azure",
            "--extra",
            "gcp",
            "--extra",
            "kubernetes",
            "--extra",
            "policy",
            "--extra",
            "verify",
        ),
        *("--group", "dev"),
    ),
}
# Nothing of the machine that ran the lock goes into the file: no index, no links, no command line.
OPTIONS = ("--universal", "--python-version", "3.11", "--generate-hashes")
SILENCE = ("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet")

_ANNOTATION = re.compile(r"^\s*#(?P<text>.*)$")
_OF_A_MACHINE = re.compile(r"(?:^|\s)(?:/|~|[A-Za-z]:\\)|://|\bfrom\s+\S+\.\S+")


def strip_machine(text: str) -> str:
    """Return a lock file without the comments that name a path of a machine or a registry's host."""
    kept = []
    for line in text.splitlines():
        found = _ANNOTATION.match(line)
        if found is None or _OF_A_MACHINE.search(found["text"]) is None:
            kept.append(line)
    return "\n".join(kept) + "\n"


def compile_lock(uv: Path, name: str, target: Path, *, upgrade: bool) -> str:
    """Return the text of one lock file, resolved by uv; pins of the present file are kept where they still fit."""
    present = ROOT / name
    if present.is_file():
        target.write_bytes(present.read_bytes())
    arguments = [str(uv), "pip", "compile", "pyproject.toml", *LOCKS[name], *OPTIONS, *SILENCE, "-o", str(target)]
    if upgrade:
        arguments.append("--upgrade")
    subprocess.run(arguments, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return strip_machine(target.read_text(encoding="utf-8"))


def differing_pins(present: str, fresh: str) -> list[str]:
    """Return the pins that a fresh lock would add (+) and drop (-), sorted; nothing when only hashes differ."""
    old, new = (
        {line.removesuffix(" \\") for line in text.splitlines() if line[:1].isalnum()} for text in (present, fresh)
    )
    return sorted([f"- {pin}" for pin in old - new] + [f"+ {pin}" for pin in new - old], key=lambda line: line[2:])


def main(arguments: Sequence[str]) -> int:
    """Return 0 when the files are (or now are) as they should be, 1 when --check found another text or uv failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    flags = parser.parse_args(arguments)
    uv = Path(sys.executable).with_name("uv")
    stale = []
    with tempfile.TemporaryDirectory() as folder:
        for name in LOCKS:
            try:
                fresh = compile_lock(uv, name, Path(folder, Path(name).name), upgrade=flags.upgrade)
            except (OSError, subprocess.CalledProcessError) as error:
                print(
                    f"error: {name}: uv could not lock it ({error}); it needs .venv and a package index",
                    file=sys.stderr,
                )
                return 1
            path = ROOT / name
            present = path.read_text(encoding="utf-8") if path.is_file() else ""
            if present == fresh:
                print(f"{name}: up to date", file=sys.stderr)
            elif flags.check:
                stale.append(name)
                sys.stderr.writelines(f"{line}\n" for line in differing_pins(present, fresh))
            else:
                path.write_text(fresh, encoding="utf-8")
                print(f"{name}: written", file=sys.stderr)
    if stale:
        print(f"error: {', '.join(stale)}: not what pyproject.toml gives; run `make lock`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
