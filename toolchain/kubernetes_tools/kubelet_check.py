"""`kubelet-check`, the program that asks the kubelet's own code."""

from collections.abc import Mapping
from pathlib import Path

from toolchain.built_program import GoProgram, find_or_build
from toolchain.kubernetes_tools.version import COMPONENT_BASE, stamped
from toolchain.pulumi_cli.workplace import Say

# The kubelet judges some fields by its own version.
KUBELET_CHECK = GoProgram(
    "kubelet-check", Path("toolchain/kubelet-check"), ldflags=stamped(COMPONENT_BASE), takes="4 minutes"
)


def find_kubelet_check(root: Path, environment: Mapping[str, str], say: Say) -> Path | None:
    """Return the program, built first where it is missing or older than its sources; None after saying why."""
    return find_or_build(KUBELET_CHECK, root, environment, say)
