"""MIG instances as the operator's MIG manager would make them, and as the device plugin would count them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_mig import mig_profiles
from gpucloud.facts.pci_devices import accelerators_for_pci
from gpucloud.sim.values import Inputs

Instances = Mapping[str, int]


def instances_of(operator: Inputs, chosen: str | None, name: str, gpus: int) -> list[Instances | None]:
    """Return the instances of each GPU by profile, None for a whole one; `chosen` is what the node's label says.

    A file of the release takes the place of the configurations that the manager makes from the hardware, all of them
    (NVIDIA/mig-parted bd7160f, cmd/nvidia-mig-manager/main.go). What does not fit is undone: a GPU without instances.
    """
    manager: Any = operator.get("migManager") or {}
    if chosen is None or manager.get("enabled") is False:
        return [None] * gpus
    config: Any = manager.get("config") or {}
    if not config.get("name"):
        found = [profile for profile in mig_profiles(name) if profile.mig_parted_config == chosen]
        return [{profile.name: profile.max_instances} for profile in found for _ in range(gpus)] or [None] * gpus
    file: Any = yaml.safe_load((config.get("data") or {}).get("config.yaml") or "") or {}
    cut: list[Instances | None] = [None] * gpus
    for entry in (file.get("mig-configs") or {}).get(chosen) or []:
        if not _is_for(entry.get("device-filter"), name):
            continue
        made = _made(name, entry.get("mig-devices") or {}) if entry.get("mig-enabled") else None
        for gpu in range(gpus):
            if entry["devices"] == "all" or gpu in entry["devices"]:
                cut[gpu] = made
    return cut


def _is_for(filters: Any, name: str) -> bool:
    """Return whether an entry is for a model: its IDs are written like `0x233010DE`."""
    if not filters:
        return True
    ids = [filters] if isinstance(filters, str) else filters
    return any(name in accelerators_for_pci(text[-4:], text[2:6]) for text in ids)


def _made(name: str, wanted: Instances) -> Instances:
    profiles = {profile.name: profile for profile in mig_profiles(name)}
    if any(key not in profiles or count > profiles[key].max_instances for key, count in wanted.items()):
        return {}
    slices = sum(profiles[key].compute_slices * count for key, count in wanted.items())
    most = max(profile.compute_slices for profile in profiles.values())
    return dict(wanted) if slices <= most else {}


def counted(cut: Sequence[Instances | None], strategy: str, name: str) -> dict[str, int]:
    """Return what a node counts by resource, as the device plugin's strategy for MIG has it.

    NVIDIA/k8s-device-plugin 1b826ac, internal/rm/device_map.go: under `single` all instances must be alike and no GPU
    whole, or the plugin fails and the node counts nothing; under `none` it does not look at instances.
    """
    resource = accelerator(name).resource_name
    names = {profile.name: profile.resource_name for profile in mig_profiles(name)}
    if strategy == "none":
        return {resource: len(cut)}
    if strategy == "single":
        made = [instances or {} for instances in cut]
        kinds = {kind for instances in made for kind in instances}
        alike = len(kinds) == 1 and all(made)
        return {resource: sum(sum(instances.values()) for instances in made) if alike else 0}
    total: Counter[str] = Counter()
    for instances in cut:
        if instances is None:
            total[resource] += 1
        for key, count in (instances or {}).items():
            total[names[key]] += count
    return dict(sorted(total.items()))
