"""Whole outputs kept in files: `check_golden` compares, `--update-goldens` rewrites and still fails the run."""

import difflib
from pathlib import Path

import pytest

OPTION = "--update-goldens"
SCENARIOS = Path(__file__).resolve().parent / "golden"
_SHOWN_LINES = 60
_rewriting = False


def set_rewriting(rewriting: bool) -> None:
    """Say once, when pytest starts, whether files are rewritten."""
    global _rewriting  # noqa: PLW0603  # a run of pytest has one answer, and a helper gets no fixture
    _rewriting = rewriting


def scenarios() -> list[str]:
    """Names of the scenarios, sorted: each folder of tests/golden that holds a spec.yaml."""
    return sorted(path.parent.name for path in SCENARIOS.glob("*/spec.yaml"))


def check_golden(path: Path, text: str) -> None:
    """Fail where the file's bytes are not exactly `text`; with --update-goldens write it first, and still fail.

    A run that rewrote something is never green, so that a changed golden is always looked at before it is kept.
    """
    wanted = path.read_bytes().decode() if path.exists() else None
    if wanted == text:
        return
    name = f"{path.parent.name}/{path.name}"
    if _rewriting:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        pytest.fail(f"{name}: rewritten, run again", pytrace=False)
    if wanted is None:
        pytest.fail(f"{name}: no such golden; run with {OPTION} and look at what it writes", pytrace=False)
    lines = difflib.unified_diff(
        wanted.splitlines(), text.splitlines(), f"{name} (golden)", f"{name} (now)", lineterm="", n=2
    )
    shown = list(lines)[:_SHOWN_LINES]
    pytest.fail("\n".join([f"{name} differs; if the change is meant, run with {OPTION}", *shown]), pytrace=False)
