"""Versions of the Pulumi command line."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class PulumiVersion(NamedTuple):
    """major.minor.patch; a suffix (-alpha.1, +dirty) is not compared."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


# The oldest one that a person's own installation may have (design, "Toolchain").
OLDEST = PulumiVersion(3, 230, 0)
# What is installed or built where there is none: the version in toolchain/pulumi/go.mod.
PINNED = PulumiVersion(3, 259, 0)
_PATTERN = re.compile(r"^v?(\d+)\.(\d+)\.(\d+)(?:[-+][0-9A-Za-z.+-]*)?$")


def parse_version(text: str) -> PulumiVersion | None:
    """Return the version that `pulumi version` printed, or None when that is none."""
    if found := _PATTERN.match(text.strip()):
        return PulumiVersion(*(int(part) for part in found.groups()))
    return None


def ask_version(program: Path, environment: Mapping[str, str]) -> PulumiVersion | None:
    """Return the version of a `pulumi` program, or None when it cannot be started or says nothing that is a version."""
    quiet = {**environment, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(
            [program, "version"],
            env=quiet,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(answer.stdout) if answer.returncode == 0 else None
