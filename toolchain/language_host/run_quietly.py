"""Run Pulumi's executor of Python programs, in the program's own Python; Ctrl-C then shows no traceback.

    python -u run_quietly.py EXECUTOR ARGUMENTS...

Standard library only: the program's environment need not be the host's.
"""

import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


def show(kind: type[BaseException], error: BaseException, traceback: "TracebackType | None") -> None:
    """Print an uncaught error as Python does, but an interruption as one line."""
    if issubclass(kind, KeyboardInterrupt):
        print("the program was interrupted", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, traceback)


def show_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    """Likewise where Python itself goes on after the error: in a callback of gRPC the interruption has nobody to end.

    The host terminates such a program a moment later.
    """
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        print("the program was interrupted", file=sys.stderr)
    else:
        sys.__unraisablehook__(ignored)


if __name__ == "__main__":
    sys.excepthook = show
    sys.unraisablehook = show_ignored
    del sys.argv[0]
    sys.path[0] = str(Path(sys.argv[0]).parent)
    runpy.run_path(sys.argv[0], run_name="__main__")
