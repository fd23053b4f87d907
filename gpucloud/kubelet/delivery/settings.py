"""Platforms whose node pools have a setting for some keys: AKS, GKE and ACK, as the wire mappings of their APIs."""

from collections.abc import Mapping
from typing import Any

from gpucloud.facts.kubelet_platforms import (
    KubeletPlatform,
    KubeletSetting,
    kubelet_setting,
    kubelet_settings,
    translate,
)
from gpucloud.facts.linux_platforms import linux_setting, linux_settings, translate_linux
from gpucloud.facts.setting_values import MAP
from gpucloud.kubelet.delivery.delivered import Delivered, Linux, UndeliverableError, Values
from gpucloud.kubelet.delivery.linux_script import LINUX_SCRIPT, linux_documents, read_linux_script

POOL = "nodePool"
KUBELET: Mapping[str, str] = {"ack": "kubeletConfiguration", "aks": "kubeletConfig", "gke": "kubeletConfig"}
LINUX: Mapping[str, str] = {"aks": "linuxOSConfig", "gke": "linuxNodeConfig"}


def render_settings(platform: KubeletPlatform, values: Values, linux: Linux) -> Delivered:
    """The node pool's kubelet and kernel settings, and under `nodePool` what stands on the pool itself.

    ACK has no kernel settings: they are a script for the node's user data.

    Raises UndeliverableError for a key without a setting, ValueError for a value that the platform does not take.
    """
    documents: dict[str, dict[str, Any]] = {}
    for key, value in sorted(values.items()):
        setting = kubelet_setting(platform, key)
        if setting is None:
            raise UndeliverableError(f"{platform} has no setting for {key}")
        document = documents.setdefault(POOL if setting.on_pool else KUBELET[platform], {})
        put(document, setting.path, translate(setting, value))
    if platform not in LINUX:
        scripts: dict[str, Any] = {**documents, **linux_documents(linux)}
        return Delivered(platform, dict(sorted(scripts.items())))
    for name, value in sorted(linux.items()):
        kernel = linux_setting(platform, name)
        if kernel is None:
            raise UndeliverableError(f"{platform} has no setting for {name}")
        put(documents.setdefault(LINUX[platform], {}), kernel.path, translate_linux(kernel, value))
    return Delivered(platform, dict(sorted(documents.items())))


def read_settings(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keys of KubeletConfiguration and kernel settings that mean the same as what was rendered."""
    values: dict[str, Any] = {}
    for setting in kubelet_settings(delivered.platform):
        if "[" in setting.field:
            continue
        document = delivered.documents.get(POOL if setting.on_pool else KUBELET[delivered.platform], {})
        written = _at(document, setting.path)
        if written is not None:
            values[setting.field] = _read(delivered.platform, setting, written)
    if delivered.platform not in LINUX:
        return values, read_linux_script(str(delivered.documents.get(LINUX_SCRIPT, "")))
    kernel = delivered.documents.get(LINUX[delivered.platform], {})
    linux = {
        setting.setting: setting.form.read(written, setting.setting)
        for setting in linux_settings(delivered.platform)
        if (written := _at(kernel, setting.path)) is not None
    }
    return values, linux


def put(document: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set a value some levels deep, with the levels that are missing."""
    for level in path[:-1]:
        document = document.setdefault(level, {})
    document[path[-1]] = value


def _at(document: Any, path: tuple[str, ...]) -> Any:
    for level in path:
        document = document.get(level) if isinstance(document, Mapping) else None
    return document


def _read(platform: KubeletPlatform, setting: KubeletSetting, written: Any) -> Any:
    if setting.form.kind != MAP:
        return setting.form.read(written, setting.field)
    prefix = f"{setting.field}["
    members = {member.path[-1]: member for member in kubelet_settings(platform) if member.field.startswith(prefix)}
    return {
        members[name].field.removeprefix(prefix).removesuffix("]"): members[name].form.read(value, setting.field)
        for name, value in written.items()
    }
