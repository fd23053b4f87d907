"""`gpucloud accelerators NAME | --pci | --label`, and `machine-types --like`."""

import json

import pytest
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.errors import GpuCloudError, InvalidInputError, UnknownNameError
from gpucloud.facts.device_identity import device_identity
from gpucloud.facts.machine_equivalents import equivalents
from gpucloud.facts.machine_types import clouds, machine_type


def _json(*arguments: str):
    answer = CliRunner().invoke(app, [*arguments, "--format", "json"])
    assert answer.exit_code == 0
    return json.loads(answer.stdout)


def _text(*arguments: str) -> str:
    answer = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100"})
    assert answer.exit_code == 0
    return answer.stdout


def _refused(*arguments: str) -> GpuCloudError:
    answer = CliRunner().invoke(app, list(arguments))
    assert isinstance(answer.exception, GpuCloudError)
    return answer.exception


def test_a_pci_id_shows_the_identity():
    (row,) = _json("accelerators", "--pci", "10de:2330")
    assert row["accelerator"] == "h100-sxm-80gb"
    assert row["why"]
    identity = row["identity"]
    assert identity["resource_name"] == "nvidia.com/gpu"
    assert identity["cloud"] is None
    assert [device["address"] for device in identity["pci_devices"]] == ["10de:2330"]
    assert "NVIDIA-H100-80GB-HBM3" in {label["value"] for label in identity["product_labels"]}
    text = _text("accelerators", "--pci", "10DE:2330", "--cloud", "gcp")
    for part in ("h100-sxm-80gb on gcp", "gke-accelerator=nvidia-h100-mega-80gb", "/dev/nvidiactl", "mig-1g.10gb x 7"):
        assert part in text


def test_an_ambiguous_pci_id_gets_both_and_the_subsystem_decides():
    rows = _json("accelerators", "--pci", "10de:25b6")
    assert [row["accelerator"] for row in rows] == ["a16-16gb", "a2-16gb"]
    assert "not told apart" in _text("accelerators", "--pci", "10de:25b6")
    for text in ("10de:25b6/10de:157e", "10de:25b6/157e"):
        (row,) = _json("accelerators", "--pci", text)
        assert row["accelerator"] == "a2-16gb"


def test_azure_sees_the_virtual_function():
    (row,) = _json("accelerators", "--pci", "1002:74a1", "--cloud", "azure")
    assert [device["address"] for device in row["identity"]["pci_devices"]] == ["1002:74b5"]


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("nvidia.com/gpu.product=NVIDIA-H100-NVL", {"h100-nvl-94gb"}),
        ("NVIDIA-H100-NVL", {"h100-nvl-94gb"}),
        ("nvidia-h100-mega-80gb", {"h100-sxm-80gb"}),
        ("node.kubernetes.io/instance-type=a3-megagpu-8g", {"h100-sxm-80gb"}),
        ("Standard_ND96isr_MI300X_v5", {"mi300x-192gb"}),
        ("nvidia.com/gpu.product=NVIDIA-H100", {"h100-nvl-94gb", "h100-pcie-80gb", "h100-sxm-80gb", "h100-sxm-94gb"}),
    ],
)
def test_labels(label, names):
    assert {row["accelerator"] for row in _json("accelerators", "--label", label)} == names


def test_a_label_of_one_cloud_shows_the_identity_there():
    assert "h100-sxm-80gb on gcp" in _text("accelerators", "--label", "nvidia-h100-mega-80gb")


def test_a_name_shows_what_it_is_called():
    assert _json("accelerators", "l4-24gb", "--cloud", "gcp")["gke_accelerators"] == ["nvidia-l4"]
    identity = _json("accelerators", "gb300-288gb")
    profiles = device_identity("gb300-288gb").mig_profiles
    assert [row["resource_name"] for row in identity["mig_profiles"]] == [row.resource_name for row in profiles]


@pytest.mark.parametrize(
    ("arguments", "kind", "parts"),
    [
        (("--pci", "10de"), InvalidInputError, ("lspci", "10de:25b6/10de:157e")),
        (("--pci", "10de:2333"), InvalidInputError, ("--pci 10de:2333", "no accelerator has it")),
        (("--pci", "1002:74b5", "--cloud", "gcp"), InvalidInputError, ("no accelerator that gcp sells",)),
        (("--label", "NVIDIA-H1000"), InvalidInputError, ("--label NVIDIA-H1000",)),
        (("--label", "nvidia.com/gpu.prod=NVIDIA-L4"), UnknownNameError, ("nvidia.com/gpu.product",)),
        (("--label", "foo=bar"), UnknownNameError, ("nvidia.com/gpu.product",)),
        (("--pci", "10de:2330", "--label", "NVIDIA-L4"), InvalidInputError, ("--pci --label", "one at a time")),
        (("b200-180gb", "--cloud", "azure"), UnknownNameError, ("sold on azure", "gb200-186gb")),
        (("--cloud", "alibaba"), UnknownNameError, ("aws, azure, gcp",)),
    ],
)
def test_what_is_refused_says_what_to_do(arguments, kind, parts):
    error = _refused("accelerators", *arguments)
    assert isinstance(error, kind)
    assert all(part in str(error) for part in parts)


def test_like_finds_the_equivalents_on_the_other_clouds():
    found = _json("machine-types", "--like", "p5.48xlarge")
    assert found["like"]["name"] == "p5.48xlarge"
    assert set(found["clouds"]) == set(clouds()) - {"aws"}
    assert [row["name"] for row in found["clouds"]["azure"]] == ["Standard_ND96isr_H100_v5"]
    assert {"a3-highgpu-8g", "a3-megagpu-8g"} <= {row["name"] for row in found["clouds"]["gcp"]}
    assert {row["match"] for rows in found["clouds"].values() for row in rows} == {"equivalent"}
    (azure,) = found["clouds"]["azure"]
    fabric = {"what": "fabric", "wanted": "efa 3200 Gbps", "given": "infiniband 3200 Gbps"}
    assert fabric in azure["differences"]


def test_like_says_that_the_nearest_are_no_equivalents():
    text = _text("machine-types", "--like", "Standard_ND96isr_MI300X_v5", "--cloud", "aws")
    assert "no equivalent, the nearest (3)" in text
    assert "accelerator: mi300x-192gb -> b200-180gb" in text


def test_like_on_its_own_cloud_leaves_itself_out():
    rows = _json("machine-types", "--like", "p5.48xlarge", "--cloud", "aws")["clouds"]["aws"]
    assert "p5.48xlarge" not in {row["name"] for row in rows}


def test_json_has_all_equivalents_and_the_table_says_how_many():
    many = equivalents(machine_type("aws", "g4dn.xlarge"), "gcp")
    assert len(many) > 3
    assert len(_json("machine-types", "--like", "g4dn.xlarge", "--cloud", "gcp")["clouds"]["gcp"]) == len(many)
    assert f"3 of {len(many)}" in _text("machine-types", "--like", "g4dn.xlarge", "--cloud", "gcp")


def test_like_refuses_filters_and_unknown_names():
    assert isinstance(_refused("machine-types", "--like", "p5.48xlarge", "--fabric"), InvalidInputError)
    error = _refused("machine-types", "--like", "p5.48xlrge")
    assert isinstance(error, UnknownNameError)
    assert error.nearest[0] == "p5.48xlarge"
