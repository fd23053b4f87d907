"""`gpucloud machine-types`: the machine types of all clouds, and which of them are equivalents of one."""

import dataclasses
import textwrap
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gpucloud.cli.catalogue_units import gib
from gpucloud.cli.printing import Format, FormatOption, print_json, print_rows
from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerator as accelerator_of
from gpucloud.facts.machine_equivalents import Equivalent, equivalents
from gpucloud.facts.machine_types import MachineType, clouds, known_cloud, machine_type, machine_types as all_of
from gpucloud.facts.tables import nearest_names

_SHORT = {"capacity-block": "block", "flex-start": "flex", "on-demand": "od", "queued": "dws", "reserved": "res"}
_COLUMNS = {
    "name": "machine type",
    "accelerators": "accelerators",
    "vcpus": "vCPU",
    "gib": "GiB",
    "network": "fabric",
    "nvme": "NVMe\nTB",
    "sold_as": "sold as",
}
_LIKE_COLUMNS = {"name": "machine type", "match": "match", "differs": "what differs"}
_SHOWN = 3
_NAME_WIDE, _SOLD_WIDE = 17, 10


def machine_types(
    cloud: Annotated[str | None, typer.Option(help="Only this cloud: aws, azure or gcp.")] = None,
    accelerator: Annotated[str | None, typer.Option(help="Only types with this accelerator.")] = None,
    min_count: Annotated[int, typer.Option(help="Accelerators at least.")] = 0,
    fabric: Annotated[bool, typer.Option("--fabric", help="Only types with a network between accelerators.")] = False,
    like: Annotated[str | None, typer.Option(help="Equivalents of this machine type, and what differs.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """List machine types with accelerators, or those that are equivalents of one.

    Fabric reads: kind, network functions x bandwidth of the whole machine in Gbps. Sold as: od on demand, res reserved,
    block capacity block, flex flex-start, dws queued provisioning.

    Example: gpucloud machine-types --accelerator h100-sxm-80gb --min-count 8

    Example: gpucloud machine-types --like p5.48xlarge --cloud gcp
    """
    chosen = clouds() if cloud is None else (known_cloud(cloud),)
    if like is not None:
        if accelerator is not None or min_count or fabric:
            raise InvalidInputError([Problem("--like", "it takes no filter but --cloud", "leave the others out")])
        _print_like(_named(like), chosen, cloud is not None, output)
        return
    wanted = accelerator_of(accelerator).name if accelerator else None
    found = {
        one: [
            entry
            for entry in all_of(one)
            if (wanted is None or entry.accelerator == wanted)
            and entry.accelerator_count >= min_count
            and (entry.fabric != "none" or not fabric)
        ]
        for one in chosen
    }
    if output is Format.JSON:
        print_json([_row(entry) for entries in found.values() for entry in entries])
        return
    for one, entries in found.items():
        if entries or len(chosen) == 1:
            print_rows([_cells(entry) for entry in entries], _COLUMNS, output, _title(entries, one), dense=True)
    if not any(found.values()) and len(chosen) > 1:
        typer.echo("no machine type has all of that")


def _title(entries: Sequence[MachineType], cloud: str) -> str:
    return f"{len(entries)} machine types on {cloud}"


def _named(name: str) -> MachineType:
    """The machine type of that name, whichever cloud sells it: no two share one."""
    for cloud in clouds():
        if any(entry.name == name for entry in all_of(cloud)):
            return machine_type(cloud, name)
    known = [entry.name for cloud in clouds() for entry in all_of(cloud)]
    raise UnknownNameError("accelerated machine type", name, nearest_names(name, known))


def _print_like(machine: MachineType, chosen: Sequence[str], own: bool, output: Format) -> None:
    """Its equivalents on the other clouds; on its own cloud only where that one was asked for."""
    found = {one: equivalents(machine, one) for one in chosen if own or one != machine.cloud}
    if output is Format.JSON:
        print_json(
            {"like": _row(machine), "clouds": {one: [_like(row) for row in rows] for one, rows in found.items()}}
        )
        return
    print_rows([_cells(machine)], _COLUMNS, output, f"{machine.name} on {machine.cloud}", dense=True)
    for one, rows in found.items():
        shown = rows[:_SHOWN]
        kind = "equivalents" if rows and rows[0].match == "equivalent" else "no equivalent, the nearest"
        number = f"{len(shown)} of {len(rows)}" if len(rows) > len(shown) else str(len(rows))
        print_rows([_like_cells(row) for row in shown], _LIKE_COLUMNS, output, f"{one}: {kind} ({number})")


def _like(row: Equivalent) -> dict[str, Any]:
    return {
        **_row(row.machine),
        "match": row.match,
        "differences": [dataclasses.asdict(difference) for difference in row.differences],
    }


def _like_cells(row: Equivalent) -> dict[str, Any]:
    differs = "\n".join(str(difference) for difference in row.differences) or "nothing"
    return {"name": row.machine.name, "match": row.match, "differs": differs}


def _row(entry: MachineType) -> dict[str, Any]:
    """Everything that the tables say of a machine type, and what of it counts most under shorter names."""
    return {
        **dataclasses.asdict(entry),
        "advertised_devices": entry.advertised_devices,
        "count": entry.accelerator_count or entry.accelerator_fraction,
        "memory_gib": gib(entry.memory_mib),
    }


def _cells(entry: MachineType) -> dict[str, Any]:
    """The cells of a table that stays within 100 columns beside Azure's longest names."""
    speed = f"{entry.fabric_nics} x {entry.fabric_gbps}" if entry.fabric_gbps else str(entry.fabric_nics)
    return {
        "name": entry.name,
        "accelerators": _broken(f"{entry.accelerator_count or entry.accelerator_fraction} {entry.accelerator}"),
        "vcpus": entry.vcpus,
        "gib": round(entry.memory_mib / 1024),
        "network": None if entry.fabric == "none" else f"{entry.fabric}\n{speed}",
        "nvme": f"{entry.local_nvme_gb / 1000:.3g}" if entry.local_nvme_gb else None,
        "sold_as": textwrap.fill(" ".join(_SHORT.get(kind, kind) for kind in entry.capacity_types), _SOLD_WIDE),
    }


def _broken(text: str) -> str:
    """Broken at the last hyphen that leaves a short first line, where the text is long."""
    at = text.rfind("-", 0, _NAME_WIDE) + 1
    return f"{text[:at]}\n{text[at:]}" if at and len(text) > _NAME_WIDE else text
