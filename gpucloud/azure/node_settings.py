"""The kubelet's and the kernel's settings as an agent pool takes them: nodes of AKS read no file of ours."""

import re
from collections.abc import Mapping
from typing import Any

from pulumi_azure_native import containerservice

from gpucloud.facts.kubelet_platforms import KubeletSetting, kubelet_setting, translate
from gpucloud.facts.linux_platforms import linux_setting, translate_linux
from gpucloud.plan.linux_model import LinuxPlan


def kubelet_config_args(kubelet: Mapping[str, Any]) -> containerservice.KubeletConfigArgs | None:
    """The keys of a KubeletConfiguration that stand in the pool's `kubeletConfig`; None without any.

    Raises KeyError for a key that AKS has no setting for, which the plan refuses first.
    """
    given = {name: value for setting, name, value in _translated(kubelet) if not setting.on_pool}
    return containerservice.KubeletConfigArgs(**given) if given else None


def pool_settings(kubelet: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a KubeletConfiguration that AKS takes on the agent pool itself (`max_pods`), by the SDK's names."""
    return {name: value for setting, name, value in _translated(kubelet) if setting.on_pool}


def linux_config_args(linux: LinuxPlan | None) -> containerservice.LinuxOSConfigArgs | None:
    """Kernel settings as the pool's `linuxOSConfig`; None without any.

    Raises KeyError for a setting that AKS has no field for, which the plan refuses first.
    """
    if linux is None:
        return None
    written = {
        **dict(linux.sysctls),
        "transparent_hugepages": linux.transparent_hugepages,
        "transparent_hugepage_defrag": linux.transparent_hugepage_defrag,
        "hugepages_2mi": linux.hugepages_2mi,
        "hugepages_1gi": linux.hugepages_1gi,
    }
    direct: dict[str, Any] = {}
    sysctls: dict[str, Any] = {}
    for name, value in written.items():
        if value is None:
            continue
        setting = linux_setting("aks", name)
        if setting is None:
            raise KeyError(name)
        target = sysctls if setting.path[0] == "sysctls" else direct
        target[sdk_name(setting.path[-1])] = translate_linux(setting, value)
    return containerservice.LinuxOSConfigArgs(
        sysctls=containerservice.SysctlConfigArgs(**sysctls) if sysctls else None, **direct
    )


def _translated(kubelet: Mapping[str, Any]) -> list[tuple[KubeletSetting, str, Any]]:
    found = []
    for key, value in sorted(kubelet.items()):
        setting = kubelet_setting("aks", key)
        if setting is None:
            raise KeyError(key)
        found.append((setting, sdk_name(setting.path[-1]), translate(setting, value)))
    return found


def sdk_name(wire_name: str) -> str:
    """The SDK's name of an argument: `containerLogMaxSizeMB` is `container_log_max_size_mb`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z]+)", lambda found: f"_{found[0]}", wire_name).lower()
