"""`gpucloud accelerators`: the accelerators, and which one a PCI ID, a node label or a machine type means."""

import dataclasses
import re
from typing import Annotated, Any

import typer

from gpucloud.cli.catalogue_units import gib
from gpucloud.cli.printing import Format, FormatOption, print_json, print_rows, print_table
from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerators as all_accelerators
from gpucloud.facts.device_identity import DeviceIdentity, cloud_devices, device_identity, pci_address
from gpucloud.facts.device_lookup import DeviceCandidate, accelerators_for_label, candidates_for_pci
from gpucloud.facts.machine_types import known_cloud
from gpucloud.facts.pci_devices import pci_devices

_COLUMNS = {
    "name": "accelerator",
    "product": "product",
    "architecture": "architecture",
    "memory_gib": "GiB",
    "pci": "PCI IDs",
    "mig_capable": "MIG",
    "resource_name": "resource",
}
_CANDIDATE_COLUMNS = {"accelerator": "accelerator", "cloud": "cloud", "why": "why"}
_HEX = "[0-9a-fA-F]{4}"
_PCI = re.compile(rf"(?P<vendor>{_HEX}):(?P<device>{_HEX})(?:/(?:(?P<sub_vendor>{_HEX}):)?(?P<sub_device>{_HEX}))?")


def accelerators(
    name: Annotated[str | None, typer.Argument(help="What this accelerator is called everywhere.")] = None,
    vendor: Annotated[str | None, typer.Option(help="Only this vendor: nvidia, amd, habana or aws.")] = None,
    cloud: Annotated[str | None, typer.Option(help="As this cloud sells and calls them: aws, azure or gcp.")] = None,
    pci: Annotated[
        str | None, typer.Option(help="The accelerator of a PCI ID: 10de:2330, or with subsystem 10de:25b6/10de:157e.")
    ] = None,
    label: Annotated[
        str | None, typer.Option(help="The accelerator of a node label: KEY=VALUE, or VALUE under any key.")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """List accelerators, or say what one is called and which one a PCI ID or a node label means.

    An ID or label that can mean several gets all of them, each with the reason.

    Example: gpucloud accelerators --pci 10de:2330 --cloud gcp

    Example: gpucloud accelerators --label nvidia.com/gpu.product=NVIDIA-H100-NVL
    """
    _only_one({"NAME": name, "--pci": pci, "--label": label, "--vendor": vendor})
    if cloud is not None:
        known_cloud(cloud)
    if name is not None:
        _print_identity(device_identity(name, cloud), output)
    elif pci is not None:
        _print_candidates(f"--pci {pci}", _on(cloud, _by_pci(pci)), cloud, output)
    elif label is not None:
        _print_candidates(f"--label {label}", _by_label(label, cloud), cloud, output)
    else:
        _print_all(vendor, cloud, output)


def _only_one(given: dict[str, str | None]) -> None:
    chosen = [option for option, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise InvalidInputError(
            [Problem(" ".join(chosen), "each of them is a question of its own", "ask one at a time")]
        )


def _by_pci(text: str) -> tuple[DeviceCandidate, ...]:
    parts = _PCI.fullmatch(text.strip())
    if parts is None:
        fix = "write vendor:device in hexadecimal as lspci -nn prints it, such as 10de:2330 or 10de:25b6/10de:157e"
        raise InvalidInputError([Problem(f"--pci {text}", "it is no PCI ID", fix)])
    subsystem = None
    if parts["sub_device"]:
        subsystem = f"{parts['sub_vendor'] or parts['vendor']}:{parts['sub_device']}"
    return candidates_for_pci(parts["vendor"], parts["device"], subsystem)


def _by_label(text: str, cloud: str | None) -> tuple[DeviceCandidate, ...]:
    key, equals, value = text.partition("=")
    return accelerators_for_label(key, value, cloud) if equals else accelerators_for_label(None, text, cloud)


def _on(cloud: str | None, found: tuple[DeviceCandidate, ...]) -> tuple[DeviceCandidate, ...]:
    if cloud is None:
        return found
    sold = {row.accelerator for row in cloud_devices() if row.cloud == cloud}
    return tuple(candidate for candidate in found if candidate.accelerator in sold)


def _print_candidates(question: str, found: tuple[DeviceCandidate, ...], cloud: str | None, output: Format) -> None:
    if not found:
        problem = f"no accelerator that {cloud} sells has it" if cloud else "no accelerator has it"
        fix = "compare it whole with those of `gpucloud accelerators` and `gpucloud accelerators NAME`"
        raise InvalidInputError([Problem(question, problem, fix)])
    if output is Format.JSON:
        print_json(
            [
                {
                    **dataclasses.asdict(candidate),
                    "identity": _as_json(device_identity(candidate.accelerator, cloud or candidate.cloud or None)),
                }
                for candidate in found
            ]
        )
        return
    named = sorted({candidate.accelerator for candidate in found})
    title = question if len(named) == 1 else f"{question}: {len(named)} accelerators, not told apart"
    print_rows([dataclasses.asdict(candidate) for candidate in found], _CANDIDATE_COLUMNS, output, title)
    if len(named) == 1:
        places = {candidate.cloud for candidate in found}
        _print_identity(device_identity(named[0], cloud or (places.pop() if len(places) == 1 else "") or None), output)


def _print_identity(identity: DeviceIdentity, output: Format) -> None:
    if output is Format.JSON:
        print_json(_as_json(identity))
        return
    profiles = [f"{row.resource_name} x {row.max_instances}" for row in identity.mig_profiles if row.name_of is None]
    parts = {
        "vendor": identity.vendor,
        "resource": identity.resource_name,
        "PCI IDs": "\n".join(_pci_cell(identity)),
        "product label, one of": "\n".join(str(label) for label in identity.product_labels),
        "discovery label, one of": "\n".join(str(label) for label in identity.discovery_labels),
        "autoscaler label": "\n".join(str(label) for label in identity.autoscaler_labels),
        "other labels": "\n".join(str(label) for label in identity.cloud_labels),
        "GKE accelerator": "\n".join(identity.gke_accelerators),
        "device files": "\n".join(row.path for row in identity.device_nodes),
        "MIG resources": "\n".join(profiles),
        "note": identity.note,
    }
    where = f" on {identity.cloud}" if identity.cloud else ""
    shown = [(what, value) for what, value in parts.items() if value]
    print_table(("what", "is"), shown, f"{identity.accelerator}{where}")


def _pci_cell(identity: DeviceIdentity) -> list[str]:
    return [
        f"{pci_address(device)} {'virtual function' if device.function == 'vf' else ''}".rstrip()
        for device in identity.pci_devices
    ]


def _as_json(identity: DeviceIdentity) -> dict[str, Any]:
    return {
        **dataclasses.asdict(identity),
        "pci_devices": [
            {"address": pci_address(device), **dataclasses.asdict(device)} for device in identity.pci_devices
        ],
    }


def _print_all(vendor: str | None, cloud: str | None, output: Format) -> None:
    vendors = {entry.vendor for entry in all_accelerators()}
    if vendor is not None and vendor not in vendors:
        raise UnknownNameError("vendor", vendor, tuple(sorted(vendors)))
    sold = {row.accelerator for row in cloud_devices() if row.cloud == cloud}
    ids: dict[str, list[str]] = {}
    for device in pci_devices():
        suffix = f" {device.function}" if device.function != "pf" else ""
        subsystem = f"/{device.subsystem_device}" if device.subsystem_device else ""
        ids.setdefault(device.accelerator, []).append(f"{device.pci_vendor}:{device.device}{subsystem}{suffix}")
    rows = [
        {
            **dataclasses.asdict(entry),
            "memory_gib": gib(entry.memory_mib),
            "pci": ", ".join(ids.get(entry.name, ())),
            "mig_capable": entry.mig_capable if output is Format.JSON else "yes" if entry.mig_capable else None,
        }
        for entry in all_accelerators()
        if (vendor is None or entry.vendor == vendor) and (cloud is None or entry.name in sold)
    ]
    where = f" on {cloud}" if cloud else ""
    print_rows(rows, _COLUMNS, output, f"{len(rows)} accelerators{where}")
