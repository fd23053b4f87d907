"""The script: says what it does on stderr, and the directory on stdout."""

import os
import signal
import sys
from pathlib import Path

from gpucloud.errors import ToolchainError
from toolchain.pulumi_cli.find import find_pulumi
from toolchain.pulumi_cli.workplace import Workplace, say_on_stderr

# In `.toolchain`: the directory that was found last, for recipes that run `pulumi`.
RECORD = "pulumi-bin"


def repository_workplace() -> Workplace:
    """Return the workplace of this repository, with the interpreter and the environment of this process."""
    root = Path(__file__).resolve().parents[2]
    return Workplace(root=root, environment=dict(os.environ), python=Path(sys.executable))


def main() -> int:
    """Return 0 after printing the directory; 1 after one line that says how to get Pulumi; 130 when interrupted."""
    # As Ctrl-C: what was started is ended and what is half-made is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    workplace = repository_workplace()
    try:
        directory = find_pulumi(workplace, say_on_stderr)
    except ToolchainError as error:
        say_on_stderr(f"error: {error}")
        return 1
    except KeyboardInterrupt:
        say_on_stderr("interrupted; nothing half-made was left")
        return 130
    record = workplace.made / RECORD
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(f"{directory}\n", encoding="utf-8")
    print(directory)
    return 0
