"""How a script under `tools/` writes tables of facts, or says which would change."""

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = dict[str, str]

_DATA = Path(__file__).resolve().parent.parent / "gpucloud" / "facts" / "data"


def csv_text(columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    """Return the text of a table: these columns, these rows in this order, one line each."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_or_check(description: str, tables: Mapping[str, str]) -> int:
    """Write the tables, or with `--check` write nothing and return 1 where a file is not as the script makes it."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, say which files would change")
    check = parser.parse_args().check
    stale = [name for name, text in tables.items() if not _is_as_made(_DATA / name, text)]
    for name in stale:
        if check:
            print(f"{name}: not what {Path(sys.argv[0]).name} makes; run it", file=sys.stderr)
        else:
            (_DATA / name).write_text(tables[name], encoding="utf-8")
    return 1 if check and stale else 0


def _is_as_made(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
