"""The packages and the version of the Python that runs a program."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from toolchain.language_host.child import ChildCommand, Children

# Runs in the program's Python, which may be another than the host's: importlib.metadata needs no pip in it.
# A package is direct when no other installed package requires it.
_REPORT = """
import importlib.metadata as m, json, platform, re, sys
norm = lambda name: re.sub(r"[-_.]+", "-", name).lower()
found, needed = {}, set()
for d in m.distributions():
    if d.metadata["Name"]:
        found.setdefault(norm(d.metadata["Name"]), (d.metadata["Name"], d.version))
    for r in d.requires or []:
        if "extra ==" not in r:
            needed.add(norm(re.match(r"[A-Za-z0-9._-]+", r).group()))
print(json.dumps({
    "executable": sys.executable,
    "version": platform.python_version(),
    "packages": [[n, v, k not in needed] for k, (n, v) in sorted(found.items())],
}))
"""


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """One distribution of an environment; `direct` when none of the others asks for it."""

    name: str
    version: str
    direct: bool


@dataclass(frozen=True, slots=True)
class PythonReport:
    """What a Python says about itself."""

    executable: str
    version: str
    packages: tuple[InstalledPackage, ...]


async def report_python(
    children: Children, python: str, directory: Path, environment: Mapping[str, str]
) -> PythonReport:
    """Return the report of an interpreter; raises RuntimeError with its stderr when it cannot give one."""
    command = ChildCommand([python, "-c", _REPORT], directory, environment)
    async with children.start(command, capture=True) as process:
        out, err = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"{python} cannot list its packages: {err.decode(errors='replace').strip()}")
    document = json.loads(out)
    packages = tuple(InstalledPackage(name, version, direct) for name, version, direct in document["packages"])
    return PythonReport(document["executable"], document["version"], packages)
