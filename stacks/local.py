"""`make up` and `make down`: stack dev in the local cloud, from its first to its last resource.

Runs inside `gpucloud sim run`, which starts the local cloud and says by variables where it is.
"""

import json
import subprocess
import sys
from typing import Any

from gpucloud.cli.planning import pools_table
from gpucloud.sim.reset import remove_unknown
from gpucloud.sim.session import default_directory

PROJECT, STACK = "gpucloud", "dev"


def main(action: str) -> int:
    """Build or destroy the stack and say what came of it; the exit code is Pulumi's."""
    selected = _pulumi("stack", "select", STACK, "--create", "--non-interactive", quiet=True)
    if selected:
        return selected
    return _up() if action == "up" else _down()


def _up() -> int:
    _forget_open_operations()
    code = _pulumi("up", "--stack", STACK, "--yes", "--skip-preview", "--suppress-outputs", *_display())
    if code:
        print(f"\nstack {STACK} is unfinished: `make up` goes on from here, `make down` removes what there is")
        return code
    latest = _read("stack", "history", "--stack", STACK, "--json", "--page-size", "1")[0]
    outputs = _read("stack", "output", "--stack", STACK, "--json")
    if latest["resourceChanges"].keys() <= {"same"}:
        print("no changes")
    for cluster, command in outputs["kubeconfig_commands"].items():
        print(f"\nkubeconfig of {cluster}: {command}   (in a real account; the local cloud answers Pulumi only)")
    print()
    pools_table(outputs["pools"])
    return 0


def _forget_open_operations() -> None:
    """Take out of the state what a killed run was about to create.

    Pulumi would warn of it at every run. It is safe here: the local cloud gives the next create of the same resource
    what the killed one began, so nothing is made twice. A real cloud does not.
    """
    deployment = _read("stack", "export", "--stack", STACK)["deployment"]
    if deployment.get("pending_operations"):
        print("an earlier run was killed; going on from what it left")
        _pulumi("refresh", "--stack", STACK, "--yes", "--skip-preview", "--clear-pending-creates", quiet=True)


def _down() -> int:
    _forget_open_operations()
    root = default_directory()
    forgotten = remove_unknown(root, PROJECT, STACK, half_done=True)
    code = _pulumi("destroy", "--stack", STACK, "--yes", "--skip-preview", "--suppress-outputs", *_display())
    if code == 0:
        forgotten += remove_unknown(root, PROJECT, STACK, half_done=False)
        if forgotten:
            print(f"removed {forgotten} resources that a killed run had begun")
        print(f"stack {STACK} is gone; `make up` builds it anew")
    return code


def _display() -> tuple[str, ...]:
    return () if sys.stdout.isatty() else ("--non-interactive",)


def _read(*arguments: str) -> Any:
    answer = subprocess.run(["pulumi", *arguments], check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def _pulumi(*arguments: str, quiet: bool = False) -> int:
    """Run Pulumi to its end: Ctrl-C reaches it by itself, and it then ends in order."""
    process = subprocess.Popen(["pulumi", *arguments], stdout=subprocess.DEVNULL if quiet else None)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
