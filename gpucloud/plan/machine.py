"""Which machine type a pool's nodes are."""

from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import MachineType, machine_type, machine_types
from gpucloud.plan.model import MachinePlan
from gpucloud.spec.node_pool import NodePoolSpec

NOT_SOLD = "machine type with so many accelerators"


def choose_machine_type(cloud: str, pool: NodePoolSpec) -> MachineType:
    """The machine type that the pool names, or the smallest with the accelerators (and the fabric) that it asks for.

    Smallest is fewest vCPUs, then least memory, then the name; bare metal comes last.
    Raises UnknownNameError where there is none.
    """
    if pool.machine_type is not None:
        return machine_type(cloud, pool.machine_type)
    wanted = accelerator(str(pool.accelerator)).name
    fits = _machine_types_with(cloud, wanted, pool.accelerators_per_node or 0, pool.fabric.type)
    if not fits:
        sold = sorted(
            {(entry.accelerator_count, entry.name) for entry in machine_types(cloud) if entry.accelerator == wanted}
        )
        raise UnknownNameError(
            NOT_SOLD,
            f"{pool.accelerators_per_node} x {wanted}",
            tuple(f"{name} ({count} x)" for count, name in sold),
        )
    return fits[0]


@cache
def _machine_types_with(cloud: str, wanted: str, count: int, fabric: str) -> tuple[MachineType, ...]:
    return tuple(
        sorted(
            (
                entry
                for entry in machine_types(cloud)
                if entry.accelerator == wanted and entry.accelerator_count == count and _has_fabric(entry, fabric)
            ),
            key=lambda entry: (entry.bare_metal, entry.vcpus, entry.memory_mib, entry.name),
        )
    )


def _has_fabric(entry: MachineType, wanted: str) -> bool:
    return wanted in {"none", entry.fabric} or (wanted == "native" and entry.fabric != "none")


@cache
def plan_machine(machine: MachineType, instances: int = 1) -> MachinePlan:
    """What pods see of a machine type: the devices that its plugin advertises, under which resource name.

    `instances` is into how many each device is cut.
    """
    return MachinePlan(
        machine_type=machine.name,
        accelerator=machine.accelerator,
        accelerator_fraction=machine.accelerator_fraction,
        devices_per_node=machine.advertised_devices * instances,
        resource_name=accelerator(machine.accelerator).resource_name,
        vcpus=machine.vcpus,
        memory_mib=machine.memory_mib,
        architecture=machine.architecture,
    )
