"""How fast the tables of facts answer, first and afterwards."""

import subprocess
import sys
from collections.abc import Callable

from benchmarks.measure import MeasurementError, Say, figure, per_second
from benchmarks.rows import Row
from gpucloud.facts import accelerators_for_pci, machine_type, machine_types

_QUERIES: dict[str, Callable[[], object]] = {
    "machine_type('aws', 'p5.48xlarge')": lambda: machine_type("aws", "p5.48xlarge"),
    "accelerators_for_pci('10de', '2330')": lambda: accelerators_for_pci("10de", "2330"),
    "accelerators_for_pci('10de', '25b6', '10de:157e')": lambda: accelerators_for_pci("10de", "25b6", "10de:157e"),
    "machine types with h100-sxm-80gb, of all": lambda: [
        entry for entry in machine_types("aws") if entry.accelerator == "h100-sxm-80gb"
    ],
}
# Times the query alone: what reads and indexes the table, without Python's start and the imports.
_COLD = """
import time
from gpucloud.facts import accelerators_for_pci, machine_type, machine_types
start = time.perf_counter()
{query}
print(time.perf_counter() - start)
"""
_COLD_QUERIES = ("machine_type('aws', 'p5.48xlarge')", "accelerators_for_pci('10de', '2330')", "machine_types('aws')")


def run(*, quick: bool, say: Say) -> list[Row]:
    """Queries per second in one process, and the first query of a fresh one."""
    rounds, seconds, starts = (2, 0.02, 2) if quick else (5, 0.2, 7)
    say(f"catalogue: {len(_QUERIES)} queries, {rounds} rounds of {seconds} s; {starts} fresh processes for each first")
    empty = [name for name, query in _QUERIES.items() if not query()]
    if empty:
        raise MeasurementError(f"the catalogue has no answer to {', '.join(empty)}, so nothing would be measured")
    rates: dict[str, list[float]] = {name: [] for name in _QUERIES}
    for _ in range(rounds):
        for name, query in _QUERIES.items():
            rates[name].append(per_second(query, seconds))
    cold: dict[str, list[float]] = {query: [] for query in _COLD_QUERIES}
    for _ in range(starts):
        for query, taken in cold.items():
            taken.append(_first(query))
    return [
        *(Row("catalogue", name, figure(found), "queries/s") for name, found in rates.items()),
        *(Row("catalogue", f"{q}, first after import", figure(t).scaled(1000), "ms") for q, t in cold.items()),
    ]


def _first(query: str) -> float:
    program = [sys.executable, "-c", _COLD.format(query=query)]
    return float(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
