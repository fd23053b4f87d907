"""Rules about the repository's files that no linter knows."""

import csv
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES = 250
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc"}
# In pieces, so that this file does not hold what it looks for.
MACHINE_PATHS = tuple(f"/{folder}/" for folder in ("work", "root", "home/[a-z]"))
REGISTRIES = ("files.python" + "hosted", "registry.npm" + "js", "proxy.go" + "lang")


def _tracked() -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True, cwd=ROOT)
    return [ROOT / name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


TRACKED = _tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py"]
TABLES = [path for path in TRACKED if path.suffix == ".csv" and path.is_relative_to(ROOT / "gpucloud/facts/data")]
CONSTRAINTS = [path for path in TRACKED if path.parent == ROOT / "constraints" and path.suffix == ".txt"]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_lists_that_are_walked_are_not_empty():
    assert len(PYTHON) > 100
    assert len(TABLES) > 8
    assert len(CONSTRAINTS) >= 2


def test_files_stay_small():
    ours = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in {"gpucloud", "stacks"}]
    assert ours
    long = {_name(path): len(path.read_text().splitlines()) for path in ours}
    assert {name: count for name, count in long.items() if count > LINES} == {}


def test_no_module_is_called_after_nothing():
    parts = {_name(path): {*path.relative_to(ROOT).parts[:-1], path.stem} for path in PYTHON}
    assert {name: found & FORBIDDEN_NAMES for name, found in parts.items() if found & FORBIDDEN_NAMES} == {}


def test_no_tracked_file_names_a_path_of_a_machine_or_a_registry():
    wanted = re.compile("|".join([*(rf"(?<![\w.~/-]){path}" for path in MACHINE_PATHS), *map(re.escape, REGISTRIES)]))
    found = {}
    for path in TRACKED:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        hits = [match[0] for match in wanted.finditer(text)]
        if hits:
            found[_name(path)] = hits
    assert found == {}


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_row_of_a_table_has_a_source(path):
    rows = list(csv.DictReader(path.read_text().splitlines(), strict=True))
    assert rows
    assert all(row["source"].strip() for row in rows)
    assert all(None not in row and None not in row.values() for row in rows)


@pytest.mark.parametrize("path", CONSTRAINTS, ids=lambda path: path.stem)
def test_every_locked_package_has_a_version_and_hashes(path):
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", path.read_text()).strip())
    assert len(entries) > 5
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,-]+\])?==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_shipped_stacks_have_an_environment_and_a_target():
    stacks = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
    assert {"dev", "prod", "staging"} <= set(stacks)
    for stack in stacks:
        assert (ROOT / "stacks" / "environments" / f"{stack}.yaml").is_file(), stack
        assert re.search(r"gpucloud:target: (local|cloud)", (ROOT / f"Pulumi.{stack}.yaml").read_text()), stack
