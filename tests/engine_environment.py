"""The real Pulumi engine, for tests: apart from the machine's own Pulumi, its account, its state and its clouds."""

import functools
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from gpucloud.sim import session
from toolchain.pulumi_cli.command import repository_workplace
from toolchain.pulumi_cli.find import find_pulumi
from toolchain.pulumi_cli.workplace import say_on_stderr

SECONDS = 300


@functools.cache
def pulumi_directory() -> Path:
    """Return the directory of the command line, found (or, without `make test`, made) as the toolchain does it."""
    return find_pulumi(repository_workplace(), say_on_stderr)


def uses_own_language_host() -> bool:
    """Return whether the language host is the one of this repository, not that of a Pulumi installation."""
    return pulumi_directory().is_relative_to(repository_workplace().made / "bin")


def engine_environment(root: Path) -> dict[str, str]:
    """Return the environment in which `pulumi` keeps everything under a folder and asks nothing of anyone.

    No variable of the machine's own Pulumi or clouds is passed on; providers are never downloaded.
    """
    state = root / "state"
    state.mkdir(parents=True, exist_ok=True)
    foreign = ("PULUMI_", "AWS_", "AZURE_", "ARM_", "GOOGLE_", "KUBE", "VIRTUAL_ENV", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "PATH": os.pathsep.join((str(pulumi_directory()), os.environ.get("PATH", os.defpath))),
        "PULUMI_BACKEND_URL": f"file://{state}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_CREDENTIAL_STORE": "plaintext",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DISABLE_REGISTRY_RESOLVE": "true",
        "PULUMI_HOME": str(root / "home"),
        "PULUMI_PYTHON_CMD": sys.executable,
        "PULUMI_SKIP_CONFIRMATIONS": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


class PulumiProject:
    """A project directory of its own and `pulumi` in it."""

    def __init__(self, root: Path, *, name: str = "tiny", stack: str = "dev") -> None:
        self.root = root
        self.directory = root / name
        self.directory.mkdir()
        self.stack = stack
        self.environment = engine_environment(root)
        options = {"toolchain": "pip", "virtualenv": str(Path(sys.prefix))}
        self.write("Pulumi.yaml", json.dumps({"name": name, "runtime": {"name": "python", "options": options}}))

    def write(self, name: str, text: str) -> Path:
        """Return the path of a file of the project after writing it; the text may be indented as a whole."""
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def attach(self, root: Path, kubernetes: session.Kubernetes = "played") -> None:
        """Send what the project declares to the local cloud of a folder, which is started where none runs there."""
        session.start(root, kubernetes)
        self.environment["PULUMI_DEBUG_PROVIDERS"] = session.env(root)["PULUMI_DEBUG_PROVIDERS"]

    def run(self, *arguments: str, fails: bool = False, **variables: str) -> str:
        """Return all that `pulumi` printed; an exit code other than the expected fails the test with that text."""
        answer = subprocess.run(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=self.directory,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert (answer.returncode != 0) == fails, f"exit code {answer.returncode}\n{answer.stdout}"
        return answer.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Return a running `pulumi` that leads a process group of its own, as a terminal starts it."""
        return subprocess.Popen(
            ["pulumi", "--non-interactive", "--color", "never", *arguments],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def outputs(self) -> dict[str, Any]:
        """Return the stack's outputs, secrets in plain."""
        document: dict[str, Any] = json.loads(self.run("stack", "output", "--json", "--show-secrets"))
        return document

    def resource_types(self) -> list[str]:
        """Return the types of all resources in the state, sorted."""
        document = json.loads(self.run("stack", "export"))
        return sorted(resource["type"] for resource in document["deployment"].get("resources") or ())

    def locks(self) -> list[Path]:
        """Return the lock files of the state."""
        return sorted(path for path in (self.root / "state").rglob("locks/**/*") if path.is_file())
