"""The configurations of NVIDIA's device plugin: one of each way to share, chosen by a label of the node."""

from collections.abc import Mapping, Sequence
from typing import Any

from gpucloud.plan.model import NodePoolPlan, SoftwarePlan
from gpucloud.plan.sharing_model import SharingPlan

# Chooses a node's configuration among those of the ConfigMap (NVIDIA/k8s-device-plugin 1b826ac, README, "Updating
# Per-Node Configuration With a Node Label").
DEVICE_PLUGIN_LABEL = "nvidia.com/device-plugin.config"
_CONFIG_MAP = "gpucloud-device-plugin"
_WHOLE, _MIXED = "whole", "mig-mixed"
_RESOURCE = "nvidia.com/gpu"


def configuration_name(sharing: SharingPlan | None, software: SoftwarePlan) -> str | None:
    """What the label of a pool's nodes says; None where the plugin needs no telling, or is not the operator's."""
    if sharing is None or software.device_plugin != "operator":
        return None
    if sharing.layout:
        return _MIXED
    return None if sharing.replicas is None else f"{sharing.way}-{sharing.replicas}"


def device_plugin_configurations(pools: Sequence[NodePoolPlan]) -> Mapping[str, Any]:
    """Values of the operator that hold a configuration for each way in which these pools share; empty without one.

    Nodes without the label have whole devices, or the equal instances into which the MIG manager has cut them.
    """
    named = {
        name: _configuration(pool.sharing)
        for pool in pools
        if pool.sharing is not None and (name := configuration_name(pool.sharing, pool.software)) is not None
    }
    if not named:
        return {}
    # Where the operator leaves the strategy to the nodes, those without a label still count equal instances as GPUs.
    whole = _strategy("single") if _MIXED in named else "version: v1\n"
    data = {_WHOLE: whole, **dict(sorted(named.items()))}
    return {"config": {"create": True, "name": _CONFIG_MAP, "default": _WHOLE, "data": data}}


def _strategy(name: str) -> str:
    """A file that says how MIG instances count. The operator's own `mig.strategy` would win: it is a variable."""
    return f"version: v1\nflags:\n  migStrategy: {name}\n"


def _configuration(sharing: SharingPlan) -> str:
    """A file of the plugin (api/config/v1/{sharing,replicas}.go).

    Two turns on a GPU are not twice its time, so a pod that asks for two gets an error instead (README,
    failRequestsGreaterThanOne). With MPS the plugin refuses such a pod in any case.
    """
    if sharing.layout:
        return _strategy("mixed")
    if sharing.way == "mps":
        way, more = "mps", ""
    else:
        way, more = "timeSlicing", "    failRequestsGreaterThanOne: true\n"
    resources = f"    resources:\n    - name: {_RESOURCE}\n      replicas: {sharing.replicas}\n"
    return f"version: v1\nsharing:\n  {way}:\n{more}{resources}"
