"""The files that commands of `gpucloud kubelet` read, never more of one than could matter."""

import stat
import sys
from pathlib import Path

from gpucloud.errors import InvalidInputError, Problem

# No reader below takes more than 1 MiB; what is cut off here (a device without end, an image) is refused there.
_MOST = 32 * 2**20


def file_bytes(file: str | Path) -> bytes:
    """The bytes of a file, `-` being standard input, at most 32 MiB; raises OSError where it cannot be read."""
    if str(file) == "-":
        return sys.stdin.buffer.read(_MOST)
    with Path(file).open("rb") as handle:
        return handle.read(_MOST)


def drop_in_bytes(directory: Path) -> dict[str, bytes]:
    """The files below a directory by their path in it, sorted; raises OSError where one cannot be read.

    What is no file, such as a pipe, is left out: opening it could wait for ever.
    """
    if not stat.S_ISDIR(directory.stat().st_mode):
        raise NotADirectoryError(20, "Not a directory", str(directory))
    return {
        str(found.relative_to(directory)): file_bytes(found)
        for found in sorted(directory.rglob("*"))
        if found.is_file()
    }


def file_text(file: Path) -> str:
    """The text of a file in UTF-8; raises InvalidInputError where there is none."""
    try:
        return file_bytes(file).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = str(error.strerror).lower() if isinstance(error, OSError) else "no UTF-8"
        raise InvalidInputError([Problem(str(file), reason, "name a file that is there")]) from None
