"""TKE: command-line flags of the kubelet as `extra_args`, and what stands on the node pool itself."""

from typing import Any

from gpucloud.facts.kubelet_platforms import kubelet_setting, kubelet_settings, translate
from gpucloud.kubelet.delivery.delivered import Delivered, Linux, UndeliverableError, Values
from gpucloud.kubelet.delivery.linux_script import LINUX_SCRIPT, linux_documents, read_linux_script

EXTRA_ARGS = "extraArgs"
POOL = "nodePool"


def render_tke(values: Values, linux: Linux) -> Delivered:
    """`extraArgs`, flags without dashes and sorted, and `nodePool`; UndeliverableError for a key without a flag.

    Kernel settings are a script for the node's user data.
    """
    flags: list[str] = []
    pool: dict[str, Any] = {}
    for key, value in sorted(values.items()):
        setting = kubelet_setting("tke", key)
        if setting is None:
            raise UndeliverableError(f"tke has no flag for {key}")
        written = translate(setting, value)
        if setting.on_pool:
            pool[setting.path[-1]] = written
        else:
            flags.append(f"{setting.setting}={written}")
    documents: dict[str, Any] = {**linux_documents(linux)}
    if flags:
        documents[EXTRA_ARGS] = {"kubelet": sorted(flags)}
    if pool:
        documents[POOL] = pool
    return Delivered("tke", dict(sorted(documents.items())))


def read_tke(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keys of KubeletConfiguration that the flags stand for."""
    args = delivered.documents.get(EXTRA_ARGS)
    flags = dict(flag.split("=", 1) for flag in (args["kubelet"] if isinstance(args, dict) else ()))
    pool = delivered.documents.get(POOL, {})
    values: dict[str, Any] = {}
    for setting in kubelet_settings("tke"):
        written = (
            pool.get(setting.path[-1]) if setting.on_pool and isinstance(pool, dict) else flags.get(setting.setting)
        )
        if written is not None:
            values[setting.field] = setting.form.read(written, setting.field)
    return values, read_linux_script(str(delivered.documents.get(LINUX_SCRIPT, "")))
