"""Settings of a pool's kubelets and kernels, under GKE's names; what GKE has no field for, the plan has refused."""

from collections.abc import Iterator
from typing import Any

from gpucloud.facts.kubelet_platforms import KubeletSetting, kubelet_setting, translate
from gpucloud.facts.linux_platforms import linux_setting, translate_linux
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.model import NodePoolPlan


def kubelet_config(pool: NodePoolPlan) -> dict[str, Any] | None:
    """NodePool's `nodeConfig.kubeletConfig`, None without settings."""
    found: dict[str, Any] = {}
    for setting, value in _kubelet_settings(pool):
        if not setting.on_pool:
            _put(found, setting.path, value)
    return found or None


def pods_per_node(pool: NodePoolPlan) -> int | None:
    """NodePool's `maxPodsPerNode`, which GKE has outside of its kubelet settings."""
    return next((value for setting, value in _kubelet_settings(pool) if setting.on_pool), None)


def linux_node_config(linux: LinuxPlan | None) -> dict[str, Any] | None:
    """NodePool's `nodeConfig.linuxNodeConfig`, None without settings."""
    if linux is None:
        return None
    given: dict[str, Any] = {
        **dict(linux.sysctls),
        "transparent_hugepages": linux.transparent_hugepages,
        "transparent_hugepage_defrag": linux.transparent_hugepage_defrag,
        "hugepages_2mi": linux.hugepages_2mi,
        "hugepages_1gi": linux.hugepages_1gi,
    }
    found: dict[str, Any] = {}
    for name, value in sorted(given.items()):
        setting = linux_setting("gke", name)
        if value is not None and setting is not None:
            _put(found, setting.path, translate_linux(setting, value))
    return found


def _kubelet_settings(pool: NodePoolPlan) -> Iterator[tuple[KubeletSetting, Any]]:
    for key, value in sorted(pool.kubelet.items()):
        setting = kubelet_setting("gke", key)
        if setting is not None:
            yield setting, translate(setting, value)


def _put(found: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for level in path[:-1]:
        found = found.setdefault(level, {})
    found[path[-1]] = value
