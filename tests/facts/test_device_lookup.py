"""From what a node shows back to the accelerator: round trips for all, and every ambiguity an explicit answer."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import Accelerator, accelerator, accelerators
from gpucloud.facts.device_identity import cloud_devices, device_identity
from gpucloud.facts.device_lookup import (
    DeviceCandidate,
    accelerators_for_label,
    accelerators_for_machine_type,
    candidates_for_pci,
    known_label_keys,
)
from gpucloud.facts.machine_types import clouds, machine_types

GFD = "nvidia.com/gpu.product"
GKE = "cloud.google.com/gke-accelerator"
INSTANCE_TYPE = "node.kubernetes.io/instance-type"


def names(found: tuple[DeviceCandidate, ...]) -> tuple[str, ...]:
    return tuple(candidate.accelerator for candidate in found)


@pytest.mark.parametrize("entry", accelerators(), ids=lambda entry: entry.name)
def test_everything_that_an_accelerator_is_called_leads_back_to_it(entry: Accelerator) -> None:
    identity = device_identity(entry.name)
    for label in (*identity.product_labels, *identity.discovery_labels):
        assert entry.name in names(accelerators_for_label(label.key, label.value))
        assert entry.name in names(accelerators_for_label(None, label.value))
    for device in identity.pci_devices:
        pair = None if device.subsystem_vendor is None else f"{device.subsystem_vendor}:{device.subsystem_device}"
        assert entry.name in names(candidates_for_pci(device.pci_vendor, device.device, pair))
        if entry.vendor == "amd":
            assert entry.name in names(accelerators_for_label("amd.com/gpu.device-id", device.device))
    assert names(accelerators_for_label("gpucloud.io/accelerator", entry.name)) == (entry.name,)


@pytest.mark.parametrize("row", cloud_devices(), ids=lambda row: f"{row.accelerator}-{row.cloud}")
def test_every_label_of_a_cloud_leads_back(row) -> None:
    for label in (*row.autoscaler_labels, *row.cloud_labels):
        found = accelerators_for_label(label.key, label.value, row.cloud)
        assert row.accelerator in names(found)
        assert {candidate.cloud for candidate in found} == {row.cloud}
        assert row.accelerator in names(accelerators_for_label(None, label.value))


@pytest.mark.parametrize("cloud", clouds())
def test_every_machine_type_leads_to_its_accelerator(cloud: str) -> None:
    for machine in machine_types(cloud):
        assert names(accelerators_for_machine_type(machine.name, cloud)) == (machine.accelerator,)
        assert names(accelerators_for_label(INSTANCE_TYPE, machine.name)) == (machine.accelerator,)


def test_every_candidate_says_why() -> None:
    for key, value in ((GFD, "NVIDIA-H100"), (GKE, "nvidia-l4"), (INSTANCE_TYPE, "p5.48xlarge"), (None, "nvidia")):
        found = accelerators_for_label(key, value)
        assert found
        assert all(candidate.why for candidate in found)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("NVIDIA-H100-80GB-HBM3", "h100-sxm-80gb"),
        ("NVIDIA-H100-80GB-HBM3-SHARED", "h100-sxm-80gb"),
        ("NVIDIA-H100-80GB-HBM3-MIG-1g.10gb", "h100-sxm-80gb"),
        ("NVIDIA-H100-80GB-HBM3-MIG-1g.10gb.me-SHARED", "h100-sxm-80gb"),
        ("NVIDIA-H100-NVL-MIG-INVALID", "h100-nvl-94gb"),
        ("NVIDIA-A10", "a10-24gb"),
        ("NVIDIA-A10G", "a10g-24gb"),
        ("NVIDIA-GB200", "gb200-186gb"),
        ("NVIDIA-B200", "b200-180gb"),
        ("Tesla-T4", "t4-16gb"),
        ("NVIDIA-A10-24Q-SHARED", "a10-24gb"),
        ("NVIDIA-L4-3Q", "l4-24gb"),
    ],
)
def test_product_labels_of_gpu_feature_discovery(value: str, name: str) -> None:
    assert names(accelerators_for_label(GFD, value)) == (name,)
    assert names(accelerators_for_label(None, value)) == (name,)


@pytest.mark.parametrize("value", ["NVIDIA-H100-80GB", "H100", "NVIDIA-A100", "NVIDIA-GB", "nvidia-h100-80gb-hbm3", ""])
def test_a_part_of_a_product_label_means_nothing(value: str) -> None:
    assert accelerators_for_label(GFD, value) == ()


def test_a_vgpu_has_a_label_of_its_own_on_the_cloud_that_gives_it() -> None:
    (candidate,) = accelerators_for_label(GFD, "NVIDIA-A10-24Q")
    assert (candidate.cloud, "vGPU" in candidate.why) == ("azure", True)
    assert accelerators_for_label(GFD, "NVIDIA-A10-24Q", "aws") == ()
    assert "NVIDIA-L4-3Q" in {label.value for label in device_identity("l4-24gb", "aws").product_labels}
    assert "NVIDIA-L4-3Q" not in {label.value for label in device_identity("l4-24gb", "gcp").product_labels}


def test_the_bare_name_h100_is_ambiguous() -> None:
    """P6: the driver gives it to the 94 GB SXM board, and everybody else to any H100."""
    found = accelerators_for_label(GFD, "NVIDIA-H100")
    assert names(found) == ("h100-nvl-94gb", "h100-pcie-80gb", "h100-sxm-80gb", "h100-sxm-94gb")
    (own,) = [candidate for candidate in found if candidate.accelerator == "h100-sxm-94gb"]
    assert "2339" in own.why
    assert all("PCI ID" in candidate.why for candidate in found if candidate != own)


def test_one_chip_has_two_names_on_gke() -> None:
    """K2: the machine series decides."""
    plain = accelerators_for_label(GKE, "nvidia-h100-80gb")
    mega = accelerators_for_label(GKE, "nvidia-h100-mega-80gb")
    assert names(plain) == names(mega) == ("h100-sxm-80gb",)
    assert "nvidia-h100-80gb, nvidia-h100-mega-80gb" in mega[0].why


def test_nvidia_tesla_a100_is_the_40_gb_card_alone() -> None:
    """K1."""
    assert names(accelerators_for_label(GKE, "nvidia-tesla-a100")) == ("a100-sxm-40gb",)
    assert names(accelerators_for_label(GKE, "nvidia-a100-80gb")) == ("a100-sxm-80gb",)


def test_a_label_that_names_the_vendor_alone_means_all_that_the_cloud_sells_of_it() -> None:
    found = accelerators_for_label("kubernetes.azure.com/accelerator", "nvidia")
    assert {accelerator(candidate.accelerator).vendor for candidate in found} == {"nvidia"}
    assert set(names(found)) == {
        machine.accelerator for machine in machine_types("azure") if accelerator(machine.accelerator).vendor == "nvidia"
    }


def test_karpenter_calls_two_cards_a100() -> None:
    found = accelerators_for_label("karpenter.k8s.aws/instance-gpu-name", "a100")
    assert names(found) == ("a100-sxm-40gb", "a100-sxm-80gb")


def test_a_mig_product_label_is_for_gpus_that_have_the_profile() -> None:
    value = "NVIDIA-H100-80GB-HBM3-MIG-1g.10gb"
    assert names(accelerators_for_label("nvidia.com/mig-1g.10gb.product", value)) == ("h100-sxm-80gb",)
    assert accelerators_for_label("nvidia.com/mig-1g.6gb.product", value) == ()


def test_a2_and_a16_share_a_pci_id_and_the_subsystem_decides() -> None:
    found = candidates_for_pci("10de", "25b6")
    assert names(found) == ("a16-16gb", "a2-16gb")
    assert "10de:25b6/10de:14a9" in found[0].why
    assert names(candidates_for_pci("10de", "25b6", "10de:157e")) == ("a2-16gb",)


def test_mi250_and_mi250x_share_a_pci_id_that_nothing_tells_apart() -> None:
    found = candidates_for_pci("1002", "740c")
    assert names(found) == ("mi250-128gb", "mi250x-128gb")
    assert all("no subsystem" in candidate.why for candidate in found)


def test_a_virtual_function_is_called_one() -> None:
    (candidate,) = candidates_for_pci("1002", "74B5")
    assert candidate.accelerator == "mi300x-192gb"
    assert "virtual function" in candidate.why
    assert names(accelerators_for_label("beta.amd.com/gpu.device-id", "74b5")) == ("mi300x-192gb",)


@pytest.mark.parametrize("device", ["2333", "2334", "2b00", "2340", "2341", "ffff"])
def test_ids_from_mock_data_mean_nothing(device: str) -> None:
    assert candidates_for_pci("10de", device) == ()


def test_a_type_of_google_to_which_gpus_are_attached_does_not_name_them() -> None:
    found = accelerators_for_machine_type("n1-standard-8", "gcp")
    assert len(set(names(found))) > 1
    assert all("gke-accelerator" in candidate.why for candidate in found)
    (exact,) = accelerators_for_machine_type("n1-standard-8+1xnvidia-tesla-t4")
    assert exact.accelerator == "t4-16gb"


def test_a_slice_is_called_one() -> None:
    (candidate,) = accelerators_for_machine_type("g6f.large")
    assert (candidate.accelerator, candidate.cloud) == ("l4-24gb", "aws")
    assert "1/8" in candidate.why


def test_a_cloud_narrows_the_answer() -> None:
    assert names(accelerators_for_label(GFD, "NVIDIA-H100", "aws")) == ("h100-sxm-80gb",)
    assert accelerators_for_label(INSTANCE_TYPE, "p5.48xlarge", "gcp") == ()
    assert accelerators_for_machine_type("p5.48xlarge", "azure") == ()


def test_what_nobody_knows_is_refused_or_empty() -> None:
    with pytest.raises(UnknownNameError) as caught:
        accelerators_for_label("nvidia.com/gpu.produkt", "NVIDIA-L4")
    assert GFD in caught.value.nearest
    with pytest.raises(UnknownNameError, match="cloud"):
        accelerators_for_label(GFD, "NVIDIA-L4", "alibaba")
    with pytest.raises(UnknownNameError, match="cloud"):
        accelerators_for_machine_type("p5.48xlarge", "alibaba")
    with pytest.raises(ValueError, match="vendor:device"):
        candidates_for_pci("10de", "25b6", "157e")
    assert accelerators_for_label(None, "no such value") == ()


def test_known_label_keys_are_sorted() -> None:
    assert list(known_label_keys()) == sorted(known_label_keys())
    assert {GFD, GKE, INSTANCE_TYPE} <= set(known_label_keys())


@pytest.mark.parametrize(
    "key", ["cloud.google.com/gke-accelerator-count", "nvidia.com/gpu.present", "nvidia.com/gpu.count"]
)
def test_a_label_that_counts_or_describes_names_no_accelerator(key: str) -> None:
    with pytest.raises(UnknownNameError, match="label key"):
        accelerators_for_label(key, "8")
