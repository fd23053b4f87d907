"""What `pulumi install` does for a Python program: make its virtual environment and install what it lists."""

from collections.abc import Mapping
from pathlib import Path

from pulumi.runtime.proto import language_pb2

from toolchain.language_host.child import ChildCommand
from toolchain.language_host.runtime_options import RuntimeOptions, activate, find_python


def installation_commands(
    request: language_pb2.InstallDependenciesRequest, options: RuntimeOptions, environment: Mapping[str, str]
) -> list[ChildCommand]:
    """Return the commands in order: the virtual environment where it is missing, then the listed packages.

    A program lists them in requirements.txt; a plugin may be a package itself, which is then installed too. Nothing
    is returned for a program that lists nothing.
    """
    directory = Path(request.info.program_directory or request.directory)
    ambient = RuntimeOptions(virtualenv=None, typechecker="")
    python = find_python(ambient, environment)
    commands = []
    if options.virtualenv is not None:
        if not (options.virtualenv / "bin" / "python").is_file():
            commands.append(ChildCommand([python, "-m", "venv", str(options.virtualenv)], directory, environment))
        python = str(options.virtualenv / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    active = activate(options, environment)
    if request.is_plugin and (directory / "pyproject.toml").is_file():
        commands.append(ChildCommand([*pip, str(directory)], directory, active))
    if (directory / "requirements.txt").is_file():
        commands.append(ChildCommand([*pip, "-r", "requirements.txt"], directory, active))
    return commands
