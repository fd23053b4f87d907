"""The command line that is built: nothing half-made, and its language host beside it."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.toolchain.workplaces import fake_workplace, put_go, write_program
from toolchain import go_compile
from toolchain.pulumi_cli import go_build
from toolchain.pulumi_cli.language_host import launcher_text
from toolchain.pulumi_cli.version import PINNED


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


COMPLETE = ["pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"]


def test_a_build_is_complete_and_found_again(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    log = put_go(workplace)
    said: list[str] = []
    directory = go_build.build(workplace, said.append)
    assert directory == tmp_path / ".toolchain" / "bin"
    assert names(directory) == COMPLETE
    assert all(os.access(directory / name, os.X_OK) for name in COMPLETE)
    assert "about 4 minutes" in said[0]
    built = log.read_text(encoding="utf-8")
    assert "-mod=readonly" in built
    assert f"version.Version=v{PINNED}" in built
    log.unlink()
    assert go_build.find_built(workplace) == directory
    assert not log.exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [({"complaint": "package x: no space left on device"}, "no space left"), ({"builds": "v3.1.0"}, "does not say")],
)
def test_a_failed_build_leaves_nothing_half_made(tmp_path: Path, arguments: dict[str, str], reason: str) -> None:
    workplace = fake_workplace(tmp_path)
    put_go(workplace, **arguments)
    said: list[str] = []
    assert go_build.build(workplace, said.append) is None
    assert reason in said[-1]
    assert names(tmp_path / ".toolchain" / "bin") == []


def test_an_interrupted_build_leaves_nothing_half_made_and_no_compiler(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    pid = tmp_path / "pid"
    write_program(
        tmp_path / "bin" / "go", f'while [ "$1" != -o ]; do shift; done; : > "$2"; echo $$ > {pid}; exec /bin/sleep 600'
    )

    def interrupt(line: str) -> None:
        if "…" in line and pid.exists():
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(go_compile, "HEARTBEAT_SECONDS", 0.05)
        with pytest.raises(KeyboardInterrupt):
            go_build.build(workplace, interrupt)
    assert names(tmp_path / ".toolchain" / "bin") == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_long_build_says_how_far_it_is(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    put_go(workplace)
    go = tmp_path / "bin" / "go"
    go.write_text(go.read_text().replace("/bin/chmod", "/bin/sleep 0.5\n/bin/chmod"), encoding="utf-8")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(go_compile, "HEARTBEAT_SECONDS", 0.1)
        assert go_build.build(workplace, said.append) is not None
    assert "  … 1 modules fetched, 1 packages compiled" in said


def test_a_build_of_another_version_is_not_found(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    put_go(workplace)
    assert go_build.build(workplace, lambda _: None) is not None
    write_program(tmp_path / ".toolchain" / "bin" / "pulumi", "echo v3.1.0")
    assert go_build.find_built(workplace) is None


def test_the_launcher_follows_a_repository_that_moved(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    put_go(workplace)
    directory = go_build.build(workplace, lambda _: None)
    assert directory is not None
    moved = replace(workplace, python=tmp_path / "a folder" / "python")
    assert go_build.find_built(moved) == directory
    assert (directory / "pulumi-language-python").read_text() == launcher_text(directory, moved)
    assert "'" in launcher_text(directory, moved)


def test_the_script_says_one_line_and_no_traceback_when_there_is_no_pulumi() -> None:
    root = Path(go_build.__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, str(root / "toolchain" / "find_pulumi.py")],
        env={"PATH": "", "GPUCLOUD_PULUMI": "path"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith("error: there is no Pulumi command line here")
    assert answer.stderr.count("\n") == 1
