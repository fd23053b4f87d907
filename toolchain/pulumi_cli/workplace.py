"""Where the toolchain keeps what it makes, and how it speaks."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workplace:
    """The repository, the environment variables that hold, and the interpreter of `.venv`."""

    root: Path
    environment: Mapping[str, str]
    python: Path

    @property
    def made(self) -> Path:
        """The folder for everything that is made here; ignored by git."""
        return self.root / ".toolchain"

    @property
    def go_module(self) -> Path:
        """The folder of the Go module that pins the command line."""
        return self.root / "toolchain" / "pulumi"


def say_on_stderr(line: str) -> None:
    """Print one line of progress; stdout is for the answer."""
    print(line, file=sys.stderr, flush=True)
