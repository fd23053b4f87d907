"""The shortest form of a path, as Go's path/filepath.Clean has it on Linux."""

from posixpath import normpath


def clean_path(path: str) -> str:
    """The path without `.`, `..`, doubled and last slashes; Python keeps two leading slashes where Go keeps one."""
    clean = normpath(path)
    return clean[1:] if clean.startswith("//") else clean
