"""`gpucloud impact`."""

import dataclasses
import json
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from gpucloud.cli.printing import Format, FormatOption, print_json, print_table
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan import plan_document
from gpucloud.plan.impact import Change, Impact, impact
from gpucloud.plan.model import EnvironmentPlan
from gpucloud.spec.loading import read_document

# What `--fail-on` answers with, apart from a failure and from wrong input.
TOO_GRAVE = 3
_LONGEST_VALUE = 40


class FailOn(StrEnum):
    """From which effect on the command fails."""

    ROLLS_NODES = "rolls-nodes"
    REPLACES = "replaces"


def impact_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="FILE.yaml, FILE.json or module:callable.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, after the change.")],
    fail_on: Annotated[
        FailOn | None, typer.Option(help="Exit with code 3 where a change is this grave or graver.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Print what each change of an environment does to nodes that run: none, in-place, rolls-nodes or replaces.

    Nodes and GPUs are those that OLD starts, and behind the slash those that an autoscaler may run there.

    Example: gpucloud impact main.yaml stacks/environments/prod.yaml --fail-on replaces
    """
    found = impact(_plan(old), _plan(new))
    if output is Format.JSON:
        print_json(
            {"effect": found.effect, "changes": [dataclasses.asdict(change) for change in found.changes]},
        )
    else:
        _print(found)
    if fail_on is not None and found.at_least(fail_on.value):
        raise typer.Exit(TOO_GRAVE)


def _plan(source: str) -> EnvironmentPlan:
    """The plan of a document; its problems name it, since there are two."""
    document = read_document(source)
    try:
        return plan_document(document)
    except InvalidInputError as error:
        raise InvalidInputError(
            [Problem(f"{source}: {problem.path}", problem.problem, problem.fix) for problem in error.problems]
        ) from None


def _print(found: Impact) -> None:
    if not found.changes:
        typer.echo("no change")
        return
    rows = [
        (
            _short(change.resource),
            # A field's entry stands in brackets, which the table would take for markup.
            escape(_said(change)),
            _effect(change),
            _count(change.nodes, change.nodes_at_most),
            _count(change.gpus, change.gpus_at_most),
            change.reason,
        )
        for change in found.changes
    ]
    print_table(("resource", "change", "effect", "nodes", "GPUs", "why"), rows)
    count = len(found.changes)
    typer.echo(f"{count} change{'s' if count > 1 else ''}, the gravest: {found.effect}")


def _short(resource: str) -> str:
    """`train/h100/2-od` for `clusters[train].node_pools[h100].offerings[2-od]`."""
    names = [part.rpartition("[")[2] for part in resource.split("]") if "[" in part]
    return "/".join(names) or resource


def _said(change: Change) -> str:
    if not change.field:
        return "comes" if change.old is None else "goes"
    return f"{change.field}: {_value(change.old)} to {_value(change.new)}"


def _value(value: Any) -> str:
    if value is None:
        return "unset"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _effect(change: Change) -> str:
    if change.create_before_delete is None:
        return change.effect
    if not change.field:
        return f"{change.effect}: goes"
    return f"{change.effect}, {'new' if change.create_before_delete else 'old goes'} first"


def _count(now: int, most: int) -> str:
    return f"{now}/{most}" if most else ""
