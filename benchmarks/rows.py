"""One row a figure, as a table for people and as JSON for programs."""

import dataclasses
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.measure import Figure


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of which case, against which baseline; a goal is printed beside it, never enforced."""

    benchmark: str
    case: str
    figure: Figure
    unit: str
    ratio: Figure | None = None
    baseline: str = ""
    goal: str = ""
    note: str = ""


def print_rows(rows: Sequence[Row], console: Console) -> None:
    """Print one table of all rows."""
    table = Table(box=box.SIMPLE_HEAD, caption=_machine(), caption_justify="left")
    for header in ("benchmark", "case"):
        table.add_column(header, overflow="fold")
    for header in ("median", "min", "max"):
        table.add_column(header, justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("ratio (min to max)", justify="right")
    for header in ("against", "goal", "note"):
        table.add_column(header, overflow="fold")
    for row in rows:
        values = (row.figure.median, row.figure.least, row.figure.greatest)
        numbers = [_number(value) for value in values]
        ratio = f"{row.ratio.median:.2f} ({row.ratio.least:.2f} to {row.ratio.greatest:.2f})" if row.ratio else ""
        table.add_row(row.benchmark, row.case, *numbers, row.unit, ratio, row.baseline, row.goal, row.note)
    console.print(table)


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Write all rows, and on what machine they were measured, as JSON."""
    document: dict[str, Any] = {"machine": _machine(), "rows": [dataclasses.asdict(row) for row in rows]}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _number(value: float) -> str:
    """Three significant figures, as a plain number."""
    if abs(value) >= 100:  # noqa: PLR2004  # three digits before the point
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}; medians, least, greatest"
