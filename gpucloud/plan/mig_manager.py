"""What the operator's MIG manager is told: which configuration a node's label names, and what is in it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gpucloud.facts.device_mig import mig_profile
from gpucloud.facts.pci_devices import pci_devices
from gpucloud.kubelet.yaml_writing import dump_yaml
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.sharing_model import MigGroupPlan, SharingPlan

_CONFIG_MAP, _KEY = "gpucloud-mig", "config.yaml"
# The operator's own word for a node that nobody cuts, which it puts on every node with MIG and without a label
# (NVIDIA/gpu-operator v26.7.0, controllers/nodelabeling_controller.go).
_DISABLED = "all-disabled"
# Where the MIG mode of a GPU cannot be changed at once, the node starts again (NVIDIA/cloud-native-docs 52dcb7b,
# gpu-operator-mig.rst: "in a cloud service provider (CSP) environment").
_WITH_REBOOT = [{"name": "WITH_REBOOT", "value": "true"}]
_HASH = 8


def mig_configuration(sharing: SharingPlan | None) -> str | None:
    """What the label of a pool's nodes says; None where nothing is cut. Layouts are named after what is in them."""
    if sharing is None:
        return None
    if sharing.profile is not None:
        return f"all-{sharing.profile}"
    if not sharing.layout:
        return None
    return f"layout-{_hash(json.dumps(_entries(sharing.layout), sort_keys=True))}"


def mig_values(pools: Sequence[NodePoolPlan]) -> dict[str, Any]:
    """Values of the operator for the pools whose GPUs are cut; empty where none are.

    Equal instances count under the whole GPU's resource name (strategy `single`). Unlike ones have names of their own
    (`mixed`); the strategy is then left to each node's configuration of the device plugin, since the operator's own is
    one for the whole cluster (NVIDIA/gpu-operator v26.7.0, controllers/object_controls.go: applyMIGConfiguration).
    Where the cloud cuts GPUs (AKS), the manager would find them without its label and join them again.
    """
    cut = [pool for pool in pools if mig_configuration(pool.sharing) is not None]
    if not cut:
        return {}
    if cut[0].cloud != "aws":
        return {"mig": {"strategy": "single"}, "migManager": {"enabled": False}}
    manager: dict[str, Any] = {"env": _WITH_REBOOT}
    layouts = [pool for pool in cut if pool.sharing is not None and pool.sharing.layout]
    if not layouts:
        return {"mig": {"strategy": "single"}, "migManager": manager}
    # Claims know instances by their profile: no device plugin reads a node's configuration. Without a strategy the
    # chart renders `mig: null`, which an API server takes when it is created, and refuses in server-side apply:
    # Pulumi's Release is Helm 3, which creates (pulumi/pulumi-kubernetes#4190).
    strategy = "mixed" if layouts[0].software.device_plugin == "dra" else ""
    data = {_KEY: dump_yaml(_file(cut), width=120)}
    manager["config"] = {"create": True, "name": _CONFIG_MAP, "default": _DISABLED, "data": data}
    # The manager acts on a label that changes and on its own start, never on a file that does (mig-parted bd7160f,
    # cmd/nvidia-mig-manager/main.go). A variable that changes with the file starts it again.
    manager["env"] = [*_WITH_REBOOT, {"name": "GPUCLOUD_CONFIG", "value": _hash(data[_KEY])}]
    return {"mig": {"strategy": strategy}, "migManager": manager}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH]


def _file(pools: Sequence[NodePoolPlan]) -> Mapping[str, Any]:
    """A file of mig-parted that takes the place of what the manager would make from the hardware (api/spec/v1/spec.go).

    So it has the configurations of all pools, and the one of nodes that are not cut.
    """
    configurations: dict[str, list[dict[str, Any]]] = {_DISABLED: [{"devices": "all", "mig-enabled": False}]}
    for pool in pools:
        name = mig_configuration(pool.sharing)
        if name is None or pool.sharing is None:
            continue
        if pool.sharing.layout:
            configurations[name] = _entries(pool.sharing.layout)
        else:
            configurations[name] = _equal(name, pools)
    return {"version": "v1", "mig-configs": configurations}


def _entries(layout: Sequence[MigGroupPlan]) -> list[dict[str, Any]]:
    return [
        {
            "devices": "all" if len(layout) == 1 else list(group.gpus),
            "mig-enabled": True,
            "mig-devices": dict(group.instances),
        }
        for group in layout
    ]


def _equal(name: str, pools: Sequence[NodePoolPlan]) -> list[dict[str, Any]]:
    """Every GPU full of one profile; models that differ in how many are told apart by their PCI IDs."""
    models: dict[int, set[str]] = {}
    profile = name.removeprefix("all-")
    for pool in pools:
        if mig_configuration(pool.sharing) == name:
            found = mig_profile(pool.machine.accelerator, profile)
            models.setdefault(found.max_instances, set()).add(found.accelerator)
    entries = []
    for count, accelerators in sorted(models.items()):
        entry: dict[str, Any] = {"devices": "all", "mig-enabled": True, "mig-devices": {profile: count}}
        if len(models) > 1:
            entry["device-filter"] = _pci_ids(accelerators)
        entries.append(entry)
    return entries


def _pci_ids(accelerators: set[str]) -> list[str]:
    """PCI IDs as mig-parted writes them: `0x233010DE`."""
    return sorted(
        {
            f"0x{row.device.upper()}{row.pci_vendor.upper()}"
            for row in pci_devices()
            if row.accelerator in accelerators and row.function == "pf"
        }
    )
