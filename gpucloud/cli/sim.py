"""`gpucloud sim`: start, use, look at and break the local cloud."""

import shlex
import sys
from typing import Annotated

import typer

from gpucloud.cli.printing import Format, FormatOption, print_json
from gpucloud.cli.sim_fault import fault_app
from gpucloud.cli.sim_kubernetes import kubeconfig_command, nodes_command, try_pods_command
from gpucloud.cli.sim_options import DirectoryOption, KubernetesKind, KubernetesOption, root_of
from gpucloud.cli.sim_status import print_status
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.sim import session
from gpucloud.sim.reset import reset as reset_cloud
from gpucloud.sim.status import NOTICE, read_status

sim_app = typer.Typer(
    name="sim",
    help="The local cloud: the clouds' APIs as Pulumi sees them, played on this machine. Nothing in it is real.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
sim_app.add_typer(fault_app, name="fault")
sim_app.command("nodes")(nodes_command)
sim_app.command("kubeconfig")(kubeconfig_command)
sim_app.command("try-pods")(try_pods_command)


@sim_app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(
    context: typer.Context, directory: DirectoryOption = None, kubernetes: KubernetesOption = KubernetesKind.PLAYED
) -> None:
    """Run a command against the local cloud; started for it if none runs, and stopped after it in that case.

    Exits with the command's own exit code.

    Example: gpucloud sim run -- pulumi up --stack dev
    """
    if not context.args:
        raise InvalidInputError([Problem("command", "there is none to run", "gpucloud sim run -- pulumi preview")])
    sys.exit(session.run(root_of(directory), context.args, kubernetes=kubernetes.value))


@sim_app.command()
def start(
    directory: DirectoryOption = None,
    kubernetes: KubernetesOption = KubernetesKind.PLAYED,
    output: FormatOption = Format.TABLE,
) -> None:
    """Start the local cloud and leave it running; one that runs already is left as it is.

    Example: gpucloud sim start && eval "$(gpucloud sim env)" && pulumi up --stack dev
    """
    running = session.start(root_of(directory), kubernetes.value)
    found = {"notice": NOTICE, "directory": str(running.directory), "pid": running.pid, "ports": running.ports}
    if output is Format.JSON:
        print_json(found)
        return
    typer.echo(f"The local cloud answers, process {running.pid}. {NOTICE}")
    typer.echo('Next: eval "$(gpucloud sim env)"')


@sim_app.command()
def stop(directory: DirectoryOption = None) -> None:
    """Stop the local cloud; its database stays and the next start goes on from it.

    Example: gpucloud sim stop
    """
    typer.echo("stopped" if session.stop(root_of(directory)) else "no local cloud was running")


@sim_app.command()
def env(directory: DirectoryOption = None, output: FormatOption = Format.TABLE) -> None:
    """Print the variables that send Pulumi to the running local cloud, as shell commands.

    Example: eval "$(gpucloud sim env)"
    """
    variables = session.env(root_of(directory))
    if output is Format.JSON:
        print_json(variables)
        return
    for name, value in sorted(variables.items()):
        typer.echo(f"export {name}={shlex.quote(value)}")


@sim_app.command()
def reset(
    directory: DirectoryOption = None,
    state: Annotated[bool, typer.Option("--state", help="Delete Pulumi's state for the local cloud as well.")] = False,
) -> None:
    """Stop the local cloud and forget everything in it.

    Example: gpucloud sim reset --state
    """
    typer.echo("forgotten" if reset_cloud(root_of(directory), state=state) else "there was nothing to forget")


@sim_app.command()
def status(directory: DirectoryOption = None, output: FormatOption = Format.TABLE) -> None:
    """Say what is in the local cloud: what failed or is half-done, what was set, capacity in use, resources.

    Example: gpucloud sim status --format json
    """
    found = read_status(root_of(directory))
    if output is Format.JSON:
        print_json(found.as_dict())
        return
    print_status(found)
