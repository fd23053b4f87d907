"""Find or build the programs of a Kubernetes control plane: progress on stderr, their paths on stdout.

.venv/bin/python toolchain/find_control_plane.py
Without Go it says so and ends with exit code 0: everything but a real control plane works without it.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# In place of this folder: `toolchain/pulumi` must never stand in for the package `pulumi`.
sys.path[0] = str(ROOT)

from toolchain.kubernetes_tools.control_plane import find_control_plane  # noqa: E402 - the path above comes first
from toolchain.pulumi_cli.workplace import say_on_stderr  # noqa: E402


def main() -> int:
    """Print the paths; exit code 1 only where Go is there and a build fails."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        say_on_stderr(line)

    programs = find_control_plane(ROOT, os.environ, say)
    if programs is not None:
        print("\n".join(str(program) for program in programs))
        return 0
    return 1 if any("could not be built" in line for line in said) else 0


if __name__ == "__main__":
    sys.exit(main())
