"""What the GPUs of a node count as: cut or shared by its cloud, or by the operator that is installed in the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

import yaml

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_mig import MigProfile, mig_profiles
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.sim.kubernetes.clusters import Cluster
from gpucloud.sim.kubernetes.mig_instances import Instances, counted, instances_of
from gpucloud.sim.kubernetes.releases import RELEASE_TOKEN
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_OPERATOR = "gpu-operator"
_MIG_LABEL, _PLUGIN_LABEL = "nvidia.com/mig.config", "nvidia.com/device-plugin.config"
# AKS: the number in `MIG3g`, and the profile's ID (Azure/AgentBaker, mig-partition.sh).
_AKS_PROFILES = {"MIG1g": 19, "MIG2g": 14, "MIG3g": 9, "MIG4g": 5, "MIG7g": 0}


@dataclass(frozen=True, slots=True)
class Division:
    """What the GPUs of a node count as by resource, and the MIG instances of each by profile, None for a whole one."""

    counts: Mapping[str, int] = field(default_factory=dict)
    cut: tuple[Instances | None, ...] = ()


def operator_values(store: Store, cluster: Cluster) -> Inputs | None:
    """Return the values of the cluster's release of NVIDIA's operator; None without one."""
    for row in store.find("type = ? AND status = 'active'", RELEASE_TOKEN):
        if row.scope in cluster.scopes and row.inputs.get("chart") == _OPERATOR:
            return dict(row.inputs.get("values") or {})
    return None


def division_of(  # noqa: PLR0913, PLR0917  # a node, and who cuts its GPUs
    cloud: Cloud, group: Row, labels: Mapping[str, str], name: str, gpus: int, operator: Inputs | None
) -> Division:
    """Return how the GPUs of a node with so many of the accelerator `name` are divided; `operator` has its values.

    Cut are GPUs by the cloud's own field, or by the operator's MIG manager and device plugin as labels tell them.
    """
    resource = accelerator(name).resource_name
    parts, profile = _by_cloud(cloud, group, name)
    if profile is not None:
        return Division({resource: gpus * parts}, ({profile.name: parts},) * gpus)
    if parts > 1 or operator is None:
        return Division({resource: gpus * parts}, (None,) * gpus)
    cut = tuple(instances_of(operator, labels.get(_MIG_LABEL), name, gpus))
    if any(instances is not None for instances in cut):
        return Division(counted(cut, _strategy(operator, labels.get(_PLUGIN_LABEL)), name), cut)
    return Division({resource: gpus * _replicas(operator, labels.get(_PLUGIN_LABEL))}, cut)


def _by_cloud(cloud: Cloud, group: Row, name: str) -> tuple[int, MigProfile | None]:
    """Into how many parts the cloud divides each GPU, and their profile where they are MIG instances."""
    match cloud:
        case "aws":
            return 1, None
        case "azure":
            id_ = _AKS_PROFILES.get(str(group.outputs.get("gpuInstanceProfile")))
            found = [entry for entry in mig_profiles(name) if id_ is not None and entry.profile_id == id_]
            return (found[0].max_instances, found[0]) if found else (1, None)
        case "gcp":
            asked: Any = ((group.inputs.get("nodeConfig") or {}).get("guestAccelerators") or [{}])[0]
            size = asked.get("gpuPartitionSize")
            found = [entry for entry in mig_profiles(name) if entry.name == size]
            clients = (asked.get("gpuSharingConfig") or {}).get("maxSharedClientsPerGpu") or 1
            return (found[0].max_instances, found[0]) if found else (int(clients), None)
        case _:
            assert_never(cloud)


def _strategy(operator: Inputs, chosen: str | None) -> str:
    """Return how the device plugin counts MIG instances: as the operator says, or else the node's configuration.

    The operator's is a variable of the plugin, which wins over its file (NVIDIA/k8s-device-plugin 1b826ac, README);
    its chart says `single` unless told otherwise (NVIDIA/gpu-operator v26.7.0, values.yaml).
    """
    own = (operator.get("mig") or {}).get("strategy", "single")
    return str(own or (_file(operator, chosen).get("flags") or {}).get("migStrategy") or "none")


def _replicas(operator: Inputs, chosen: str | None) -> int:
    """Return the replicas of the device plugin's configuration that a node's label chooses, or the default one."""
    sharing: Any = _file(operator, chosen).get("sharing") or {}
    resources = [entry for way in sharing.values() for entry in way.get("resources") or []]
    return int(resources[0]["replicas"]) if resources else 1


def _file(operator: Inputs, chosen: str | None) -> Inputs:
    config: Any = (operator.get("devicePlugin") or {}).get("config") or {}
    text = (config.get("data") or {}).get(chosen or config.get("default"))
    return dict(yaml.safe_load(text) or {}) if text else {}
