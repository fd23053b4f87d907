"""Find or build the program that asks the kubelet's own code: progress on stderr, its path on stdout.

.venv/bin/python toolchain/find_kubelet_check.py
Without Go it says so and ends with exit code 0: everything but the comparison with the kubelet works without it.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# In place of this folder: `toolchain/pulumi` must never stand in for the package `pulumi`.
sys.path[0] = str(ROOT)

from toolchain.kubernetes_tools.kubelet_check import find_kubelet_check  # noqa: E402 - the path above comes first
from toolchain.pulumi_cli.workplace import say_on_stderr  # noqa: E402


def main() -> int:
    """Print the path; exit code 1 only where Go is there and the build fails."""
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        say_on_stderr(line)

    program = find_kubelet_check(ROOT, os.environ, say)
    if program is not None:
        print(program)
        return 0
    return 1 if any("could not be built" in line for line in said) else 0


if __name__ == "__main__":
    sys.exit(main())
