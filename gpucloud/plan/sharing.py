"""How pods share the accelerators of a node, and how much of their memory each is sure of."""

from fractions import Fraction
from typing import assert_never

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_mig import MigProfile, mig_profile
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.mig_layout import layout_resources, plan_layout
from gpucloud.plan.quantity import quantity
from gpucloud.plan.sharing_model import SharingPlan
from gpucloud.spec.sharing import Mig, Mps, SharingSpec, TimeSlicing, Vgpu, Whole

# Of a product's stated memory drivers report up to 8 % less (facts/accelerators.py, memory_mib).
SURE_OF_WHOLE = Fraction(92, 100)
# Profiles are named in rounded gigabytes: H100-94's 1g.12gb has 10.99 GiB, 11.8e9 bytes (NVIDIA MIG user guide).
_SURE_OF_NAME = Fraction(95, 100)


def plan_sharing(sharing: SharingSpec, machine: MachineType) -> SharingPlan | None:
    """How the GPUs of that machine type are shared; None where pods have whole ones."""
    match sharing:
        case Whole():
            return None
        case Mig():
            if sharing.layout is not None:
                layout = plan_layout(sharing.layout, machine.accelerator_count)
                return SharingPlan("mig", None, None, None, layout)
            profile = mig_profile(machine.accelerator, sharing.profile or "")
            return SharingPlan("mig", profile.name, None, profile.max_instances)
        case TimeSlicing():
            return SharingPlan("time-slicing", None, sharing.replicas, sharing.replicas)
        case Mps():
            replicas = mps_replicas(sharing, machine)
            return SharingPlan("mps", None, replicas, replicas)
        case Vgpu():
            raise ValueError("a rule refuses vGPU on every machine type")
        case _:
            assert_never(sharing)


def advertised(sharing: SharingPlan | None, machine: MachineType) -> tuple[tuple[str, int], ...]:
    """What a node's device plugin advertises: resource names and numbers, sorted.

    Unlike MIG instances have names of their own, everything else counts under the accelerator's.
    """
    if sharing is not None and sharing.parts_per_gpu is None:
        return layout_resources(machine.accelerator, sharing.layout)
    parts = sharing.parts_per_gpu if sharing is not None and sharing.parts_per_gpu is not None else 1
    return ((accelerator(machine.accelerator).resource_name, machine.advertised_devices * parts),)


def mps_replicas(sharing: Mps, machine: MachineType) -> int:
    """Pods on one GPU: as written, or as many as can have the memory that is written; below 2 nothing is shared.

    The plugin's daemon gives each client the memory that the driver reports, divided by the number of clients
    (NVIDIA/k8s-device-plugin 1b826ac, cmd/mps-control-daemon/mps/daemon.go).
    """
    if sharing.replicas is not None:
        return sharing.replicas
    limit = memory_bytes(sharing.memory_limit or "")
    return int(whole_bytes(machine) / limit)


def memory_bytes(size: str) -> Fraction:
    """Bytes of a size that the document's pattern has passed."""
    found = quantity(size)
    if not found:
        raise ValueError(f"{size!r} is no amount of memory")
    return found


def whole_bytes(machine: MachineType) -> Fraction:
    """Bytes of one accelerator's memory that a driver reports at least; of a slice of one, the slice's part."""
    part = Fraction(machine.accelerator_fraction)
    return accelerator(machine.accelerator).memory_mib * 2**20 * SURE_OF_WHOLE * min(part, Fraction(1))


def instance_bytes(profile: MigProfile) -> Fraction:
    """Bytes of one instance's memory that a process sees at least."""
    return profile.memory_gb * 10**9 * _SURE_OF_NAME


def guaranteed_bytes(sharing: SharingSpec, machine: MachineType) -> Fraction | None:
    """Bytes of memory that each pod is sure of, whichever instance it gets; None where nothing keeps it apart.

    Raises UnknownNameError for a MIG profile that the accelerator has not.
    """
    match sharing:
        case Whole() | Vgpu():
            return whole_bytes(machine)
        case Mig():
            cut = [group.instances for group in sharing.layout or ()] or [{sharing.profile or "": 1}]
            names = {name for instances in cut for name in instances}
            return min(instance_bytes(mig_profile(machine.accelerator, name)) for name in names)
        case TimeSlicing():
            return None
        case Mps():
            return whole_bytes(machine) / max(mps_replicas(sharing, machine), 1)
        case _:
            assert_never(sharing)
