"""A plugin or a policy pack that is a directory of Python: how it is started."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pulumi.runtime.proto import analyzer_pb2, language_pb2

from toolchain.language_host.child import ChildCommand
from toolchain.language_host.policy_proxy import config_environment
from toolchain.language_host.runtime_options import RuntimeOptions, RuntimeOptionsError, activate, find_python

POLICY_PACK = "analyzer"


def plugin_command(
    request: language_pb2.RunPluginRequest, options: RuntimeOptions, environment: Mapping[str, str]
) -> ChildCommand:
    """Return the command of a source plugin: its `__main__.py`, else the package that its pyproject.toml names."""
    directory = Path(request.info.program_directory)
    python = [find_python(options, environment), "-u"]
    if (directory / "__main__.py").is_file():
        arguments = [*python, str(directory), *request.args]
    else:
        arguments = [*python, "-m", "pulumi.run.plugin", _package_name(directory), *request.args]
    return ChildCommand(arguments, Path(request.pwd or directory), activate(options, environment))


def policy_pack_command(
    request: language_pb2.RunPluginRequest,
    options: RuntimeOptions,
    environment: Mapping[str, str],
    stack: analyzer_pb2.AnalyzerStackConfigureRequest | None,
) -> ChildCommand:
    """Return the command of a policy pack; it runs in the pack's directory and knows its stack from the start."""
    directory = request.info.program_directory
    arguments = [find_python(options, environment), "-u", "-m", "pulumi.policy", *request.args, directory]
    active = activate(options, environment)
    if stack is not None:
        active |= config_environment(stack)
    return ChildCommand(arguments, Path(directory), active)


def request_environment(request: language_pb2.RunPluginRequest) -> dict[str, str]:
    """Return the `NAME=value` list that the engine sends as a mapping; the last of two equal names holds."""
    return dict(entry.partition("=")[::2] for entry in request.env)


def output_item(name: str, chunk: bytes) -> language_pb2.RunPluginResponse:
    """Return one piece of a plugin's output as the engine takes it."""
    if name == "stderr":
        return language_pb2.RunPluginResponse(stderr=chunk)
    return language_pb2.RunPluginResponse(stdout=chunk)


def _package_name(directory: Path) -> str:
    pyproject = directory / "pyproject.toml"
    if pyproject.is_file():
        document = tomllib.loads(pyproject.read_text(encoding="utf-8"))
        name = document.get("project", {}).get("name", "")
        if name and "build-system" in document:
            return str(name)
    raise RuntimeOptionsError(
        f"{directory} is no plugin: it has neither a __main__.py nor a pyproject.toml with a build-system and a name"
    )
