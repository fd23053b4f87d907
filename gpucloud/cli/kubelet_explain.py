"""`gpucloud kubelet explain`: what a key of KubeletConfiguration means, what judges it, and which platforms take it."""

import dataclasses
import json
import textwrap
from typing import Annotated

import typer

from gpucloud.cli.kubelet_machine import LATEST, VersionOption, minor_of
from gpucloud.cli.printing import Format, FormatOption, print_json, print_table
from gpucloud.facts.kubelet_fields import kubelet_fields
from gpucloud.facts.kubelet_meanings import kubelet_meaning
from gpucloud.kubelet.explaining import explain as explanation_of

_WIDTH = 100


def explain(
    field: Annotated[str | None, typer.Argument(help="A key such as reservedMemory; left out, all keys.")] = None,
    kubernetes_version: VersionOption = LATEST,
    output: FormatOption = Format.TABLE,
) -> None:
    """Explain a key: its meaning, its default, the rules about it, and what every platform takes.

    Example: gpucloud kubelet explain topologyManagerPolicy
    """
    if field is None:
        rows = [(known.name, known.kind, kubelet_meaning(known.name).meaning) for known in kubelet_fields()]
        if output is Format.JSON:
            print_json([dict(zip(("name", "kind", "meaning"), row, strict=True)) for row in rows])
        else:
            print_table(("key", "takes", "meaning"), rows)
        return
    found = explanation_of(field, minor=minor_of(kubernetes_version))
    if output is Format.JSON:
        print_json(dataclasses.asdict(found))
        return
    typer.echo(f"{found.name}: {found.kind}")
    typer.echo(textwrap.fill(found.meaning, _WIDTH, initial_indent="  ", subsequent_indent="  "))
    default = "none" if found.default is None else json.dumps(found.default)
    typer.echo(textwrap.fill(f"default: {default}", _WIDTH, initial_indent="  ", subsequent_indent="    "))
    if found.since:
        typer.echo(f"  since: {found.since}")
    if found.rules:
        typer.echo("\nrules")
        for rule in found.rules:
            typer.echo(f"  {rule.name} ({rule.level})")
            typer.echo(textwrap.fill(rule.meaning, _WIDTH, initial_indent="    ", subsequent_indent="    "))
    typer.echo()
    platforms = [(entry.platform, entry.support, entry.setting, entry.range) for entry in found.platforms]
    print_table(("platform", "takes it", "as", "range"), platforms)
