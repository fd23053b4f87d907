"""Into how many each GPU of a node is divided: by its cloud, or by the operator that is installed in the cluster."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

import yaml

from gpucloud.facts.device_mig import MigProfile, mig_profiles
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.sim.kubernetes.clusters import Cluster
from gpucloud.sim.kubernetes.releases import RELEASE_TOKEN
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_OPERATOR = "gpu-operator"
_MIG_LABEL, _PLUGIN_LABEL = "nvidia.com/mig.config", "nvidia.com/device-plugin.config"
# AKS: the number in `MIG3g`, and the profile's ID (Azure/AgentBaker, mig-partition.sh).
_AKS_PROFILES = {"MIG1g": 19, "MIG2g": 14, "MIG3g": 9, "MIG4g": 5, "MIG7g": 0}


@dataclass(frozen=True, slots=True)
class Division:
    """Into how many parts each GPU is divided, and the profile of its MIG instances where these are the parts."""

    parts: int = 1
    profile: MigProfile | None = None


def operator_values(store: Store, cluster: Cluster) -> Inputs | None:
    """Return the values of the cluster's release of NVIDIA's operator; None without one."""
    for row in store.find("type = ? AND status = 'active'", RELEASE_TOKEN):
        if row.scope in cluster.scopes and row.inputs.get("chart") == _OPERATOR:
            return dict(row.inputs.get("values") or {})
    return None


def division_of(cloud: Cloud, group: Row, labels: Mapping[str, str], name: str, operator: Inputs | None) -> Division:
    """Return how one GPU is divided. `name` is the accelerator, `operator` the release's values.

    Cut are GPUs by the cloud's own field, or by the operator's MIG manager and device plugin as labels tell them.
    """
    by_cloud = _by_cloud(cloud, group, name)
    if by_cloud.parts > 1 or by_cloud.profile is not None or operator is None:
        return by_cloud
    cut = labels.get(_MIG_LABEL)
    for profile in mig_profiles(name):
        if cut is not None and profile.mig_parted_config == cut:
            return Division(profile.max_instances, profile)
    return Division(_replicas(operator, labels.get(_PLUGIN_LABEL)))


def _by_cloud(cloud: Cloud, group: Row, name: str) -> Division:
    match cloud:
        case "aws":
            return Division()
        case "azure":
            id_ = _AKS_PROFILES.get(str(group.outputs.get("gpuInstanceProfile")))
            found = [entry for entry in mig_profiles(name) if id_ is not None and entry.profile_id == id_]
            return Division(found[0].max_instances, found[0]) if found else Division()
        case "gcp":
            asked: Any = ((group.inputs.get("nodeConfig") or {}).get("guestAccelerators") or [{}])[0]
            size = asked.get("gpuPartitionSize")
            found = [entry for entry in mig_profiles(name) if entry.name == size]
            clients = (asked.get("gpuSharingConfig") or {}).get("maxSharedClientsPerGpu") or 1
            return Division(found[0].max_instances, found[0]) if found else Division(int(clients))
        case _:
            assert_never(cloud)


def _replicas(operator: Inputs, chosen: str | None) -> int:
    """Return the replicas of the device plugin's configuration that a node's label chooses, or the default one."""
    config: Any = (operator.get("devicePlugin") or {}).get("config") or {}
    text = (config.get("data") or {}).get(chosen or config.get("default"))
    sharing = (yaml.safe_load(text) or {}).get("sharing") or {} if text else {}
    resources = [entry for way in sharing.values() for entry in way.get("resources") or []]
    return int(resources[0]["replicas"]) if resources else 1
