"""The kubelet's own code as a judge: one long-lived process, a line asked, a line answered."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from toolchain.built_program import no_go, stamp_of
from toolchain.kubernetes_tools.kubelet_check import KUBELET_CHECK

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".toolchain" / "bin" / "kubelet-check"


class Oracle:
    """Answers what a kubelet of 1.36.3 makes of a file."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.asked = 0

    def judge(self, text: str) -> dict[str, Any]:
        """The verdict on a file, in the form of `gpucloud kubelet validate --format json`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.asked += 1
        self._process.stdin.write(json.dumps({"id": str(self.asked), "text": text}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert answer["file"] == str(self.asked)
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=10)


def needs_kubelet_check() -> None:
    """Go on where the program is there and of these sources; in CI its lack is a failure, elsewhere a skip."""
    stamp = PROGRAM.with_name("kubelet-check.sources")
    if PROGRAM.is_file() and stamp.is_file() and stamp.read_text(encoding="utf-8") == stamp_of(KUBELET_CHECK, ROOT):
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{no_go(KUBELET_CHECK.name)}, or `make kubelet` was not run")
    pytest.skip("kubelet-check is not built from these sources: run `make kubelet` (needs Go)")
