"""What a changed configuration finds in the state files that the kubelet before it left on the node.

The CPU and the memory manager write what they gave out to files in the kubelet's directory, and refuse to start over a
file that does not agree with their configuration (kubernetes#95041, #84849, #110478, #131253). Facts:
pkg/kubelet/cm/cpumanager/{policy_static.go,state/state_checkpoint.go} and the same of memorymanager, of
k8s.io/kubernetes v1.36.3.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from gpucloud.errors import Problem
from gpucloud.kubelet.allocatable import known_allocatable, reserved_cpus
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.manager_options import is_on, options_of
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.reserved_memory import memory_shares

StateFile = Literal["cpu_manager_state", "memory_manager_state"]
_CLEAR = "drain the node and delete {file} before the kubelet restarts, or give the pool a new name and new nodes"
# Options that choose which CPUs are reserved where they are reserved by number.
_PLACING_OPTIONS = ("distribute-cpus-across-numa", "distribute-cpus-across-cores", "prefer-align-cpus-by-uncorecache")


@dataclass(frozen=True, slots=True)
class StateFileConflict:
    """A state file that the new kubelet would not start over.

    Attributes:
        file: Its name in the kubelet's directory.
        problem: The field that changed, what the kubelet would say, what to do.
        certain: False where it depends on which CPUs were given out when the kubelet stopped.
    """

    file: StateFile
    problem: Problem
    certain: bool


def state_file_conflicts(old: Configuration, new: Configuration) -> tuple[StateFileConflict, ...]:
    """What stands between an old configuration and a new one on a live node, by file; nothing where they agree.

    Both must be configurations that their kubelet starts with: the new one is not judged here.
    """
    return (*_of_cpus(old, new), *_of_memory(old, new))


def _of_cpus(old: Configuration, new: Configuration) -> tuple[StateFileConflict, ...]:
    before, after = (configuration.values.get("cpuManagerPolicy") or "none" for configuration in (old, new))
    if before != after:
        return (_conflict("cpu_manager_state", "cpuManagerPolicy", _policies(before, after)),)
    if after != "static":
        return ()
    if old.machine.cpus != new.machine.cpus:
        text = f"current set of available CPUs doesn't match with CPUs in state: {old.machine.cpus} before"
        return (_conflict("cpu_manager_state", "cpuManagerPolicy", text),)
    return _of_reserved_cpus(old, new)


def _of_reserved_cpus(old: Configuration, new: Configuration) -> tuple[StateFileConflict, ...]:
    strict_before, strict_after = (is_on(options_of(each, "cpu"), "strict-cpu-reservation") for each in (old, new))
    if strict_before != strict_after:
        path = "cpuManagerPolicyOptions.strict-cpu-reservation"
        missing = "some of strictly reserved cpus are" if strict_after else "not all reserved cpus are"
        return (_conflict("cpu_manager_state", path, f"{missing} present in defaultCpuSet"),)
    if _reserved(old) == _reserved(new):
        return ()
    path = "reservedSystemCPUs" if new.values.get("reservedSystemCPUs") else "kubeReserved.cpu"
    if strict_after:
        text = "the strictly reserved cpus do not agree with defaultCpuSet"
        return (_conflict("cpu_manager_state", path, text),)
    text = "not all reserved cpus are present in defaultCpuSet, where one of them was given to a container"
    return (_conflict("cpu_manager_state", path, text, certain=False),)


def _of_memory(old: Configuration, new: Configuration) -> tuple[StateFileConflict, ...]:
    before, after = (configuration.values.get("memoryManagerPolicy") or "None" for configuration in (old, new))
    if before != after:
        return (
            _conflict("memory_manager_state", "memoryManagerPolicy", f"[memorymanager] {_policies(before, after)}"),
        )
    text = "[memorymanager] the expected machine state is different from the real one"
    if after != "Static":
        return ()
    if old.machine.memory_of_nodes != new.machine.memory_of_nodes:
        return (_conflict("memory_manager_state", "memoryManagerPolicy", f"{text}: NUMA nodes have other sizes"),)
    if _shares(old) != _shares(new):
        return (_conflict("memory_manager_state", "reservedMemory", f"{text}: NUMA nodes reserve other shares"),)
    return ()


def _policies(before: str, after: str) -> str:
    return f'configured policy "{after}" differs from state checkpoint policy "{before}"'


def _reserved(configuration: Configuration) -> tuple[object, ...]:
    """What decides which CPUs are reserved."""
    named = reserved_cpus(configuration)
    if named:
        return (named,)
    cpu = known_allocatable(configuration, "cpu")
    options = options_of(configuration, "cpu")
    return (math.ceil(cpu.reserved) if cpu else None, *(is_on(options, name) for name in _PLACING_OPTIONS))


def _shares(configuration: Configuration) -> Mapping[tuple[int, str], Fraction]:
    return {(node, resource): parse_quantity(amount) for _, node, resource, amount in memory_shares(configuration)}


def _conflict(file: StateFile, path: str, text: str, *, certain: bool = True) -> StateFileConflict:
    outcome = "the kubelet would not start" if certain else "the kubelet may not start"
    return StateFileConflict(file, Problem(path, f"{text}: {outcome} over {file}", _CLEAR.format(file=file)), certain)
