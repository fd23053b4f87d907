"""What a profile sets on one kind of machine, for one kind of capacity."""

from collections.abc import Iterable
from typing import Any

from gpucloud.facts.kubelet_profiles import KubeletProfile, profile_settings
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.plan.kubelet_reserved import reserve_for_kubernetes
from gpucloud.plan.numa import options_for_many
from gpucloud.spec.capacity import CapacityType

# How long before it takes a spot node back a cloud says so, in seconds: EC2 two minutes, Azure and Google Cloud thirty
# seconds (their pages on spot instances, as collected in the project's notes on vendors).
SPOT_NOTICE_SECONDS: dict[Cloud, int] = {"aws": 120, "azure": 30, "gcp": 30}
# Grace and what of it is critical pods', a little below the notice; GKE takes 30 seconds or 120.
_SPOT_GRACE: dict[Cloud, tuple[str, str]] = {"aws": ("110s", "20s"), "azure": ("25s", "10s"), "gcp": ("30s", "10s")}
# Below this the amounts of memory that large hosts keep would be most of the machine.
_SMALL_MACHINE = 16 * 2**30
_MEMORY_KEYS = frozenset({"systemReserved", "evictionHard", "evictionSoft", "evictionSoftGracePeriod"})
# A profile's key makes sense only beside another: where a person writes the other one, the profile's goes.
_GOES_WITH = {
    "cpuManagerPolicyOptions": ("cpuManagerPolicy",),
    "evictionSoftGracePeriod": ("evictionSoft",),
    "maxParallelImagePulls": ("serializeImagePulls",),
    "serializeImagePulls": ("maxParallelImagePulls",),
    "shutdownGracePeriod": ("shutdownGracePeriodByPodPriority",),
    "shutdownGracePeriodCriticalPods": ("shutdownGracePeriod", "shutdownGracePeriodByPodPriority"),
    "topologyManagerPolicyOptions": ("topologyManagerPolicy",),
    "topologyManagerScope": ("topologyManagerPolicy",),
}

_NEEDS_ITS_HEAD = frozenset(_GOES_WITH) - {"maxParallelImagePulls", "serializeImagePulls", "shutdownGracePeriod"}


def profile_values(
    profile: KubeletProfile, cloud: Cloud, machine: NodeMachine, capacity: Iterable[CapacityType], max_pods: int | None
) -> dict[str, Any]:
    """A profile's keys; `kubeReserved` follows from CPUs and pods, the shutdown from the shortest notice of a shutdown.

    `max_pods` is what a person wrote, None leaves it to the profile. A machine below 16 GiB keeps the amounts of memory
    of `interactive`, whatever its profile.
    """
    values = {setting.field: setting.value for setting in profile_settings(profile)}
    if machine.memory < _SMALL_MACHINE:
        small = {setting.field: setting.value for setting in profile_settings("interactive")}
        values = {key: value for key, value in values.items() if key not in _MEMORY_KEYS}
        values |= {key: value for key, value in small.items() if key in _MEMORY_KEYS}
    values["kubeReserved"] = reserve_for_kubernetes(machine, max_pods or values["maxPods"])
    if "spot" in capacity:
        values["shutdownGracePeriod"], values["shutdownGracePeriodCriticalPods"] = _SPOT_GRACE[cloud]
    if machine.threads == 1:
        values.pop("cpuManagerPolicyOptions", None)
    if values.get("topologyManagerPolicy", "none") != "none" and (many := options_for_many(machine)):
        values["topologyManagerPolicyOptions"] = {**values.get("topologyManagerPolicyOptions", {}), **many}
    return values


def with_their_heads(taken: dict[str, Any], wanted: dict[str, Any], machine: NodeMachine) -> dict[str, Any]:
    """What a platform takes of some defaults, without what goes with a key that it does not take.

    Where it has no option for many NUMA nodes, the topology manager is left off on machines that have them: it would
    not start.
    """
    lost = frozenset(wanted) - frozenset(taken)
    if "topologyManagerPolicyOptions" in lost and options_for_many(machine):
        lost |= {"topologyManagerPolicy"}
    return {
        key: value
        for key, value in taken.items()
        if key not in lost and not (key in _NEEDS_ITS_HEAD and lost & frozenset(_GOES_WITH[key]))
    }


def without_orphans(defaults: dict[str, Any], written: Iterable[str]) -> dict[str, Any]:
    """Defaults without those that only made sense beside a key that a person has written otherwise."""
    mine = frozenset(written)
    return {key: value for key, value in defaults.items() if not mine & frozenset(_GOES_WITH.get(key, ()))}
