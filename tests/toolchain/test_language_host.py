"""The language host without an engine: options and commands."""

from pathlib import Path

import pytest
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2, language_pb2

from tests.toolchain.workplaces import write_program
from toolchain.language_host.flags import HostFlags, parse_flags
from toolchain.language_host.installation import installation_commands
from toolchain.language_host.policy_proxy import config_environment
from toolchain.language_host.program import interpret_exit, program_command
from toolchain.language_host.runtime_options import (
    RuntimeOptions,
    RuntimeOptionsError,
    activate,
    find_python,
    read_options,
)
from toolchain.language_host.source_plugin import plugin_command, policy_pack_command, request_environment

AMBIENT = RuntimeOptions(virtualenv=None, typechecker="")
FLAGS = HostFlags("127.0.0.1:1", Path("/bin/executor"), "")


def info(root: Path | str, **options: object) -> language_pb2.ProgramInfo:
    struct = struct_pb2.Struct()
    struct.update(options)
    return language_pb2.ProgramInfo(
        root_directory=str(root), program_directory=str(root), entry_point=".", options=struct
    )


def make_environment(root: Path) -> Path:
    write_program(root / "bin" / "python", "exit 0")
    return root


@pytest.mark.parametrize(
    "arguments",
    [
        ["127.0.0.1:99"],
        ["--logtostderr", "-v=9", "127.0.0.1:99"],
        ["-root=/somewhere", "127.0.0.1:99"],
        ["--some-flag-of-a-later-engine", "--tracing", "file:/t", "127.0.0.1:99"],
    ],
)
def test_the_engine_is_found_behind_any_flags(arguments: list[str]) -> None:
    flags = parse_flags(["--use-executor", "/bin/exec", *arguments])
    assert flags.engine_address == "127.0.0.1:99"
    assert flags.executor == Path("/bin/exec")


def test_a_relative_environment_is_one_of_the_project(tmp_path: Path) -> None:
    make_environment(tmp_path / "venv")
    options = read_options(info(tmp_path, virtualenv="venv", toolchain="pip"))
    assert options.virtualenv == tmp_path / "venv"
    assert find_python(options, {}) == str(tmp_path / "venv" / "bin" / "python")


def test_an_absolute_environment_is_taken_as_it_is(tmp_path: Path) -> None:
    assert read_options(info("/project", virtualenv=str(tmp_path))).virtualenv == tmp_path


@pytest.mark.parametrize(
    ("options", "named"),
    [({"toolchain": "uv"}, "toolchain"), ({"virtualenv": 3}, "virtualenv"), ({"typechecker": "pyre"}, "typechecker")],
)
def test_options_that_cannot_be_honoured_are_refused(options: dict[str, object], named: str) -> None:
    with pytest.raises(RuntimeOptionsError, match=f"runtime.options.{named}"):
        read_options(info("/project", **options))


def test_a_plugin_never_runs_in_the_ambient_python() -> None:
    assert read_options(info("/plugin"), is_plugin=True).virtualenv == Path("/plugin/venv")
    assert read_options(info("/program"), is_plugin=False).virtualenv is None


def test_an_environment_without_a_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuntimeOptionsError, match="no virtual environment"):
        find_python(read_options(info(tmp_path, virtualenv="gone")), {})


def test_the_ambient_python_is_the_named_one_else_python3_else_python(tmp_path: Path) -> None:
    path = {"PATH": str(tmp_path)}
    with pytest.raises(RuntimeOptionsError, match="PULUMI_PYTHON_CMD"):
        find_python(AMBIENT, path)
    for name in ("python", "python3", "mine"):
        write_program(tmp_path / name, "exit 0")
    assert find_python(AMBIENT, path) == str(tmp_path / "python3")
    assert find_python(AMBIENT, path | {"PULUMI_PYTHON_CMD": "mine"}) == str(tmp_path / "mine")
    with pytest.raises(RuntimeOptionsError, match="none of absent"):
        find_python(AMBIENT, path | {"PULUMI_PYTHON_CMD": "absent"})


def test_an_environment_is_activated() -> None:
    active = activate(RuntimeOptions(Path("/venv"), ""), {"PATH": "/bin", "PYTHONHOME": "/other"})
    assert active == {"PATH": "/venv/bin:/bin", "VIRTUAL_ENV": "/venv"}
    assert activate(AMBIENT, {"PATH": "/bin"}) == {"PATH": "/bin"}


def test_the_program_is_told_its_stack_and_its_configuration(tmp_path: Path) -> None:
    write_program(tmp_path / "python3", "exit 0")
    request = language_pb2.RunRequest(
        project="p",
        stack="dev",
        monitor_address="127.0.0.1:2",
        dryRun=True,
        parallel=16,
        config={"p:b": "2", "p:a": "1"},
        configSecretKeys=["p:b"],
        args=["--monitor", "not the engine's"],
        info=info(tmp_path),
    )
    command = program_command(request, FLAGS, AMBIENT, {"PATH": str(tmp_path), "PULUMI_CONFIG": "of another stack"})
    words = list(command.arguments)
    assert words[words.index("--monitor") + 1] == "127.0.0.1:2"
    assert words[words.index("--dry_run") + 1] == "true"
    assert words[-4:] == ["--", ".", "--monitor", "not the engine's"]
    assert "--organization" not in words
    assert command.environment["PULUMI_CONFIG"] == '{"p:a": "1", "p:b": "2"}'
    assert command.environment["PULUMI_CONFIG_SECRET_KEYS"] == '["p:b"]'


@pytest.mark.parametrize(
    ("code", "error", "bail"),
    [
        (0, "", False),
        (32, "", True),
        (1, "program exited with non-zero exit code: 1", False),
        (-9, "program was ended by signal 9", False),
    ],
)
def test_what_the_end_of_a_program_means(code: int, error: str, bail: bool) -> None:
    response = interpret_exit(code)
    assert (response.error, response.bail) == (error, bail)


def test_a_plugin_runs_its_main_or_its_package(tmp_path: Path) -> None:
    path = {"PATH": str(tmp_path)}
    write_program(tmp_path / "python3", "exit 0")
    request = language_pb2.RunPluginRequest(info=info(tmp_path), args=["127.0.0.1:3"], pwd="/work")
    with pytest.raises(RuntimeOptionsError, match="no plugin"):
        plugin_command(request, AMBIENT, path)
    (tmp_path / "pyproject.toml").write_text("[build-system]\n[project]\nname = 'mine'\n", encoding="utf-8")
    assert list(plugin_command(request, AMBIENT, path).arguments)[-3:] == ["pulumi.run.plugin", "mine", "127.0.0.1:3"]
    (tmp_path / "__main__.py").touch()
    assert list(plugin_command(request, AMBIENT, path).arguments)[-2:] == [str(tmp_path), "127.0.0.1:3"]


def test_a_policy_pack_runs_in_its_directory_and_knows_its_stack(tmp_path: Path) -> None:
    write_program(tmp_path / "python3", "exit 0")
    request = language_pb2.RunPluginRequest(info=info(tmp_path), args=["127.0.0.1:3"], pwd="/work")
    stack = analyzer_pb2.AnalyzerStackConfigureRequest(project="p", stack="dev", dry_run=True, config={"p:a": "1"})
    command = policy_pack_command(request, AMBIENT, {"PATH": str(tmp_path)}, stack)
    assert list(command.arguments)[-2:] == ["127.0.0.1:3", str(tmp_path)]
    assert command.directory == tmp_path
    assert command.environment["PULUMI_STACK"] == "dev"
    assert "PULUMI_ORGANIZATION" not in command.environment
    assert "PULUMI_STACK" not in policy_pack_command(request, AMBIENT, {"PATH": str(tmp_path)}, None).environment
    assert config_environment(stack)["PULUMI_DRY_RUN"] == "true"


def test_the_engines_environment_may_hold_equals_signs() -> None:
    request = language_pb2.RunPluginRequest(env=["A=1", "B=x=y", "A=2"])
    assert request_environment(request) == {"A": "2", "B": "x=y"}


def test_an_installation_makes_what_is_missing(tmp_path: Path) -> None:
    write_program(tmp_path / "python3", "exit 0")
    path = {"PATH": str(tmp_path)}
    request = language_pb2.InstallDependenciesRequest(info=info(tmp_path))
    options = RuntimeOptions(tmp_path / "venv", "")
    (only,) = installation_commands(request, options, path)
    assert list(only.arguments)[1:3] == ["-m", "venv"]
    make_environment(tmp_path / "venv")
    assert installation_commands(request, options, path) == []
    (tmp_path / "requirements.txt").touch()
    (only,) = installation_commands(request, options, path)
    assert list(only.arguments)[-2:] == ["-r", "requirements.txt"]
