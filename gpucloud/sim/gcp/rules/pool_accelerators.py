"""Machine types and accelerators of a pool.

Sources: the facts' machine types; API: AcceleratorConfig, GPUSharingConfig; GKE, "Run GPUs in Standard node pools";
terraform-provider-google issue 8387 for the text on the default machine type.
"""

from collections.abc import Iterator
from typing import Any

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.machines import find_machine, is_known, machine_name, partition_sizes, takes_accelerators
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_PLACE = "nodeConfig.guestAccelerators"
_MOST_CLIENTS = 48  # GKE, "About GPU sharing strategies": 48 containers on one GPU


def _accelerators(inputs: Inputs) -> list[dict[str, Any]]:
    return [item for item in items(inputs, _PLACE) if isinstance(item, dict) and item.get("count")]


def refuse_unknown_machine_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a machine type that Compute Engine does not have."""
    name = text(inputs, "nodeConfig.machineType")
    if name and not is_known(name):
        yield Refusal("nodeConfig.machineType", _BAD, f'Machine type with name "{name}" does not exist.')


def refuse_accelerators_that_do_not_fit(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse accelerators that the machine type does not have, cannot take, or has in another number."""
    found = _accelerators(inputs)
    if not found:
        return
    if "machineType" not in (at(inputs, "nodeConfig") or {}):
        reason = "Cannot use default machine type (e2-medium) with GPUs; choose a different machine type."
        yield Refusal("nodeConfig.machineType", _BAD, reason)
        return
    if len(found) > 1:
        yield Refusal(_PLACE, _BAD, "A node pool can only have one type of accelerators.")
    name, kind, count = text(inputs, "nodeConfig.machineType"), text(found[0], "type"), found[0].get("count")
    kind = kind.rpartition("/")[2]
    if not name or not kind or not isinstance(count, int):
        return
    own = find_machine(name)
    if own is not None and own.accelerator:
        if (kind, count) != (own.gke_accelerator, own.accelerator_count):
            has = f"{own.accelerator_count} x {own.gke_accelerator}"
            reason = f"Machine type {name} comes with {has}; {count} x {kind} cannot be attached to it."
            yield Refusal(f"{_PLACE}[0]", _BAD, reason)
    elif not takes_accelerators(name):
        yield Refusal(f"{_PLACE}[0]", _BAD, f"Accelerators cannot be attached to machine type {name}.")
    elif find_machine(machine_name(name, kind, count)) is None:
        reason = f"{count} x {kind} cannot be attached to machine type {name}."
        yield Refusal(f"{_PLACE}[0]", _BAD, reason)


def refuse_bad_partitions(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a partition size that the GPU does not have, or any where it has no MIG."""
    for index, item in enumerate(_accelerators(inputs)):
        size, kind = text(item, "gpuPartitionSize"), text(item, "type")
        machine = find_machine(machine_name(text(inputs, "nodeConfig.machineType"), kind, item.get("count", 0)))
        if not size or machine is None or not machine.accelerator:
            continue
        sizes = partition_sizes(machine.accelerator)
        if size not in sizes:
            known = f"one of {', '.join(sizes)}" if sizes else "it cannot be partitioned"
            reason = f"GPU partition size {size} is not supported for accelerator type {kind}: {known}."
            yield Refusal(f"{_PLACE}[{index}].gpuPartitionSize", _BAD, reason)


def refuse_bad_sharing(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an unknown sharing strategy, fewer than 2 or more than 48 clients, and MPS on a partitioned GPU."""
    for index, item in enumerate(_accelerators(inputs)):
        place = f"{_PLACE}[{index}].gpuSharingConfig"
        strategy, clients = text(item, "gpuSharingConfig.gpuSharingStrategy"), at(item, "gpuSharingConfig")
        most = at(clients, "maxSharedClientsPerGpu") if clients else None
        if strategy and strategy not in {"TIME_SHARING", "MPS"}:
            yield Refusal(f"{place}.gpuSharingStrategy", _BAD, f"{strategy!r} is none of TIME_SHARING, MPS.")
        if isinstance(most, int) and not 1 < most <= _MOST_CLIENTS:
            reason = f"Invalid number of shared clients {most}: must be between 2 and {_MOST_CLIENTS}."
            yield Refusal(f"{place}.maxSharedClientsPerGpu", _BAD, reason)
        if strategy == "MPS" and text(item, "gpuPartitionSize"):
            yield Refusal(place, _BAD, "NVIDIA MPS is not supported with multi-instance GPUs.")


def refuse_two_uses_of_local_disks(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse local SSDs as ephemeral storage and as raw blocks at once (toolkit main.tf precondition)."""
    ephemeral = number(inputs, "nodeConfig.ephemeralStorageLocalSsdConfig.localSsdCount")
    if ephemeral and number(inputs, "nodeConfig.localNvmeSsdBlockConfig.localSsdCount"):
        reason = "Only one of local SSD ephemeral storage and local NVMe SSD block storage can be used."
        yield Refusal("nodeConfig.localNvmeSsdBlockConfig", _BAD, reason)


INPUT_RULES = (
    refuse_two_uses_of_local_disks,
    refuse_unknown_machine_type,
    refuse_accelerators_that_do_not_fit,
    refuse_bad_partitions,
    refuse_bad_sharing,
)
