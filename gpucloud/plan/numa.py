"""What an intent about NUMA asks of the kubelet's managers."""

from typing import Any

from gpucloud.facts.numa_layouts import NumaLayout
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.spec.kubelet import NumaSpec

# The topology manager refuses more NUMA nodes than this, unless told otherwise (pkg/kubelet/cm/topologymanager).
MANY_NUMA_NODES = 8


def numa_values(numa: NumaSpec, machine: NodeMachine) -> dict[str, Any]:
    """Keys of KubeletConfiguration that keep a pod's CPUs, GPUs and, where asked, memory together.

    GPUs need no key: the device manager reports the NUMA node of each device that a device plugin names one for.
    `reservedMemory` is left to whoever knows the whole configuration.
    """
    options = {"prefer-closest-numa-nodes": "true"}
    options |= options_for_many(machine)
    values: dict[str, Any] = {
        "cpuManagerPolicy": "static",
        "cpuManagerPolicyOptions": {"full-pcpus-only": "true"},
        "topologyManagerPolicy": numa.align,
        "topologyManagerScope": numa.scope,
        "topologyManagerPolicyOptions": options,
    }
    if numa.align == "single-numa-node":
        # The nearest of several nodes is no question where only one is ever taken.
        del options["prefer-closest-numa-nodes"]
        if not options:
            del values["topologyManagerPolicyOptions"]
    if machine.threads == 1:
        del values["cpuManagerPolicyOptions"]
    if numa.memory:
        values["memoryManagerPolicy"] = "Static"
    return values


def options_for_many(machine: NodeMachine) -> dict[str, str]:
    """The topology manager's option without which it does not start on a machine with many NUMA nodes."""
    if machine.numa_nodes <= MANY_NUMA_NODES:
        return {}
    return {"max-allowable-numa-nodes": str(machine.numa_nodes)}


def gpus_per_numa(numa: NumaSpec | None, layout: NumaLayout, machine: NodeMachine, gpus: int) -> tuple[int, ...]:
    """GPUs of every NUMA node by its id: as the pool says, else as the catalogue knows or assumes.

    `gpusPerNuma: 4` with 8 GPUs fills two nodes; what is left over stays without.
    """
    if numa is None or numa.gpusPerNuma is None:
        return layout.gpus_per_numa
    counts: list[int] = []
    for _ in range(machine.numa_nodes):
        counts.append(min(numa.gpusPerNuma, gpus - sum(counts)))
    return tuple(counts)
