"""The language host without an engine: the processes that it runs."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from toolchain.language_host import child as child_module, run_quietly
from toolchain.language_host.child import ChildCommand, Children, merge_output
from toolchain.language_host.dependencies import report_python


def test_the_packages_of_a_python_are_reported() -> None:
    report = asyncio.run(report_python(Children(), sys.executable, Path.cwd(), os.environ))
    packages = {package.name.lower(): package for package in report.packages}
    assert packages["pytest-xdist"].direct
    assert not packages["grpcio"].direct
    assert report.executable == sys.executable
    with pytest.raises(RuntimeError, match="cannot list"):
        asyncio.run(report_python(Children(), "/bin/false", Path.cwd(), {}))


def test_both_streams_of_a_child_arrive_to_the_last_byte() -> None:
    async def collect() -> tuple[dict[str, bytes], int | None]:
        got = {"stdout": b"", "stderr": b""}
        script = "import sys; sys.stdout.write('o' * 300_000); sys.stderr.write('e' * 200_000); sys.exit(7)"
        command = ChildCommand([sys.executable, "-c", script], Path.cwd(), os.environ)
        async with Children().start(command, capture=True) as process:
            async for name, chunk in merge_output(process):
                got[name] += chunk
            return got, await process.wait()

    got, code = asyncio.run(collect())
    assert (len(got["stdout"]), len(got["stderr"]), code) == (300_000, 200_000, 7)


def test_a_child_that_is_deaf_to_requests_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = tuple((number, 0.2) for number, _ in child_module.REQUESTS_TO_END)
    monkeypatch.setattr(child_module, "REQUESTS_TO_END", quick)
    script = (
        "import signal, time\n"
        "for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, signal.SIG_IGN)\n"
        "print('deaf', flush=True); time.sleep(600)"
    )

    async def leave() -> int | None:
        command = ChildCommand([sys.executable, "-c", script], Path.cwd(), os.environ)
        async with Children().start(command, capture=True) as process:
            assert process.stdout is not None
            await process.stdout.readline()
        return process.returncode

    assert asyncio.run(leave()) == -signal.SIGKILL


def test_a_child_is_interrupted_once() -> None:
    script = (
        "import signal, sys, time\n"
        "seen = []\n"
        "signal.signal(signal.SIGINT, lambda *_: seen.append(1))\n"
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(len(seen)))\n"
        "print('ready', flush=True)\n"
        "while True: time.sleep(0.05)"
    )

    async def count(*, by_group: bool) -> int | None:
        children = Children()
        command = ChildCommand([sys.executable, "-c", script], Path.cwd(), os.environ)
        async with children.start(command, capture=True) as process:
            assert process.stdout is not None
            await process.stdout.readline()
            if by_group:
                process.send_signal(signal.SIGINT)
            await children.stop(interrupted=by_group)
        return process.returncode

    assert asyncio.run(count(by_group=True)) == 1
    assert asyncio.run(count(by_group=False)) == 1


@pytest.mark.parametrize(
    ("body", "shown", "hidden"),
    [
        ("raise KeyboardInterrupt", "the program was interrupted", "Traceback"),
        ("raise ValueError('seven')", "ValueError: seven", "interrupted"),
    ],
)
def test_only_an_interruption_is_shown_without_traceback(tmp_path: Path, body: str, shown: str, hidden: str) -> None:
    executor = tmp_path / "executor"
    executor.write_text(
        f"import sys\nassert sys.argv[1:] == ['a'] and __name__ == '__main__'\n{body}", encoding="utf-8"
    )
    answer = subprocess.run(
        [sys.executable, run_quietly.__file__, str(executor), "a"], capture_output=True, text=True, check=False
    )
    assert shown in answer.stderr
    assert hidden not in answer.stderr
    assert answer.returncode != 0


@pytest.mark.parametrize(
    ("error", "shown", "hidden"),
    [
        ("KeyboardInterrupt", "the program was interrupted", "Traceback"),
        ("ValueError('seven')", "ValueError: seven", "interrupted"),
    ],
)
def test_an_interruption_that_nobody_can_end_by_has_none_either(
    tmp_path: Path, error: str, shown: str, hidden: str
) -> None:
    executor = tmp_path / "executor"
    executor.write_text(f"class Dying:\n    def __del__(self):\n        raise {error}\n\n\nDying()\n", encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, run_quietly.__file__, str(executor)], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0
    assert shown in answer.stderr
    assert hidden not in answer.stderr
