"""What an accelerator is called everywhere: labels, resource, PCI IDs, device files and MIG profiles, per cloud.

The way back, from any of these to the accelerator, is `gpucloud.facts.device_lookup`.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator, accelerators
from gpucloud.facts.device_labels import LabelSetter, NodeLabel, discovery_labels, label_keys, product_labels
from gpucloud.facts.device_mig import MigProfile, mig_profiles
from gpucloud.facts.device_nodes import DeviceNode, device_nodes
from gpucloud.facts.machine_types import known_cloud
from gpucloud.facts.pci_devices import PciDevice, pci_devices
from gpucloud.facts.tables import nearest_names, read_table


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """What one accelerator is called, on one cloud or wherever it stands.

    Attributes:
        accelerator: Name of the accelerator.
        vendor: `nvidia`, `amd`, `habana` or `aws`.
        cloud: The cloud whose view this is; None for what holds everywhere, a machine of one's own for example.
        resource_name: What the device plugin advertises to Kubernetes.
        autoscaler_labels: By which label the cluster autoscaler knows a node that will have GPUs before the device
            plugin runs. Several mean that the machine type decides; none that there is no such label, or that it
            would do harm (see `note`).
        cloud_labels: Other labels that the cloud or its Karpenter sets and whose value depends on the accelerator.
        product_labels: What GPU Feature Discovery or AMD's node labeller makes of the product's name. One of them.
        discovery_labels: What Node Feature Discovery sets; which one depends on its configuration.
        gke_accelerators: The names that GKE has for it, one per machine series.
        pci_devices: PCI functions as the operating system of the node sees them, virtual functions where the cloud
            gives those.
        device_nodes: Device files of a node.
        mig_profiles: MIG profiles, empty where there are none.
        source: Where the cloud's row comes from; empty without a cloud.
        note: What a reader must know and nothing else says.
    """

    accelerator: str
    vendor: str
    cloud: str | None
    resource_name: str
    autoscaler_labels: tuple[NodeLabel, ...]
    cloud_labels: tuple[NodeLabel, ...]
    product_labels: tuple[NodeLabel, ...]
    discovery_labels: tuple[NodeLabel, ...]
    gke_accelerators: tuple[str, ...]
    pci_devices: tuple[PciDevice, ...]
    device_nodes: tuple[DeviceNode, ...]
    mig_profiles: tuple[MigProfile, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class CloudDevice:
    """One row: what one cloud calls one accelerator that it sells."""

    accelerator: str
    cloud: str
    autoscaler_labels: tuple[NodeLabel, ...]
    cloud_labels: tuple[NodeLabel, ...]
    gke_accelerators: tuple[str, ...]
    guest_pci: tuple[str, ...]
    source: str
    note: str


def device_identity(accelerator_name: str, cloud: str | None = None) -> DeviceIdentity:
    """Return what an accelerator is called on a cloud, or, without a cloud, what it is called everywhere.

    Raise UnknownNameError with the nearest names for an accelerator or cloud that there is not, and for an
    accelerator that the cloud does not sell; the nearest are then those that it does sell.
    """
    entry = accelerator(accelerator_name)
    row = None if cloud is None else cloud_device(entry.name, cloud)
    own = tuple(device for device in pci_devices() if entry.name in {device.accelerator, *device.alternatives})
    functions = _guest_functions(own, row.guest_pci) if row else own
    kinds = frozenset(device.function for device in functions)
    return DeviceIdentity(
        accelerator=entry.name,
        vendor=entry.vendor,
        cloud=cloud,
        resource_name=entry.resource_name,
        autoscaler_labels=row.autoscaler_labels if row else (),
        cloud_labels=row.cloud_labels if row else (),
        product_labels=tuple(
            NodeLabel(product.label, product.value, _setter(product.label))
            for product in product_labels()
            if product.accelerator == entry.name and (cloud is None or product.cloud in {None, cloud})
        ),
        discovery_labels=discovery_labels(entry, kinds),
        gke_accelerators=row.gke_accelerators if row else (),
        pci_devices=functions,
        device_nodes=device_nodes(entry),
        mig_profiles=mig_profiles(entry.name),
        source=row.source if row else "",
        note=row.note if row else "",
    )


def cloud_device(accelerator_name: str, cloud: str) -> CloudDevice:
    """Return the row of an accelerator on a cloud; raise UnknownNameError where the cloud does not sell it."""
    sold = _by_cloud().get(known_cloud(cloud), {})
    found = sold.get(accelerator_name)
    if found is None:
        raise UnknownNameError(f"accelerator sold on {cloud}", accelerator_name, _nearest_sold(accelerator_name, sold))
    return found


@cache
def cloud_devices() -> tuple[CloudDevice, ...]:
    """Return every row, sorted by accelerator and cloud."""
    return tuple(
        CloudDevice(
            accelerator=row["accelerator"],
            cloud=row["cloud"],
            autoscaler_labels=tuple(
                NodeLabel(row["autoscaler_label"], value, _setter(row["autoscaler_label"]))
                for value in _cells(row["autoscaler_values"])
            ),
            cloud_labels=tuple(
                NodeLabel(key, value, _setter(key))
                for key, _, value in (cell.partition("=") for cell in _cells(row["node_labels"]))
            ),
            gke_accelerators=_cells(row["gke_accelerators"]),
            guest_pci=_cells(row["guest_pci"]),
            source=row["source"],
            note=row["note"],
        )
        for row in read_table("device_identity")
    )


@cache
def _by_cloud() -> dict[str, dict[str, CloudDevice]]:
    sold: dict[str, dict[str, CloudDevice]] = {}
    for row in cloud_devices():
        sold.setdefault(row.cloud, {})[row.accelerator] = row
    return sold


def _nearest_sold(name: str, sold: dict[str, CloudDevice]) -> tuple[str, ...]:
    """Of the same vendor where the name is an accelerator's; by spelling in any case."""
    vendors = {entry.name: entry.vendor for entry in accelerators()}
    alike = [other for other in sold if vendors.get(name) in {None, vendors[other]}]
    return nearest_names(name, alike)


def pci_address(device: PciDevice) -> str:
    """Return the ID as people write it: `10de:2330`, or `10de:25b6/10de:157e` with the subsystem that decides."""
    plain = f"{device.pci_vendor}:{device.device}"
    if device.subsystem_vendor is None:
        return plain
    return f"{plain}/{device.subsystem_vendor}:{device.subsystem_device}"


def _guest_functions(own: tuple[PciDevice, ...], guest_pci: tuple[str, ...]) -> tuple[PciDevice, ...]:
    """The functions that a row names, else the physical ones: whole devices are passed through as they are."""
    if guest_pci:
        return tuple(device for device in own if pci_address(device) in guest_pci)
    return tuple(device for device in own if device.function == "pf")


def _setter(key: str) -> LabelSetter:
    return next(row.set_by for row in label_keys() if row.key == key)


def _cells(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))
