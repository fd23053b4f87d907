"""`gpucloud sim fault`: make the local cloud fail as clouds do."""

from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from gpucloud.sim import control, session

fault_app = typer.Typer(
    help="Make the local cloud fail as clouds do: stock-outs, quotas, lost zones, throttling, delays, errors.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DirectoryOption = Annotated[
    Path | None,
    typer.Option("--dir", help="Directory of the local cloud; .local below the project's root where none is given."),
]
_PATTERN = "Shell pattern over API operation, service:operation, type token, URN or logical name."
PatternArgument = Annotated[str, typer.Argument(help=_PATTERN)]


def _root(directory: Path | None) -> Path:
    return directory.resolve() if directory is not None else session.default_directory()


@fault_app.command()
def capacity(
    machine_type: str,
    zone: str,
    nodes: int,
    capacity_type: Annotated[
        str | None, typer.Option(help="on-demand, spot, capacity-block, flex-start or queued; all but blocks.")
    ] = None,
    directory: DirectoryOption = None,
) -> None:
    """Give an offering so many nodes in all.

    A zone of Azure is written with its region; `eastus-regional` is for pools that name no zone.

    Example: gpucloud sim fault capacity p5.48xlarge us-east-1a 0

    Example: gpucloud sim fault capacity Standard_ND96isr_H100_v5 swedencentral-1 0
    """
    control.set_capacity(_root(directory), machine_type, zone, nodes, capacity_type)
    typer.echo(f"{machine_type} in {zone}: {nodes} nodes")


@fault_app.command("default-capacity")
def default_capacity(nodes: int, directory: DirectoryOption = None) -> None:
    """Give every offering that nobody set so many nodes (16 at first).

    Example: gpucloud sim fault default-capacity 1000
    """
    control.set_default_capacity(_root(directory), nodes)
    typer.echo(f"{nodes} nodes per offering")


@fault_app.command()
def quota(region: str, code: str, vcpus: int, directory: DirectoryOption = None) -> None:
    """Set a quota of a region by its code; on Azure `cores` or `lowPriorityCores`.

    Example: gpucloud sim fault quota us-east-1 L-417A185B 192
    """
    control.set_quota(_root(directory), region, code, vcpus)
    typer.echo(f"{code} in {region}: {vcpus} vCPUs")


@fault_app.command()
def zone(
    name: str,
    restore: Annotated[bool, typer.Option("--restore", help="Give the zone its capacity back.")] = False,
    directory: DirectoryOption = None,
) -> None:
    """Lose a zone: nothing launches there any more.

    Example: gpucloud sim fault zone us-east-1a
    """
    (control.restore_zone if restore else control.lose_zone)(_root(directory), name)
    typer.echo(f"{name}: {'restored' if restore else 'lost'}")


@fault_app.command()
def throttle(pattern: PatternArgument, answers: int, directory: DirectoryOption = None) -> None:
    """Throttle the next calls that match; the provider of AWS tries 25 times before it gives up, that of Azure 4 times.

    Example: gpucloud sim fault throttle CreateNodegroup 30
    """
    control.throttle(_root(directory), pattern, answers)
    typer.echo(f"{pattern}: the next {answers} answers are throttled")


@fault_app.command()
def delay(
    pattern: PatternArgument,
    seconds: float,
    times: Annotated[int, typer.Option(help="How often; -1 until the faults are cleared.")] = -1,
    directory: DirectoryOption = None,
) -> None:
    """Make calls that match wait; a create stands half-done meanwhile.

    Example: gpucloud sim fault delay 'Create*' 2
    """
    control.delay(_root(directory), pattern, seconds, times)
    typer.echo(f"{pattern}: waits {seconds} seconds")


@fault_app.command()
def error(
    pattern: PatternArgument,
    code: str,
    message: str,
    times: Annotated[int, typer.Option(help="How often; -1 until the faults are cleared.")] = 1,
    directory: DirectoryOption = None,
) -> None:
    """Refuse calls that match.

    Example: gpucloud sim fault error CreateCluster ServiceUnavailableException "Service is unavailable"
    """
    control.fail(_root(directory), pattern, code, message, times)
    typer.echo(f"{pattern}: {code}")


@fault_app.command()
def reservation(
    reservation_id: str,
    machine_type: Annotated[str, typer.Argument()] = "",
    zone: Annotated[str, typer.Argument()] = "",
    nodes: Annotated[int, typer.Argument()] = -1,
    kind: Annotated[str, typer.Option(help="odcr or capacity-block.")] = "odcr",
    remove: Annotated[bool, typer.Option("--remove", help="Take it out of the account.")] = False,
    directory: DirectoryOption = None,
) -> None:
    """Put a reservation into the account, as if somebody had bought it; take it out by its id alone.

    On Azure the id is that of a capacity reservation group.

    Example: gpucloud sim fault reservation cr-0123456789abcdef0 p5.48xlarge us-east-1a 4
    """
    if remove:
        control.remove_reservation(_root(directory), reservation_id)
    else:
        named = cast("Literal['odcr', 'capacity-block']", kind)
        control.add_reservation(_root(directory), reservation_id, machine_type, zone, nodes, named)
    typer.echo(f"{reservation_id}: {'removed' if remove else f'{nodes} nodes of {machine_type} in {zone}'}")


@fault_app.command()
def feature(name: str, state: str, directory: DirectoryOption = None) -> None:
    """Set the state of a preview feature of the Azure subscription: Registered, NotRegistered, Pending and so on.

    Example: gpucloud sim fault feature Microsoft.ContainerService/AKSInfinibandSupport Registered
    """
    control.set_feature(_root(directory), name, state)
    typer.echo(f"{name}: {state}")


@fault_app.command()
def clear(directory: DirectoryOption = None) -> None:
    """Remove all faults, lost zones, quotas and capacities that were set; reservations and features stay.

    Example: gpucloud sim fault clear
    """
    control.clear_faults(_root(directory))
    typer.echo("cleared")
