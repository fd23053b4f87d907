"""The programs of a Kubernetes control plane whose nodes are played: each from its own Go module."""

from collections.abc import Mapping
from pathlib import Path

from toolchain.built_program import GoProgram, find_or_build
from toolchain.kubernetes_tools.version import CLIENT, COMPONENT_BASE, stamped
from toolchain.pulumi_cli.workplace import Say

_KUBERNETES = Path("toolchain/kubernetes")
# Providers refuse a server whose version they cannot read.
_STAMPED = stamped(COMPONENT_BASE, CLIENT)

PROGRAMS = (
    GoProgram("kube-apiserver", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-apiserver", _STAMPED, "4 minutes"),
    GoProgram("kube-controller-manager", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-controller-manager", _STAMPED),
    GoProgram("kube-scheduler", _KUBERNETES, "k8s.io/kubernetes/cmd/kube-scheduler", _STAMPED),
    # The API server needs an etcd that answers RequestWatchProgress, 3.5.13 or later (kubernetes/kubernetes#124483).
    GoProgram("etcd", Path("toolchain/etcd"), "go.etcd.io/etcd/server/v3"),
    GoProgram("kwok", Path("toolchain/kwok"), "sigs.k8s.io/kwok/cmd/kwok"),
)


def find_control_plane(root: Path, environment: Mapping[str, str], say: Say) -> tuple[Path, ...] | None:
    """Return all programs, built first where they are missing or older than their sources; None after saying why."""
    found = []
    for program in PROGRAMS:
        path = find_or_build(program, root, environment, say)
        if path is None:
            return None
        found.append(path)
    return tuple(found)
