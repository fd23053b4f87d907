"""Settings of a pool's kubelets and kernels, under GKE's names; what GKE has no field for, the plan has refused."""

from collections.abc import Mapping
from typing import Any

from gpucloud.kubelet.delivery import render_for
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.model import NodePoolPlan


def kubelet_config(pool: NodePoolPlan) -> dict[str, Any] | None:
    """NodePool's `nodeConfig.kubeletConfig`, None without settings."""
    return _document(pool.kubelet, {}, "kubeletConfig") or None


def pods_per_node(pool: NodePoolPlan) -> int | None:
    """NodePool's `maxPodsPerNode`, which GKE has outside of its kubelet settings."""
    return _document(pool.kubelet, {}, "nodePool").get("maxPodsPerNode")


def linux_node_config(linux: LinuxPlan | None) -> dict[str, Any] | None:
    """NodePool's `nodeConfig.linuxNodeConfig`, None without settings."""
    return None if linux is None else _document({}, linux.settings, "linuxNodeConfig")


def _document(values: Mapping[str, Any], linux: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = render_for("gke", values, linux).documents.get(name, {})
    return dict(found) if isinstance(found, Mapping) else {}
