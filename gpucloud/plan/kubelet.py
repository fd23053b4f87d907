"""A pool's kubelet configuration: profile, NUMA intent and written keys become what its platform delivers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.facts.kubelet_platforms import KubeletPlatform, takes
from gpucloud.facts.kubelet_profiles import KubeletProfile
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.numa_layouts import NumaLayout, numa_layout
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.kubelet.allocatable import allocatable, written_amount
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity import write_bytes
from gpucloud.kubelet.reserved_memory import required_memory, split_evenly
from gpucloud.plan.kubelet_platform import LAST_MINOR, kubelet_minor, kubelet_platform
from gpucloud.plan.kubelet_profile import profile_values, with_their_heads, without_orphans
from gpucloud.plan.kubelet_reserved import MEBIBYTE, platform_baseline, reserve_for_kubernetes
from gpucloud.plan.model import Family
from gpucloud.plan.numa import gpus_per_numa, numa_values
from gpucloud.plan.place import Place
from gpucloud.spec.capacity import CapacityType
from gpucloud.spec.kubelet import KubeletSpec
from gpucloud.spec.node_pool import NodePoolSpec

_DEFAULT_PODS = 110
# Disk is not the machine type's, and how many processes it takes is known of none.
_SHOWN = frozenset({"cpu", "memory"})
# GKE keeps memory per NUMA node by itself and takes the policy alone (its page on node system configuration).
_RESERVES_BY_ITSELF = frozenset({"gke"})
_RESERVES_NOTHING = frozenset({"ack", "karpenter", "kubeadm", "tke"})


@dataclass(frozen=True)
class NodeKubelet:
    """The kubelet of a pool's nodes.

    Attributes:
        platform: How it gets its configuration.
        minor: Kubernetes' minor version.
        machine: What it finds on its node.
        gpus_per_numa: Accelerators by NUMA node.
        layout: Where the NUMA layout comes from, and whether it is assumed.
        values: The keys that are delivered.
        effective: The same above what the platform sets by itself: what the kubelet then reads.
    """

    platform: KubeletPlatform
    minor: int
    machine: NodeMachine
    gpus_per_numa: tuple[int, ...]
    layout: NumaLayout
    values: Mapping[str, Any]
    effective: Mapping[str, Any]


def node_kubelet(place: Place, family: Family, pool: NodePoolSpec, machine_type: MachineType) -> NodeKubelet:
    """The kubelet of a pool's nodes on its own platform."""
    return resolve_kubelet(
        pool.kubelet,
        kubelet_platform(place.cloud, family),
        machine_type,
        capacity=tuple(entry.type for entry in pool.capacity),
        minor=kubelet_minor(place.kubernetes_version),
    )


def profile_on(profile: KubeletProfile, platform: KubeletPlatform, machine_type: MachineType) -> Mapping[str, Any]:
    """The keys that a profile delivers to nodes of a machine type on a platform."""
    return resolve_kubelet(KubeletSpec(profile=profile), platform, machine_type).values


def resolve_kubelet(
    kubelet: KubeletSpec,
    platform: KubeletPlatform,
    machine_type: MachineType,
    *,
    capacity: tuple[CapacityType, ...] = (),
    minor: int = LAST_MINOR,
) -> NodeKubelet:
    """Written keys before the NUMA intent, that before the profile, that before what the platform sets by itself.

    What the profile or the intent would set and the platform has no field for is left out; a written key never is: the
    rules refuse it. An empty block delivers nothing.
    """
    layout = numa_layout(machine_type)
    machine = node_machine(machine_type, layout)
    values = {**_defaults(kubelet, platform, machine, machine_type.cloud, capacity), **kubelet.written}
    pods = values.get("maxPods")
    pods = pods if isinstance(pods, int) and pods > 0 else _DEFAULT_PODS
    baseline = platform_baseline(platform, machine, pods, values)
    effective = over(baseline, values)
    if values.get("memoryManagerPolicy") == "Static":
        reserved = _with_reserved_memory(values, baseline, machine, minor)
        effective = over(baseline, reserved)
        values = values if platform in _RESERVES_BY_ITSELF else reserved
    return NodeKubelet(
        platform=platform,
        minor=minor,
        machine=machine,
        gpus_per_numa=gpus_per_numa(kubelet.numa, layout, machine, machine_type.advertised_devices),
        layout=layout,
        values=dict(sorted(values.items())),
        effective=effective,
    )


def left_for_pods(kubelet: NodeKubelet) -> tuple[tuple[str, str], ...]:
    """CPU and memory of one node that its kubelet leaves for pods, of the machine type's nominal memory."""
    configuration = configuration_of(kubelet.effective, kubelet.machine, minor=kubelet.minor)
    return tuple(
        (part.resource, written_amount(part.resource, part.allocatable))
        for part in allocatable(configuration)
        if part.resource in _SHOWN and part.allocatable is not None
    )


def node_machine(machine_type: MachineType, layout: NumaLayout) -> NodeMachine:
    """The machine as its kubelet finds it; the memory is the nominal one, a host shows a little less."""
    return NodeMachine(
        sockets=layout.sockets,
        numa=layout.numa_nodes,
        cores=layout.cores,
        threads=layout.threads,
        memory=machine_type.memory_mib * MEBIBYTE,
        cpuless_numa=layout.cpuless_numa_nodes,
    )


def over(baseline: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values above a baseline, maps merged key by key, as the kubelet merges a drop-in into its file."""
    merged = dict(baseline)
    for key, value in values.items():
        below = merged.get(key)
        merged[key] = {**below, **value} if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _defaults(
    kubelet: KubeletSpec,
    platform: KubeletPlatform,
    machine: NodeMachine,
    cloud: Cloud,
    capacity: tuple[CapacityType, ...],
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if kubelet.profile is not None:
        pods = kubelet.maxPods if isinstance(kubelet.maxPods, int) else None
        found = profile_values(kubelet.profile, cloud, machine, capacity, pods)
    if kubelet.numa is not None:
        intent = numa_values(kubelet.numa, machine)
        found = without_orphans(found, intent) | intent
        if platform in _RESERVES_NOTHING:
            # The static CPU policy does not start without a reservation.
            found.setdefault("kubeReserved", reserve_for_kubernetes(machine, kubelet.maxPods or _DEFAULT_PODS))
    found = without_orphans(found, kubelet.written)
    if platform == "gke" and not (capacity and all(kind == "spot" for kind in capacity)):
        # GKE takes a graceful shutdown for spot nodes only (terraform-provider-google v7.45.0, container_cluster).
        found = {key: value for key, value in found.items() if not key.startswith("shutdownGracePeriod")}
    return with_their_heads({key: value for key, value in found.items() if takes(platform, key, value)}, found, machine)


def _with_reserved_memory(
    values: Mapping[str, Any], baseline: Mapping[str, Any], machine: NodeMachine, minor: int
) -> dict[str, Any]:
    """Values with `reservedMemory` to the byte, where nobody has written it.

    What the image would reserve depends on its own idea of pods, so the reservation is written, too.
    """
    whole = dict(values)
    if "reservedMemory" in whole:
        return whole
    reserved = whole.get("kubeReserved")
    if not (isinstance(reserved, Mapping) and "memory" in reserved):
        pods = over(baseline, whole).get("maxPods")
        mine = reserve_for_kubernetes(machine, pods if isinstance(pods, int) else _DEFAULT_PODS)
        whole["kubeReserved"] = {**mine, **(reserved if isinstance(reserved, Mapping) else {})}
    required = required_memory(configuration_of(over(baseline, whole), machine, minor=minor))
    whole["reservedMemory"] = [
        {"numaNode": node, "limits": {"memory": write_bytes(share)}} for node, share in split_evenly(required, machine)
    ]
    return whole
