"""What `toolchain/kubelet-check` says of the kubelet that it is built on."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

MODULE = Path(__file__).resolve().parents[1] / "toolchain/kubelet-check"
SOURCE = "k8s.io/kubernetes v1.36.3"


def ask(command: str) -> str:
    """The output of one of its commands; Go builds it first (minutes, once)."""
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}
    arguments = ["go", "run", "-mod=readonly", ".", command]
    return subprocess.run(arguments, cwd=MODULE, env=environment, check=True, capture_output=True, text=True).stdout


def ask_lines(command: str) -> list[dict[str, Any]]:
    """The objects that it prints a line each."""
    return [json.loads(line) for line in ask(command).splitlines()]
