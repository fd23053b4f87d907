"""`make up` and `make down`: a stack in the local cloud, from its first to its last resource.

Runs inside `gpucloud sim run`, which starts the local cloud and says by variables where it is.
"""

import json
import subprocess
import sys
from typing import Any

from gpucloud.cli.planning import pools_table
from gpucloud.cli.sim_kubernetes import nodes_command, try_pods_command
from gpucloud.sim.reset import remove_unknown
from gpucloud.sim.session import default_directory, find

PROJECT, DEFAULT_STACK = "gpucloud", "dev"
_QUIETLY = ("--yes", "--skip-preview", "--suppress-outputs")


def main(action: str, stack: str = DEFAULT_STACK) -> int:
    """Build or destroy the stack and say what came of it; the exit code is Pulumi's."""
    selected = _pulumi("stack", "select", stack, "--create", "--non-interactive", quiet=True)
    if selected:
        return selected
    return _up(stack) if action == "up" else _down(stack)


def _up(stack: str) -> int:
    _forget_open_operations(stack)
    code = _pulumi("up", "--stack", stack, *_QUIETLY, "--continue-on-error", *_retry(stack), *_display())
    if code:
        up, down = _make("up", stack), _make("down", stack)
        print(f"\nstack {stack} is unfinished: `{up}` goes on from here, `{down}` removes what there is")
        return code
    latest = _history(stack)[0]
    outputs = _read("stack", "output", "--stack", stack, "--json")
    if latest["resourceChanges"].keys() <= {"same"}:
        print("no changes")
    for cluster, command in outputs["kubeconfig_commands"].items():
        print(f"\nkubeconfig of {cluster}: {command}   (in a real account; the local cloud answers Pulumi only)")
    print()
    pools_table(outputs["pools"])
    running = find(default_directory())
    if running is not None and running.kubernetes == "real":
        print()
        nodes_command()
        try_pods_command()
    return 0


def _retry(stack: str) -> tuple[str, ...]:
    """What a run after a failed one adds: no look at the resources first.

    Neither AKS's nor GKE's provider says of a pool that it reads that its nodes never came, so a refresh would make
    Pulumi forget that it failed, and nobody would send it again (docs/adr/0010).
    """
    history = _history(stack)
    return ("--refresh=false",) if history and history[0]["result"] == "failed" else ()


def _forget_open_operations(stack: str) -> None:
    """Take out of the state what a killed run was about to create.

    Pulumi would warn of it at every run. It is safe here: the local cloud gives the next create of the same resource
    what the killed one began, so nothing is made twice. A real cloud does not.
    """
    deployment = _read("stack", "export", "--stack", stack)["deployment"]
    if deployment.get("pending_operations"):
        print("an earlier run was killed; going on from what it left")
        _pulumi("refresh", "--stack", stack, "--yes", "--skip-preview", "--clear-pending-creates", quiet=True)


def _down(stack: str) -> int:
    _forget_open_operations(stack)
    root = default_directory()
    forgotten = remove_unknown(root, PROJECT, stack, half_done=True)
    code = _pulumi("destroy", "--stack", stack, *_QUIETLY, *_display())
    if code == 0:
        forgotten += remove_unknown(root, PROJECT, stack, half_done=False)
        if forgotten:
            print(f"removed {forgotten} resources that a killed run had begun")
        print(f"stack {stack} is gone; `{_make('up', stack)}` builds it anew")
    return code


def _make(action: str, stack: str) -> str:
    """The command by which a person does it."""
    return f"make {action}" if stack == DEFAULT_STACK else f"make {action} STACK={stack}"


def _history(stack: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read("stack", "history", "--stack", stack, "--json", "--page-size", "1")
    return found


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
    sys.exit(main(*sys.argv[1:]))
