"""Kubernetes versions as AKS writes them: `1.34` is an alias for a patch, here always `1.34.0`."""

import re

LATEST = "1.34"  # what a cluster gets that asks for none: the local cloud's own choice


def full_version(version: str) -> str:
    """Return major, minor and patch."""
    return version if version.count(".") != 1 else f"{version}.0"


def minor_of(version: object) -> tuple[int, int] | None:
    """Return major and minor, or None for what is no version."""
    found = re.fullmatch(r"(\d+)\.(\d+)(?:\.\d+)?", str(version))
    return (int(found[1]), int(found[2])) if found else None


def parts_of(version: object) -> tuple[int, ...]:
    """Return the numbers of a version, for comparison; none for what is no version."""
    return tuple(int(part) for part in str(version).split(".")) if minor_of(version) else ()
