"""A copy of this repository's Pulumi project with a local cloud of its own, and the real command line in it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from gpucloud.sim import session
from gpucloud.sim.status import Status, read_status
from gpucloud.sim.store import Store
from tests.engine_environment import SECONDS, engine_environment

REPOSITORY = Path(__file__).resolve().parents[2]
GPUCLOUD = str(Path(sys.executable).with_name("gpucloud"))


class House:
    """The project as it is in the repository; what runs in it writes below its own folder alone."""

    def __init__(self, root: Path, source: Path = REPOSITORY, *, stack: str = "dev") -> None:
        self.directory = root / source.name
        self.local = self.directory / ".local"
        self.stack = stack
        self.directory.mkdir()
        for path in sorted(source.glob("Pulumi*.yaml")):
            shutil.copy(path, self.directory)
        if source == REPOSITORY:
            shutil.copytree(source / "stacks", self.directory / "stacks", ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copytree(source, self.directory, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        project = yaml.safe_load((self.directory / "Pulumi.yaml").read_text())
        project["runtime"]["options"]["virtualenv"] = sys.prefix
        (self.directory / "Pulumi.yaml").write_text(json.dumps(project))
        kept = engine_environment(root)
        self.plain = {name: value for name, value in kept.items() if not name.startswith("PULUMI_")}
        self.plain["PULUMI_SKIP_CONFIRMATIONS"] = "true"

    def attached(self) -> dict[str, str]:
        """Return the environment in which Pulumi meets this house's local cloud, started if need be."""
        session.start(self.local)
        found = session.env(self.local)
        return {**self.plain, **found, "PATH": os.pathsep.join((found["PATH"], self.plain["PATH"]))}

    def run(self, *command: str, fails: bool = False, environment: dict[str, str] | None = None) -> str:
        """Return what a command printed; an exit code other than the expected fails the test with that text."""
        answer = subprocess.run(
            command,
            cwd=self.directory,
            env=environment or self.plain,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (answer.returncode != 0) == fails, f"exit code {answer.returncode}\n{answer.stdout}"
        return answer.stdout

    def pulumi(self, *arguments: str, fails: bool = False, environment: dict[str, str] | None = None) -> str:
        """Return what `pulumi` printed, attached to the local cloud unless an environment is given."""
        fixed = ("pulumi", "--non-interactive", "--color", "never")
        return self.run(*fixed, *arguments, fails=fails, environment=environment or self.attached())

    def select(self, stack: str | None = None) -> None:
        self.stack = stack or self.stack
        self.pulumi("stack", "select", self.stack, "--create")

    def set(self, key: str, value: str) -> None:
        self.pulumi("config", "set", key, value)

    def describe(self, change: Callable[[dict[str, Any]], None], *, of: str | None = None) -> None:
        """Write the stack's environment anew after `change` has changed the document."""
        path = self.directory / "stacks" / "environments" / f"{of or self.stack}.yaml"
        document = yaml.safe_load(path.read_text())
        change(document)
        path.write_text(yaml.safe_dump(document))

    def make(self, action: str, *, fails: bool = False) -> str:
        """Do what `make up` or `make down` does once there are a toolchain and a virtual environment."""
        return self.run(
            GPUCLOUD, "sim", "run", "--", sys.executable, "-m", "stacks.local", action, self.stack, fails=fails
        )

    def start_make(self, action: str) -> subprocess.Popen[str]:
        """Return `make ACTION` while it runs, in a process group of its own, as a terminal starts it."""
        return subprocess.Popen(
            [GPUCLOUD, "sim", "run", "--", sys.executable, "-m", "stacks.local", action, self.stack],
            cwd=self.directory,
            env=self.plain,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def status(self) -> Status:
        return read_status(self.local)

    def exported(self) -> list[dict[str, Any]]:
        """Return the resources of the stack's state."""
        document = json.loads(self.pulumi("stack", "export"))
        return document["deployment"].get("resources") or []

    def assert_nothing_lost_or_doubled(self) -> None:
        """The cloud and Pulumi's state hold the same resources, and the state has no operation that is still open."""
        document = json.loads(self.pulumi("stack", "export"))["deployment"]
        assert not document.get("pending_operations")
        # Objects of two clusters may have one id, so their URNs belong to them.
        made = [entry for entry in document["resources"] if is_of_a_cloud(entry)]
        known = Counter((entry["type"], entry["id"], entry["urn"]) for entry in made)
        assert max(known.values(), default=1) == 1
        store = Store(self.local / "sim")
        try:
            there = Counter((row.type, row.id, row.urn) for row in store.find("1 = 1"))
        finally:
            store.close()
        assert there == known

    def events(self, verb: str) -> list[str]:
        """Return the URNs of one kind of event in the local cloud, oldest first."""
        store = Store(self.local / "sim")
        try:
            found = store.db.execute("SELECT urn FROM event WHERE verb = ? ORDER BY seq", (verb,)).fetchall()
        finally:
            store.close()
        return [urn for (urn,) in found]

    def close(self) -> None:
        session.stop(self.local)


def is_of_a_cloud(entry: dict[str, Any]) -> bool:
    return bool(entry.get("custom")) and not entry["type"].startswith("pulumi:")


def wait_until(met: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Return once `met`; a process that ends before fails the test with what it printed."""
    deadline = time.monotonic() + SECONDS
    while not met():
        if process.poll() is not None:
            raise AssertionError(f"it ended before it was interrupted\n{process.communicate()[0]}")
        assert time.monotonic() < deadline
        time.sleep(0.05)


def kill_group(process: subprocess.Popen[str], number: signal.Signals) -> str:
    """Return what a process printed after a signal to its whole group, when it has ended."""
    os.killpg(process.pid, number)
    return process.communicate(timeout=SECONDS)[0]


def diagnostics(shown: str) -> str:
    """Return the part of Pulumi's output in which it says what went wrong."""
    return shown.partition("Diagnostics:\n")[2]
