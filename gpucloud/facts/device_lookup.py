"""From what a node shows to the accelerator: by label, by PCI ID, by machine type.

An answer is a tuple of candidates, each with the reason; two candidates are an answer and not an error, none means
that no table has the value. Values are compared whole, never by a part of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerators
from gpucloud.facts.device_identity import CloudDevice, cloud_devices, pci_address
from gpucloud.facts.device_labels import LabelKey, ProductLabel, label_keys, plain_product, product_labels
from gpucloud.facts.device_mig import accelerators_for_mig_resource
from gpucloud.facts.machine_types import MachineType, clouds, known_cloud, machine_types
from gpucloud.facts.pci_devices import accelerators_for_pci, pci_devices
from gpucloud.facts.tables import nearest_names

_INSTANCE_TYPE_KEYS = ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type")
_OWN_KEY = "gpucloud.io/accelerator"
_MIG_RESOURCE = "nvidia.com/mig-"
_PRODUCT = ".product"
_BETA = "beta."


@dataclass(frozen=True, slots=True, order=True)
class DeviceCandidate:
    """One accelerator that a value can mean.

    Attributes:
        accelerator: Name of the accelerator.
        cloud: The cloud on which the value means it; empty where it does everywhere.
        why: What makes it a candidate, and what would decide where there are several.
    """

    accelerator: str
    cloud: str
    why: str


def accelerators_for_label(key: str | None, value: str, cloud: str | None = None) -> tuple[DeviceCandidate, ...]:
    """Return the accelerators that a node label can mean, sorted by accelerator and cloud; empty where none.

    Without a key the value is looked for under every key, and the reason names the key. With a cloud only what the
    value means there. Keys: `nvidia.com/gpu.product` (its MIG and sharing suffixes too), `amd.com/gpu.product-name`
    and `-device-id`, `cloud.google.com/gke-accelerator`, `k8s.amazonaws.com/accelerator` and `gpucloud.io/accelerator`
    as this library sets them, `kubernetes.azure.com/accelerator`, Karpenter's, Node Feature Discovery's, and
    `node.kubernetes.io/instance-type`. Raise UnknownNameError with the nearest keys for any other, and for an unknown
    cloud.
    """
    if cloud is not None:
        known_cloud(cloud)
    if key is None:
        found = {candidate for known in known_label_keys() for candidate in _by_label(known, value)}
    elif key in known_label_keys() or _is_mig_product(key):
        found = set(_by_label(key, value))
    else:
        near = nearest_names(key, known_label_keys()) or known_label_keys()
        raise UnknownNameError("label key of an accelerator", key, near)
    return _on(cloud, found)


def accelerators_for_machine_type(name: str, cloud: str | None = None) -> tuple[DeviceCandidate, ...]:
    """Return the accelerators of a machine type, as the cloud or the node's label spells it; empty where none.

    A machine type of Google Cloud to which GPUs are attached says nothing of them in its name: `n1-standard-8` then
    has one candidate for each accelerator that can be attached. Raise UnknownNameError for an unknown cloud.
    """
    return _on(None, set(_by_machine_type(name, clouds() if cloud is None else (known_cloud(cloud),))))


def candidates_for_pci(pci_vendor: str, device: str, subsystem: str | None = None) -> tuple[DeviceCandidate, ...]:
    """Return what `accelerators_for_pci` returns, each with the reason; raise ValueError for a broken subsystem."""
    names = accelerators_for_pci(pci_vendor, device, subsystem)
    rows = [row for row in pci_devices() if (row.pci_vendor, row.device) == (pci_vendor.lower(), device.lower())]
    found: set[DeviceCandidate] = set()
    for name in names:
        own = [row for row in rows if name in {row.accelerator, *row.alternatives}]
        told_apart = sorted({pci_address(row) for row in own if row.subsystem_vendor is not None})
        why = "its only accelerator" if len(names) == 1 else "shares the ID"
        if len(names) > 1 and told_apart:
            why += f"; the subsystem decides: {', '.join(told_apart)}"
        elif len(names) > 1:
            why += "; no subsystem tells them apart"
        if own and all(row.function == "vf" for row in own):
            why += "; a virtual function"
        found.add(DeviceCandidate(name, "", why))
    return tuple(sorted(found))


def known_label_keys() -> tuple[str, ...]:
    """Return the label keys that `accelerators_for_label` knows, sorted; `nvidia.com/mig-<profile>.product` besides."""
    keys = {row.key for row in label_keys() if row.identifies}
    return tuple(sorted({*keys, *_INSTANCE_TYPE_KEYS, _OWN_KEY}))


def _on(cloud: str | None, found: set[DeviceCandidate]) -> tuple[DeviceCandidate, ...]:
    if cloud is None:
        return tuple(sorted(found))
    sold = {row.accelerator for row in cloud_devices() if row.cloud == cloud}
    return tuple(sorted(one for one in found if one.cloud == cloud or (not one.cloud and one.accelerator in sold)))


def _by_label(key: str, value: str) -> Iterator[DeviceCandidate]:
    if key in _INSTANCE_TYPE_KEYS:
        yield from _by_machine_type(value, clouds())
    elif key == _OWN_KEY:
        yield from (
            DeviceCandidate(entry.name, "", f"{key} holds it") for entry in accelerators() if entry.name == value
        )
    elif key.removeprefix(_BETA) == "amd.com/gpu.device-id":
        yield from candidates_for_pci("1002", value)
    elif key.removeprefix(_BETA) in {row.label for row in product_labels()} or _is_mig_product(key):
        yield from _by_product(key.removeprefix(_BETA), value)
    else:
        yield from _by_cloud_label(key, value)
        for row in label_keys():
            if row.identifies and row.key == key and row.value == value:
                yield from _by_vendor(row)


def _by_product(key: str, value: str) -> Iterator[DeviceCandidate]:
    """By the product's name; a MIG resource in the key must be one that the product can be cut into."""
    partitioned = _is_mig_product(key)
    label = "nvidia.com/gpu.product" if partitioned else key
    able = accelerators_for_mig_resource(key.removesuffix(_PRODUCT)) if partitioned else ()
    plain = plain_product(value) if label == "nvidia.com/gpu.product" else value
    for row in product_labels():
        if (row.label, row.value) != (label, plain):
            continue
        for name in (row.accelerator, *row.alternatives):
            if not partitioned or name in able:
                yield DeviceCandidate(name, row.cloud or "", _product_reason(row, name))


def _product_reason(row: ProductLabel, name: str) -> str:
    if name != row.accelerator:
        return f"others call it {row.product_name!r} too: confirm by PCI ID or memory"
    why = f"{row.label} of {row.product_name!r}"
    return f"{why}; {row.note}" if row.note else why


def _by_cloud_label(key: str, value: str) -> Iterator[DeviceCandidate]:
    for row in cloud_devices():
        if any((label.key, label.value) == (key, value) for label in (*row.autoscaler_labels, *row.cloud_labels)):
            yield DeviceCandidate(row.accelerator, row.cloud, _cloud_reason(row, key))


def _cloud_reason(row: CloudDevice, key: str) -> str:
    why = f"{key} on {row.cloud}"
    if len(row.gke_accelerators) > 1:
        why += f": one chip under the names {', '.join(row.gke_accelerators)}; {row.note}"
    return why


def _by_vendor(row: LabelKey) -> Iterator[DeviceCandidate]:
    """By a label that names the vendor alone: every accelerator of the vendor that gets it."""
    functions: dict[str, set[str]] = {}
    for device in pci_devices():
        for name in (device.accelerator, *device.alternatives):
            functions.setdefault(name, set()).add(device.function)
    for entry in accelerators():
        if entry.vendor != row.vendor or entry.name in row.not_for:
            continue
        if row.function is None or row.function in functions[entry.name]:
            yield DeviceCandidate(entry.name, "", f"{row.key} names the vendor alone: {row.meaning}")


def _by_machine_type(name: str, among: tuple[str, ...]) -> Iterator[DeviceCandidate]:
    for cloud in among:
        for machine in machine_types(cloud):
            if machine.name == name:
                yield DeviceCandidate(machine.accelerator, cloud, _machine_reason(machine))
            elif getattr(machine.vendor, "gce_machine_type", None) == name:
                yield DeviceCandidate(
                    machine.accelerator,
                    cloud,
                    f"{name} has accelerators only where they are attached: the label gke-accelerator decides",
                )


def _machine_reason(machine: MachineType) -> str:
    if machine.accelerator_count:
        return f"{machine.name} has {machine.accelerator_count}"
    return f"{machine.name} has {machine.accelerator_fraction} of one"


def _is_mig_product(key: str) -> bool:
    return key.startswith(_MIG_RESOURCE) and key.endswith(_PRODUCT)
