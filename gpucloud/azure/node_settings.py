"""The kubelet's and the kernel's settings as an agent pool takes them: nodes of AKS read no file of ours."""

import re
from collections.abc import Mapping
from typing import Any

from pulumi_azure_native import containerservice

from gpucloud.kubelet.delivery import render_for
from gpucloud.plan.linux_model import LinuxPlan


def kubelet_config_args(kubelet: Mapping[str, Any]) -> containerservice.KubeletConfigArgs | None:
    """The keys of a KubeletConfiguration that stand in the pool's `kubeletConfig`; None without any.

    Raises UndeliverableError for a key that AKS has no setting for, which the plan refuses first.
    """
    given = _named(render_for("aks", kubelet).documents.get("kubeletConfig"))
    return containerservice.KubeletConfigArgs(**given) if given else None


def pool_settings(kubelet: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a KubeletConfiguration that AKS takes on the agent pool itself (`max_pods`), by the SDK's names."""
    return _named(render_for("aks", kubelet).documents.get("nodePool"))


def linux_config_args(linux: LinuxPlan | None) -> containerservice.LinuxOSConfigArgs | None:
    """Kernel settings as the pool's `linuxOSConfig`; None without any.

    Raises UndeliverableError for a setting that AKS has no field for, which the plan refuses first.
    """
    if linux is None:
        return None
    given = _named(render_for("aks", {}, linux.settings).documents.get("linuxOSConfig"))
    sysctls = _named(given.pop("sysctls", None))
    return containerservice.LinuxOSConfigArgs(
        sysctls=containerservice.SysctlConfigArgs(**sysctls) if sysctls else None, **given
    )


def _named(document: Any) -> dict[str, Any]:
    return {sdk_name(name): value for name, value in (document or {}).items()}


def sdk_name(wire_name: str) -> str:
    """The SDK's name of an argument: `containerLogMaxSizeMB` is `container_log_max_size_mb`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z]+)", lambda found: f"_{found[0]}", wire_name).lower()
