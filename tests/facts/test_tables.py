"""The files themselves: sorted, sourced, read late, and as the script makes them."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

import gpucloud.facts
from gpucloud.facts.tables import flag, index_ranges, int_or_none, nearest_names

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "gpucloud" / "facts" / "data"
HAND = ROOT / "tools" / "data"
TABLES = sorted(DATA.glob("*.csv")) + sorted(HAND.glob("aws_*.csv"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_table_is_sorted_unique_and_sourced(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.isascii()
    assert "\r" not in text
    assert text.endswith("\n")
    rows = list(csv.reader(text.splitlines(), strict=True))
    header, *body = rows
    assert body == sorted(body)
    assert len(body) == len({tuple(row) for row in body})
    assert all(len(row) == len(header) for row in body)
    source = header.index("source")
    assert all(row[source].strip() for row in body)


@pytest.mark.parametrize("script", ["make_aws_machine_types.py", "make_aws_zones.py"])
def test_aws_tables_are_what_the_script_makes(script: str) -> None:
    done = subprocess.run(
        [sys.executable, f"tools/{script}", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_import_reads_no_table_and_no_other_package() -> None:
    code = (
        "import sys, importlib.resources, pathlib\n"
        "def refuse(*args, **kwargs): raise SystemExit('a table was read')\n"
        "pathlib.Path.open = pathlib.Path.read_text = refuse\n"
        "import gpucloud.facts\n"
        "known = set(sys.stdlib_module_names) | {'gpucloud'}\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} - known - {'__main__'}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_public_names_are_sorted_and_exist() -> None:
    assert gpucloud.facts.__all__ == sorted(gpucloud.facts.__all__)
    assert all(hasattr(gpucloud.facts, name) for name in gpucloud.facts.__all__)


@pytest.mark.parametrize(("cell", "indexes"), [("", ()), ("0", (0,)), ("0-3", (0, 1, 2, 3)), ("1,3,5-6", (1, 3, 5, 6))])
def test_index_ranges(cell: str, indexes: tuple[int, ...]) -> None:
    assert index_ranges(cell) == indexes


def test_cells() -> None:
    assert (int_or_none(""), int_or_none("7"), flag("true"), flag("false")) == (None, 7, True, False)
    with pytest.raises(ValueError, match="yes"):
        flag("yes")


def test_nearest_names_do_not_depend_on_order() -> None:
    known = ["p5.48xlarge", "p5.4xlarge", "p5e.48xlarge", "g5.48xlarge"]
    assert nearest_names("p5.48xlrge", known) == nearest_names("p5.48xlrge", reversed(known))
    assert nearest_names("p5.48xlrge", known)[0] == "p5.48xlarge"
    assert nearest_names("zzz", known) == ()
