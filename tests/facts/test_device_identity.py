"""What each accelerator is called, on every cloud that sells it; and the traps of vendors' names and IDs."""

import re

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import Accelerator, accelerator, accelerators
from gpucloud.facts.device_identity import CloudDevice, cloud_devices, device_identity, pci_address
from gpucloud.facts.device_labels import label_keys, product_labels
from gpucloud.facts.device_nodes import device_nodes
from gpucloud.facts.machine_types import clouds, machine_types
from gpucloud.facts.pci_devices import pci_devices

LABEL_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
LABEL_KEY = re.compile(r"([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
GKE = "cloud.google.com/gke-accelerator"
# libdrm's only name for 740c is "MI250X / MI250", which is no label value; Gaudi and Neuron have no product label.
WITHOUT_PRODUCT_LABEL = {"mi250-128gb"}


def row_id(row: CloudDevice) -> str:
    return f"{row.accelerator}-{row.cloud}"


@pytest.mark.parametrize("row", cloud_devices(), ids=row_id)
def test_row_is_plausible(row: CloudDevice) -> None:
    assert row.cloud in clouds()
    assert row.source
    assert accelerator(row.accelerator).name == row.accelerator
    for label in (*row.autoscaler_labels, *row.cloud_labels):
        assert LABEL_KEY.fullmatch(label.key)
        assert LABEL_VALUE.fullmatch(label.value)
    assert bool(row.gke_accelerators) == (row.cloud == "gcp")
    assert {pci_address(device) for device in device_identity(row.accelerator, row.cloud).pci_devices} >= set(
        row.guest_pci
    )


@pytest.mark.parametrize("cloud", clouds())
def test_the_rows_of_a_cloud_are_the_accelerators_that_it_sells(cloud: str) -> None:
    sold = {machine.accelerator for machine in machine_types(cloud)}
    assert {row.accelerator for row in cloud_devices() if row.cloud == cloud} == sold


def test_gke_names_are_those_of_the_machine_types() -> None:
    names: dict[str, set[str]] = {}
    for machine in machine_types("gcp"):
        names.setdefault(machine.accelerator, set()).add(machine.vendor.gke_accelerator)
    assert {row.accelerator: set(row.gke_accelerators) for row in cloud_devices() if row.cloud == "gcp"} == names


@pytest.mark.parametrize("entry", accelerators(), ids=lambda entry: entry.name)
def test_every_accelerator_has_an_identity_without_a_cloud(entry: Accelerator) -> None:
    identity = device_identity(entry.name)
    assert identity.resource_name == entry.resource_name
    assert identity.pci_devices
    assert identity.device_nodes
    assert not identity.autoscaler_labels
    assert not identity.cloud_labels
    assert bool(identity.mig_profiles) <= entry.mig_capable
    has_product = entry.vendor in {"nvidia", "amd"} and entry.name not in WITHOUT_PRODUCT_LABEL
    assert bool(identity.product_labels) == has_product
    assert bool(identity.discovery_labels) == (entry.name != "v520-8gb")


@pytest.mark.parametrize("row", product_labels(), ids=lambda row: row.value)
def test_a_product_label_is_made_of_the_name_as_its_labeller_does(row) -> None:
    vendor = accelerator(row.accelerator).vendor
    if vendor == "nvidia":
        assert row.label == "nvidia.com/gpu.product"
        assert row.value == "-".join(re.sub(r"[^A-Za-z0-9-_. ]", "", row.product_name).split())
    else:
        assert row.label == "amd.com/gpu.product-name"
        assert row.value == row.product_name.replace(" ", "_")
    assert LABEL_VALUE.fullmatch(row.value)
    assert all(accelerator(name).vendor == vendor for name in row.alternatives)
    assert not row.alternatives or row.note


def test_every_label_key_is_one_and_says_who_sets_it() -> None:
    keys = [row.key for row in label_keys()]
    assert len(keys) == len(set(keys))
    for row in label_keys():
        assert LABEL_KEY.fullmatch(row.key)
        assert row.meaning
        assert row.function in {None, "pf", "vf"}
        assert row.vendor is None or row.cloud is None
        assert all(accelerator(name).vendor == row.vendor for name in row.not_for)


def test_a_virtual_machine_of_azure_sees_the_virtual_function_of_an_mi300x() -> None:
    identity = device_identity("mi300x-192gb", "azure")
    assert [pci_address(device) for device in identity.pci_devices] == ["1002:74b5"]
    assert [str(label) for label in identity.discovery_labels] == ["feature.node.kubernetes.io/amd-vgpu=true"]
    everywhere = device_identity("mi300x-192gb")
    assert {"1002:74a1", "1002:74b5"} <= {pci_address(device) for device in everywhere.pci_devices}
    assert len(everywhere.discovery_labels) == 2


def test_gpu_operator_labels_nodes_by_vendor_and_plain_nfd_by_class_and_vendor() -> None:
    labels = {str(label) for label in device_identity("h100-sxm-80gb").discovery_labels}
    prefix = "feature.node.kubernetes.io/pci-"
    assert labels == {
        f"{prefix}10de.present=true",
        f"{prefix}0300_10de.present=true",
        f"{prefix}0302_10de.present=true",
    }


def test_the_vendor_of_amazon_proves_no_neuron_device() -> None:
    """Every network card of EC2 has the vendor 1d0f as well."""
    assert not any("1d0f" in row.key for row in label_keys())
    (label,) = device_identity("trainium2-96gb", "aws").discovery_labels
    assert str(label) == "feature.node.kubernetes.io/aws-neuron=true"


def test_autoscaler_labels_per_cloud() -> None:
    def labels(name: str, cloud: str) -> list[str]:
        return [str(label) for label in device_identity(name, cloud).autoscaler_labels]

    assert labels("h100-sxm-80gb", "aws") == ["k8s.amazonaws.com/accelerator=h100-sxm-80gb"]
    assert labels("h100-sxm-80gb", "azure") == ["kubernetes.azure.com/accelerator=nvidia"]
    assert labels("h100-sxm-80gb", "gcp") == [f"{GKE}=nvidia-h100-80gb", f"{GKE}=nvidia-h100-mega-80gb"]
    assert labels("a100-sxm-40gb", "gcp") == [f"{GKE}=nvidia-tesla-a100"]
    assert labels("a100-sxm-80gb", "gcp") == [f"{GKE}=nvidia-a100-80gb"]
    assert labels("mi300x-192gb", "azure") == []


@pytest.mark.parametrize("name", ["inferentia1-8gb", "inferentia2-32gb", "trainium1-32gb", "trainium2-96gb"])
def test_a_neuron_node_has_no_autoscaler_label(name: str) -> None:
    """With it and without a GPU resource the cluster autoscaler would never take the node for ready."""
    identity = device_identity(name, "aws")
    assert identity.autoscaler_labels == ()
    assert "unready" in identity.note


def test_device_files_per_vendor() -> None:
    def paths(name: str) -> set[str]:
        return {row.path for row in device_nodes(accelerator(name))}

    assert paths("mi300x-192gb") == {"/dev/kfd", "/dev/dri/card[0-9]*", "/dev/dri/renderD[0-9]*"}
    assert paths("trainium1-32gb") == {"/dev/neuron[0-9]*"}
    assert "/dev/accel/accel[0-9]*" in paths("gaudi3-128gb")
    assert {"/dev/nvidiactl", "/dev/nvidia[0-9]*"} <= paths("t4-16gb")
    assert not paths("t4-16gb") & {"/dev/nvidia-nvswitchctl", "/dev/nvidia-caps/nvidia-cap[0-9]*"}
    assert {"/dev/nvidia-nvswitchctl", "/dev/nvidia-caps/nvidia-cap[0-9]*"} <= paths("h100-sxm-80gb")
    racks = {row.name for row in accelerators() if any("imex" in path for path in paths(row.name))}
    assert racks == {"gb200-186gb", "gb300-288gb"}


@pytest.mark.parametrize(
    ("name", "cloud", "nearest"),
    [
        ("a10-24gb", "aws", "a10g-24gb"),
        ("b200-180gb", "azure", "gb200-186gb"),
        ("h100-nvl-94gb", "gcp", "h100-sxm-80gb"),
    ],
)
def test_an_accelerator_that_a_cloud_does_not_sell_is_refused_with_the_nearest(name, cloud, nearest) -> None:
    with pytest.raises(UnknownNameError, match=f"sold on {cloud}") as caught:
        device_identity(name, cloud)
    assert nearest in caught.value.nearest


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="a10g"):
        device_identity("a10g")
    with pytest.raises(UnknownNameError, match="cloud"):
        device_identity("t4-16gb", "alibaba")


# catalogue-sources section 3: what mock and test data say, and what the device is.
@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("h200-sxm-141gb", "2333", "2335"),
        ("b200-180gb", "2b00", "2901"),
        ("b200-180gb", "2340", "2901"),
        ("b200-180gb", "2334", "2901"),
        ("gb200-186gb", "2330", "2941"),
        ("gb200-186gb", "2341", "2941"),
        ("gb300-288gb", "2941", "31c2"),
        ("l40s-48gb", "26b5", "26b9"),
        ("a100-sxm-80gb", "20b5", "20b2"),
    ],
)
def test_ids_from_mock_data_are_nobodys(name: str, wrong: str, right: str) -> None:
    own = {row.device for row in pci_devices() if name in {row.accelerator, *row.alternatives}}
    assert right in own
    assert wrong not in own


def test_ids_that_only_pci_ids_lists_are_marked() -> None:
    for row in pci_devices():
        if (
            row.source.startswith("pci.ids")
            and row.pci_vendor == "10de"
            and row.device in {"26b7", "2909", "290a", "31a1"}
        ):
            assert "unconfirmed" in row.note
