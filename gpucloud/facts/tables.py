"""How the tables of facts are read: one CSV per table, inside the package, once, when it is first asked for."""

import csv
import difflib
import re
from collections.abc import Iterable, Mapping

_NEAREST_COUNT = 3
_NEAREST_CUTOFF = 0.5


def read_table(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of `facts/data/<name>.csv` in file order; an empty cell stays an empty string.

    Nothing is cached here: each module of facts keeps the frozen rows that it makes from the table.
    """
    from importlib import resources  # noqa: PLC0415 a quarter of the package's import time, needed by readers alone

    text = resources.files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines(), strict=True))


def int_or_none(cell: str) -> int | None:
    """Return the number in a cell, or None where the cell is empty because no source states the value."""
    return int(cell) if cell else None


def flag(cell: str) -> bool:
    """Return the truth in a cell; anything but `true` or `false` is a broken table and raises ValueError."""
    if cell not in {"true", "false"}:
        raise ValueError(f"a flag is true or false, not {cell!r}")
    return cell == "true"


def index_ranges(cell: str) -> tuple[int, ...]:
    """Return the indexes that a cell such as `0-3` or `0,2-4` names, in order; an empty cell names none."""
    indexes: list[int] = []
    for part in filter(None, cell.split(",")):
        first, _, last = part.partition("-")
        indexes.extend(range(int(first), int(last or first) + 1))
    return tuple(indexes)


def nearest_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names that look most like `name`, best first, ties in alphabetical order.

    A shared head counts before overall likeness: `p5.48xlrge` means `p5.48xlarge` before `c5.18xlarge`. A name's first
    part alone means those that begin with it, however long they are: `h100` is near `h100-sxm-80gb`.
    """
    wanted = name.lower()
    names = sorted(known)
    close = difflib.get_close_matches(wanted, names, n=25, cutoff=_NEAREST_CUTOFF)
    candidates = {*close, *(candidate for candidate in names if _family(candidate) == wanted)}

    def rank(candidate: str) -> tuple[bool, float, str]:
        same_family = _family(candidate) == _family(wanted)
        return (not same_family, -difflib.SequenceMatcher(None, wanted, candidate).ratio(), candidate)

    return tuple(sorted(candidates, key=rank)[:_NEAREST_COUNT])


def _family(name: str) -> str:
    return re.split(r"[.-]", name, maxsplit=1)[0]
