"""The kubelet's own managers, built from toolchain/kubelet-check; a machine without Go or its modules has none."""

import json
import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
BUILT = ROOT / ".toolchain" / "bin" / "kubelet-check"


@cache
def _program() -> Path | None:
    if "KUBELET_CHECK" in os.environ:
        return Path(os.environ["KUBELET_CHECK"])
    if not BUILT.exists():
        return None
    usage = subprocess.run([str(BUILT)], capture_output=True, text=True, check=False)
    return BUILT if "  admit " in usage.stderr else None


def ask(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """An answer for every case; skips the test where the program is not built, which `make toolchain` does."""
    program = _program()
    if program is None:
        pytest.skip("the kubelet's own code is not built here: .toolchain/bin/kubelet-check has no command admit")
    text = "\n".join(json.dumps(case) for case in cases) + "\n"
    done = subprocess.run([str(program), "admit"], input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
