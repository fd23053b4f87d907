"""How the command line prints: tables for people, JSON for machines, problems one a line on standard error."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from gpucloud.errors import GpuCloudError

OK, FAILED, BAD_INPUT = 0, 1, 2


class Format(StrEnum):
    """What a command prints."""

    TABLE = "table"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", "-f", help="A table for people, JSON for machines.")]


def print_json(value: Any) -> None:
    """JSON on standard output, the same bytes for equal values."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None, dense: bool = False
) -> None:
    """A table that wraps its cells instead of cutting them; numbers stand right, an empty cell is a dash.

    A dense one has less room between its columns and breaks cells only where they have line breaks of their own.
    """
    padding = (0, 1 if dense else 2, 0, 0)
    table = Table(*columns, title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=padding)
    filled = [tuple("-" if cell in {None, ""} else str(cell) for cell in row) for row in rows]
    for index, column in enumerate(table.columns):
        column.overflow = "fold"
        column.no_wrap = dense
        if filled and all(row[index].replace(".", "").isdigit() or row[index] == "-" for row in filled):
            column.justify = "right"
    if table.columns:
        table.columns[0].no_wrap = True
    for row in filled:
        table.add_row(*row)
    # A pipe has no width of its own: take what a terminal of this time has.
    Console(width=None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100).print(table)


def print_rows(
    rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], output: Format, title: str, dense: bool = False
) -> None:
    """Rows as JSON with all their keys, or as a table of the chosen columns (key to heading)."""
    if output is Format.JSON:
        print_json(rows)
    else:
        print_table(list(columns.values()), [[row[key] for key in columns] for row in rows], title, dense)


def print_error(error: GpuCloudError) -> None:
    """What was refused on standard error, one problem a line: `path: problem; fix`."""
    for line in str(error).splitlines():
        typer.echo(line, err=True)
