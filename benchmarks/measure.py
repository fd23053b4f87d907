"""Figures of several interleaved runs, so that a machine whose speed drifts slows every case alike."""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Say = Callable[[str], None]
"""Takes a line of progress."""


class MeasurementError(Exception):
    """What was to be measured is not what ran, so its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Median, least and greatest of the runs of one case; in seconds unless its user says otherwise."""

    median: float
    least: float
    greatest: float

    def scaled(self, factor: float) -> "Figure":
        """The same runs in another unit."""
        return Figure(self.median * factor, self.least * factor, self.greatest * factor)


def figure(values: Iterable[float]) -> Figure:
    """Median, least and greatest of some values."""
    found = list(values)
    return Figure(statistics.median(found), min(found), max(found))


def interleaved(
    cases: Mapping[str, Callable[[], object]], rounds: int, say: Say | None = None
) -> dict[str, list[float]]:
    """Seconds of every run of every case: one run of each case a round, the order turned round each time."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(rounds):
        for name in list(cases) if number % 2 == 0 else reversed(list(cases)):
            start = time.perf_counter()
            cases[name]()
            taken[name].append(time.perf_counter() - start)
            if say is not None:
                say(f"round {number + 1} of {rounds}: {name} took {taken[name][-1]:.1f} s")
    return taken


def ratio(values: Iterable[float], baseline: Iterable[float]) -> Figure:
    """How many times the baseline, round by round: two runs of one round met the same machine."""
    return figure(value / other for value, other in zip(values, baseline, strict=True))


def per_second(call: Callable[[], object], seconds: float) -> float:
    """Calls per second over about `seconds`, in growing batches so that reading the clock costs nothing."""
    batch, made, start = 1, 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        for _ in range(batch):
            call()
        made, batch = made + batch, min(batch * 2, 4096)
    return made / elapsed
