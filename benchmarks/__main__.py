"""Measure and print: `make bench`, or `make bench ARGS="--quick plan catalogue"`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import agent_pools, catalogue, importing, kubelet, planning, preview
from benchmarks.measure import MeasurementError
from benchmarks.rows import Row, print_rows, write_rows
from gpucloud.errors import GpuCloudError

BENCHMARKS: dict[str, Callable[..., list[Row]]] = {
    "import": importing.run,
    "plan": planning.run,
    "catalogue": catalogue.run,
    "kubelet": kubelet.run,
    "preview": preview.run,
    "aks": agent_pools.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks that are named, all where none is; a slow result is a result, and the exit code is 0."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(BENCHMARKS)}; default all")
    parser.add_argument("--quick", action="store_true", help="a short run: fewer rounds, smaller sizes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    progress = Console(stderr=True, highlight=False)
    rows: list[Row] = []
    failed = False
    for name in options.names or BENCHMARKS:
        try:
            rows += BENCHMARKS[name](quick=options.quick, say=lambda line: progress.print(line, markup=False))
        except (GpuCloudError, MeasurementError) as error:
            progress.print(f"error: {error}", markup=False)
            failed = True
    console = Console()
    print_rows(rows, console if console.is_terminal else Console(width=200))
    if options.json is not None:
        write_rows(rows, options.json)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
