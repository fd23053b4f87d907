"""Bottlerocket: TOML below `settings.kubernetes`, and kernel settings below `kernel`, `boot` and `oci-defaults`."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

from gpucloud.facts.kubelet_platforms import kubelet_setting, kubelet_settings, translate
from gpucloud.facts.linux_platforms import linux_way
from gpucloud.kubelet.delivery.delivered import Delivered, Linux, UndeliverableError, Values

SETTINGS = "settings.toml"
_THP, _PARAMETER = "transparent_hugepages", "transparent_hugepage"


def render_bottlerocket(values: Values, linux: Linux) -> Delivered:
    """The settings as TOML; UndeliverableError for a key without a setting."""
    text = "\n".join(settings_lines(values, linux))
    return Delivered("bottlerocket", {SETTINGS: f"{text}\n"} if text else {})


def settings_lines(values: Values, linux: Linux) -> list[str]:
    """The lines of the TOML: plain settings first, then a table for each that is a map."""
    lines: list[str] = []
    tables: list[str] = []
    for key, value in sorted(values.items()):
        setting = kubelet_setting("bottlerocket", key)
        if setting is None:
            raise UndeliverableError(f"Bottlerocket has no setting for {key}")
        written = translate(setting, value)
        if isinstance(written, Mapping):
            tables += _tables(f"settings.kubernetes.{setting.setting}", written)
        else:
            lines.append(f"{setting.setting} = {_toml(written)}")
    tables += _linux_tables(linux)
    head = ["[settings.kubernetes]", *lines] if lines else []
    return [*head, *(tables if head else tables[1:])]


def read_bottlerocket(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys of KubeletConfiguration and the sysctls that the settings stand for."""
    settings = tomllib.loads(str(delivered.documents.get(SETTINGS, ""))).get("settings", {})
    kubernetes = settings.get("kubernetes", {})
    values = {
        setting.field: setting.form.read(kubernetes[setting.setting], setting.field)
        for setting in kubelet_settings("bottlerocket")
        if setting.setting in kubernetes
    }
    return values, _read_linux(settings)


def _linux_tables(linux: Linux) -> list[str]:
    lacking = sorted(name for name in linux if linux_way("bottlerocket", name) is None)
    if lacking:
        raise UndeliverableError(f"Bottlerocket has no setting for {', '.join(lacking)}")
    lines: list[str] = []
    if (enabled := linux.get(_THP)) is not None:
        # A parameter of the kernel counts from the next boot on: the first one is followed by another.
        lines += _tables("settings.boot", {"reboot-to-reconcile": True, "kernel-parameters": {_PARAMETER: [enabled]}})
    for name in sorted(linux.get("modules") or ()):
        lines += _tables(f"settings.kernel.modules.{_key(name)}", {"allowed": True, "autoload": True})
    if sysctls := {name: str(value) for name, value in linux.items() if "." in name or "/" in name}:
        lines += _tables("settings.kernel.sysctl", sysctls)
    if (limit := linux.get("memlock")) is not None:
        limits = {"hard-limit": limit, "soft-limit": limit}
        lines += _tables("settings.oci-defaults.resource-limits.max-locked-memory", limits)
    return lines


def _read_linux(settings: Mapping[str, Any]) -> dict[str, Any]:
    kernel = settings.get("kernel", {})
    found: dict[str, Any] = {**kernel.get("sysctl", {})}
    if modules := sorted(name for name, module in kernel.get("modules", {}).items() if module.get("autoload")):
        found["modules"] = modules
    parameters = settings.get("boot", {}).get("kernel-parameters", {})
    if _PARAMETER in parameters:
        found[_THP] = parameters[_PARAMETER][-1]
    limits = settings.get("oci-defaults", {}).get("resource-limits", {}).get("max-locked-memory", {})
    if limits:
        found["memlock"] = limits["hard-limit"]
    return found


def _tables(name: str, table: Mapping[str, Any]) -> list[str]:
    inner = {key: value for key, value in sorted(table.items()) if isinstance(value, Mapping)}
    plain = [f"{_key(key)} = {_toml(value)}" for key, value in sorted(table.items()) if key not in inner]
    own = ["", f"[{name}]", *plain] if plain or not inner else []
    return own + [line for key, value in inner.items() for line in _tables(f"{name}.{_key(key)}", value)]


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _toml(name)


def _toml(value: Any) -> str:
    """A TOML value: written as in JSON, but for DEL, which is escaped, and what lies beyond 16 bits, which is not."""
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007F")
