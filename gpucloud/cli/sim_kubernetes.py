"""`gpucloud sim nodes` and `gpucloud sim kubeconfig`: the real control planes of a local cloud."""

from dataclasses import asdict

import typer

from gpucloud.cli.printing import Format, FormatOption, print_json, print_table
from gpucloud.cli.sim_options import DirectoryOption, root_of
from gpucloud.errors import UnknownNameError
from gpucloud.sim.kubernetes.seen import SeenNode, kubeconfigs, nodes, try_pods


def nodes_command(directory: DirectoryOption = None, output: FormatOption = Format.TABLE) -> None:
    """List the nodes of the real control planes, with the devices that they have and that pods hold.

    Example: gpucloud sim nodes
    """
    found = list(nodes(root_of(directory)))
    if output is Format.JSON:
        print_json([asdict(node) for node in found])
        return
    print_table(list(_COLUMNS), [_cells(node) for node in found])


def kubeconfig_command(
    cluster: str = typer.Argument("", help="Name of the cluster; not needed where there is one."),
    directory: DirectoryOption = None,
) -> None:
    """Print the path of a kubeconfig, of an administrator, for a cluster's real control plane.

    Example: kubectl --kubeconfig "$(gpucloud sim kubeconfig)" get nodes
    """
    found = kubeconfigs(root_of(directory))
    if not cluster and len(found) == 1:
        cluster = next(iter(found))
    if cluster not in found:
        raise UnknownNameError("cluster of the local cloud", cluster, tuple(found))
    typer.echo(str(found[cluster]))


def try_pods_command(directory: DirectoryOption = None, output: FormatOption = Format.TABLE) -> None:
    """Run a pod on one node of each kind that has devices, asking for all of them, and take it away again.

    The real scheduler places it; its container is only played. Exit code 1, with the scheduler's words, where a pod
    does not come to run within a minute.

    Example: gpucloud sim try-pods
    """
    found = try_pods(root_of(directory))
    if output is Format.JSON:
        print_json([asdict(trial) for trial in found])
        return
    if not found:
        typer.echo("no node has devices: nothing was tried")
    for trial in found:
        typer.echo(f"{trial.cluster}: a pod with {trial.count} {trial.resource} ran on {trial.node}")


_COLUMNS = ("cluster", "node", "machine type", "zone", "ready", "devices held")


def _cells(node: SeenNode) -> tuple[str, ...]:
    devices = ", ".join(f"{node.used.get(name, 0)} of {count} {name}" for name, count in node.devices.items())
    return node.cluster, node.name, node.machine_type, node.zone, "yes" if node.ready else "no", devices
