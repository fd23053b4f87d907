"""`runtime.options` of a project, a plugin or a policy pack, and the Python that they name."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pulumi.runtime.proto import language_pb2

# A plugin never runs in the ambient Python: without the option its environment is `venv` beside it.
# Source: pulumi/pulumi v3.259.0, sdk/python/cmd/pulumi-language-python/main.go, parseOptions.
PLUGIN_VIRTUALENV = "venv"
TYPECHECKERS = ("mypy", "pyright")


class RuntimeOptionsError(Exception):
    """Raise when the options cannot be honoured; the text goes to the person who wrote them."""


@dataclass(frozen=True, slots=True)
class RuntimeOptions:
    """The options that this host honours; `virtualenv` is absolute, or None for the Python on PATH."""

    virtualenv: Path | None
    typechecker: str


def read_options(info: language_pb2.ProgramInfo, *, is_plugin: bool = False) -> RuntimeOptions:
    """Return the options of a program.

    A relative `virtualenv` is taken from the program's root directory. Refused: a `toolchain` other than pip, since uv
    and poetry would resolve and install packages on their own before every run.
    """
    options = dict(info.options.items())
    toolchain = options.get("toolchain", "pip")
    if toolchain != "pip":
        raise RuntimeOptionsError(
            f"runtime.options.toolchain: {toolchain!r} is not served by this language host, only 'pip' is; "
            "set it to pip, or use a Pulumi installation, which brings its own host"
        )
    virtualenv = options.get("virtualenv", PLUGIN_VIRTUALENV if is_plugin else "")
    if not isinstance(virtualenv, str):
        raise RuntimeOptionsError("runtime.options.virtualenv: it is not a string; write the path of the environment")
    typechecker = options.get("typechecker", "")
    if typechecker and typechecker not in TYPECHECKERS:
        raise RuntimeOptionsError(
            f"runtime.options.typechecker: {typechecker!r} is not one of {', '.join(TYPECHECKERS)}"
        )
    path = Path(info.root_directory, virtualenv) if virtualenv else None
    return RuntimeOptions(virtualenv=path, typechecker=str(typechecker))


def find_python(options: RuntimeOptions, environment: Mapping[str, str]) -> str:
    """Return the interpreter: of the virtual environment, else PULUMI_PYTHON_CMD, else python3 or python on PATH."""
    if options.virtualenv is not None:
        python = options.virtualenv / "bin" / "python"
        if not python.is_file():
            raise RuntimeOptionsError(
                f"runtime.options.virtualenv: {options.virtualenv} is no virtual environment (no bin/python in it); "
                "make it (`make venv` in this repository, or `pulumi install --no-plugins`)"
            )
        return str(python)
    wanted = environment.get("PULUMI_PYTHON_CMD", "")
    names = (wanted,) if wanted else ("python3", "python")
    for name in names:
        if found := shutil.which(name, path=environment.get("PATH", os.defpath)):
            return found
    raise RuntimeOptionsError(
        f"no Python to run the program with: none of {', '.join(names)} is on PATH; "
        "set runtime.options.virtualenv or PULUMI_PYTHON_CMD"
    )


def activate(options: RuntimeOptions, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which the chosen Python runs, as `activate` of that virtual environment leaves it."""
    active = dict(environment)
    if options.virtualenv is not None:
        active["VIRTUAL_ENV"] = str(options.virtualenv)
        active["PATH"] = os.pathsep.join((str(options.virtualenv / "bin"), active.get("PATH", os.defpath)))
        active.pop("PYTHONHOME", None)
    return active
