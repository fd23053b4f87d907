"""`gpucloud accelerators` and `gpucloud machine-types`: rows of the catalogue."""

import dataclasses
from typing import Annotated

import typer

from gpucloud.cli.printing import Format, FormatOption, print_rows
from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator as accelerator_of, accelerators as all_accelerators
from gpucloud.facts.machine_types import machine_types as all_machine_types
from gpucloud.facts.pci_devices import pci_devices

_SHORT = {"on-demand": "od", "spot": "spot", "capacity-block": "block", "flex-start": "flex", "queued": "queued"}
_ACCELERATOR_COLUMNS = {
    "name": "accelerator",
    "product": "product",
    "architecture": "architecture",
    "memory_gib": "GiB",
    "pci": "PCI IDs",
    "mig_capable": "MIG",
    "resource_name": "resource",
}
_MACHINE_COLUMNS = {
    "name": "machine type",
    "accelerator": "accelerator",
    "count": "count",
    "vcpus": "vCPU",
    "memory_gib": "GiB",
    "efa": "EFA",
    "fabric_gbps": "Gbps",
    "nvme": "NVMe GB",
    "sold_as": "sold as",
}


def accelerators(
    vendor: Annotated[str | None, typer.Option(help="Only this vendor: nvidia, amd, habana or aws.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """List accelerators with their PCI IDs, memory and what Kubernetes calls them.

    Example: gpucloud accelerators --vendor amd
    """
    vendors = {entry.vendor for entry in all_accelerators()}
    if vendor is not None and vendor not in vendors:
        raise UnknownNameError("vendor", vendor, tuple(sorted(vendors)))
    ids: dict[str, list[str]] = {}
    for device in pci_devices():
        suffix = f" {device.function}" if device.function != "pf" else ""
        subsystem = f"/{device.subsystem_device}" if device.subsystem_device else ""
        ids.setdefault(device.accelerator, []).append(f"{device.pci_vendor}:{device.device}{subsystem}{suffix}")
    rows = [
        {
            **dataclasses.asdict(entry),
            "memory_gib": _gib(entry.memory_mib),
            "pci": ", ".join(ids.get(entry.name, ())),
            "mig_capable": entry.mig_capable if output is Format.JSON else "yes" if entry.mig_capable else None,
        }
        for entry in all_accelerators()
        if vendor is None or entry.vendor == vendor
    ]
    print_rows(rows, _ACCELERATOR_COLUMNS, output, f"{len(rows)} accelerators")


def machine_types(
    cloud: Annotated[str, typer.Option(help="The cloud that sells them.")] = "aws",
    accelerator: Annotated[str | None, typer.Option(help="Only types with this accelerator.")] = None,
    min_count: Annotated[int, typer.Option(help="Accelerators at least.")] = 0,
    fabric: Annotated[bool, typer.Option("--fabric", help="Only types with a network between accelerators.")] = False,
    output: FormatOption = Format.TABLE,
) -> None:
    """List machine types with accelerators.

    Example: gpucloud machine-types --accelerator h100-sxm-80gb --min-count 8
    """
    wanted = accelerator_of(accelerator).name if accelerator else None
    rows = [
        {
            **dataclasses.asdict(entry),
            "count": entry.accelerator_count or entry.accelerator_fraction,
            "memory_gib": _gib(entry.memory_mib),
            "efa": entry.fabric_nics or None,
            "nvme": entry.local_nvme_gb or None,
            "sold_as": " ".join(_SHORT[kind] for kind in entry.capacity_types if kind in _SHORT),
        }
        for entry in all_machine_types(cloud)
        if (wanted is None or entry.accelerator == wanted)
        and entry.accelerator_count >= min_count
        and (entry.fabric != "none" or not fabric)
    ]
    print_rows(rows, _MACHINE_COLUMNS, output, f"{len(rows)} machine types on {cloud}")


def _gib(mib: int) -> float | int:
    """GiB, whole where it is."""
    gib = mib / 1024
    return int(gib) if gib.is_integer() else round(gib, 1)
