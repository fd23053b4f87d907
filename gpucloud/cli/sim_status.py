"""`gpucloud sim status` for a person: what failed or stands half-done first, then what somebody set, then the rest."""

import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

import typer

from gpucloud.cli.printing import Format, print_rows
from gpucloud.sim.status import Status

_WIDTH = 100  # of a pipe, and of the widest text in a terminal


def print_status(found: Status) -> None:
    """Print the status as text of at most 100 columns; in a terminal, troubles are coloured."""
    failed = [row for row in found.failed if row["status"] == "failed"]
    degraded = [row for row in found.failed if row["status"] != "failed"]
    typer.echo(found.notice)
    typer.echo(found.directory)
    counts = [f"{sum(found.resources.values())} resources"]
    named = ((failed, "failed"), (degraded, "degraded"), (found.creating, "half-done"))
    counts += [f"{len(rows)} {word}" for rows, word in named if rows]
    typer.echo(f"{'Running' if found.running else 'Not running'}; {', '.join(counts)}.")
    typer.echo()
    replaced = [row for row in failed if row["mended_by"] == "replacement"]
    tried = [row for row in failed if row["mended_by"] == "update"]
    _print_trouble(replaced, "FAILED: the next up replaces it, destroy removes it", typer.colors.RED)
    heading = "FAILED: it stands there unfinished; the next up tries again, destroy removes it"
    _print_trouble(tried, heading, typer.colors.RED)
    _print_trouble(degraded, "DEGRADED: the last change was only partly made; the next up goes on", typer.colors.RED)
    _print_trouble(
        found.creating,
        "HALF-DONE: being made, or left by an interrupted up; the next up finishes or removes it",
        typer.colors.YELLOW,
    )
    _print_settings(found)
    offering = {"machine_type": "machine type", "zone": "zone", "capacity_type": "capacity", "of": "nodes in use"}
    used = [{**row, "of": f"{row['used']} of {row['nodes']}"} for row in found.offerings]
    _print(used, offering, "Capacity, in use or set")
    holders = [
        {**row, "name": row["urn"].rpartition("::")[2], "kind": row["type"].rpartition(":")[2]} for row in found.pools
    ]
    shown = {"name": "name", "kind": "kind", "machine_type": "machine type", "zone": "zone", "nodes": "nodes"}
    _print(holders, {**shown, "status": "state"}, "What holds nodes")
    resources = [{"type": kind, "count": count} for kind, count in found.resources.items()]
    _print(resources, {"type": "type", "count": "count"}, "Resources")


def _print_settings(found: Status) -> None:
    faults = [{**row, "what": _what(row), "left": _left(row["remaining"])} for row in found.faults]
    _print(faults, {"pattern": "calls", "what": "meet", "left": "how often"}, "Faults set")
    zones = [{"zone": zone, "what": "nothing launches there"} for zone in found.lost_zones]
    _print(zones, {"zone": "zone", "what": ""}, "Lost zones")
    _print(found.quotas, {"region": "region", "code": "quota", "vcpus": "vCPUs"}, "Quotas set")
    names = {"id": "id", "kind": "kind", "machine_type": "machine type", "zone": "zone", "nodes": "nodes"}
    _print(found.reservations, names, "Reservations of the account")


def _what(fault: dict[str, Any]) -> str:
    match fault["kind"]:
        case "delay":
            return f"a delay of {fault['seconds']:g} s"
        case "throttle":
            return "throttling"
        case _:
            return f"{fault['code']}: {fault['message']}"


def _left(remaining: int) -> str:
    return "until cleared" if remaining < 0 else f"{remaining} more"


def _print_trouble(rows: Sequence[dict[str, Any]], heading: str, colour: str) -> None:
    if not rows:
        return
    typer.secho(heading, fg=colour, bold=True)
    width = min(_WIDTH, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
    for row in rows:
        stack, project, _, name = row["urn"].removeprefix("urn:pulumi:").split("::", 3)
        typer.secho(f"  {name}", bold=True, nl=False)
        typer.echo(f"  {row['type']}")
        for line in (f"in stack {stack} of {project}, id {row['id']}", *row.get("health", ())):
            typer.echo(
                textwrap.fill(line, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
            )
    typer.echo()


def _print(rows: Sequence[dict[str, Any]], columns: dict[str, str], caption: str) -> None:
    if rows:
        print_rows(rows, columns, Format.TABLE, caption)
