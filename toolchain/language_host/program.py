"""One run of a Pulumi program: its command line, its environment, and what its end means."""

import json
from collections.abc import Mapping
from pathlib import Path

from pulumi.runtime.proto import language_pb2

from toolchain.language_host.child import ChildCommand
from toolchain.language_host.flags import HostFlags
from toolchain.language_host.runtime_options import RuntimeOptions, activate, find_python

# Exit code of pulumi-language-python-exec (in the Pulumi SDK's Go module) after it has shown an error by itself.
SHOWN_TO_PERSON = 32
_QUIETLY = Path(__file__).with_name("run_quietly.py")


def program_command(
    request: language_pb2.RunRequest, flags: HostFlags, options: RuntimeOptions, environment: Mapping[str, str]
) -> ChildCommand:
    """Return the command that runs a program: the executor, told which engine, stack and entry point it serves."""
    named = {
        "monitor": request.monitor_address,
        "engine": flags.engine_address,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "tracing": flags.tracing,
        "organization": request.organization,
    }
    arguments = [find_python(options, environment), "-u", str(_QUIETLY), str(flags.executor)]
    for name, value in named.items():
        if value:
            arguments += [f"--{name}", value]
    # "--": a program's own arguments may look like the executor's.
    arguments += ["--", request.info.entry_point or ".", *request.args]
    child_environment = activate(options, environment) | {
        "PULUMI_CONFIG": json.dumps(dict(request.config), sort_keys=True),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(sorted(request.configSecretKeys)),
    }
    return ChildCommand(arguments, Path(request.info.program_directory or request.pwd), child_environment)


def typecheck_command(
    request: language_pb2.RunRequest, options: RuntimeOptions, environment: Mapping[str, str]
) -> ChildCommand:
    """Return the command that checks the program's types before it runs."""
    directory = request.info.program_directory
    arguments = [find_python(options, environment), "-m", options.typechecker]
    if options.typechecker == "mypy" and options.virtualenv is not None:
        arguments += ["--exclude", str(options.virtualenv)]
    return ChildCommand([*arguments, directory], Path(directory), activate(options, environment))


def interpret_exit(code: int) -> language_pb2.RunResponse:
    """Return what the engine is told: nothing, "already shown" (bail), or the exit code or signal."""
    if code == 0:
        return language_pb2.RunResponse()
    if code == SHOWN_TO_PERSON:
        return language_pb2.RunResponse(bail=True)
    if code < 0:
        return language_pb2.RunResponse(error=f"program was ended by signal {-code}")
    return language_pb2.RunResponse(error=f"program exited with non-zero exit code: {code}")
