"""A kubelet configuration as each platform takes it, and read back from it: one module a way to deliver."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, assert_never

from gpucloud.facts.kubelet_platforms import KubeletPlatform
from gpucloud.kubelet.delivery.bottlerocket import read_bottlerocket, render_bottlerocket
from gpucloud.kubelet.delivery.delivered import Delivered, UndeliverableError
from gpucloud.kubelet.delivery.flags import read_tke, render_tke
from gpucloud.kubelet.delivery.settings import read_settings, render_settings
from gpucloud.kubelet.delivery.whole_file import (
    read_karpenter,
    read_kubeadm,
    read_nodeadm,
    render_karpenter,
    render_kubeadm,
    render_nodeadm,
)

__all__ = ["Delivered", "UndeliverableError", "read_for", "render_for"]

_NO_LINUX: Mapping[str, Any] = MappingProxyType({})


def render_for(platform: KubeletPlatform, values: Mapping[str, Any], linux: Mapping[str, Any] = _NO_LINUX) -> Delivered:
    """The documents for a platform; the same bytes for equal values.

    Raises UndeliverableError for a key or a kernel setting that the platform has no way to take, ValueError for a value
    that it refuses: ask `unsupported` first, it says all of it at once and what to do.
    """
    match platform:
        case "nodeadm":
            return render_nodeadm(values, linux)
        case "kubeadm":
            return render_kubeadm(values, linux)
        case "karpenter":
            return render_karpenter(values, linux)
        case "bottlerocket":
            return render_bottlerocket(values, linux)
        case "tke":
            return render_tke(values, linux)
        case "aks" | "gke" | "ack":
            return render_settings(platform, values, linux)
        case _:
            assert_never(platform)


def read_for(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The KubeletConfiguration keys and the kernel settings that documents mean."""
    match delivered.platform:
        case "nodeadm":
            return read_nodeadm(delivered)
        case "kubeadm":
            return read_kubeadm(delivered)
        case "karpenter":
            return read_karpenter(delivered)
        case "bottlerocket":
            return read_bottlerocket(delivered)
        case "tke":
            return read_tke(delivered)
        case "aks" | "gke" | "ack":
            return read_settings(delivered)
        case _:
            assert_never(delivered.platform)
