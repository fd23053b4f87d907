"""The accelerators that people ask for, on every cloud: a whole plan, or what is sold instead."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.facts.machine_types import machine_types
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import plan_document, plan_to_json
from tests.golden_files import SCENARIOS, check_golden

ACCELERATORS = ("a10", "a10g", "l4", "l40s", "a100-40", "a100-80", "h100", "h200", "b200", "gb200", "mi300x")
WHERE: dict[Cloud, tuple[str, str]] = {
    "aws": ("us-east-1", "us-east-1a"),
    "azure": ("eastus", "regional"),
    "gcp": ("us-central1", "us-central1-b"),
}
DEVICES = {
    "a10": "a10-24gb",
    "a10g": "a10g-24gb",
    "l4": "l4-24gb",
    "l40s": "l40s-48gb",
    "a100-40": "a100-sxm-40gb",
    "a100-80": "a100-sxm-80gb",
    "h100": "h100-sxm-80gb",
    "h200": "h200-sxm-141gb",
    "b200": "b200-180gb",
    "gb200": "gb200-186gb",
    "mi300x": "mi300x-192gb",
}
COUNTS = {"a10": 1, "a10g": 1, "l4": 1, "l40s": 1, "gb200": 4}
RESERVED = {"type": "reserved", "reservation_id": "gb200"}

# Sold: the machine type that the plan chooses, and what the pool must say beside accelerator and count.
SOLD: dict[tuple[Cloud, str], tuple[str, dict[str, Any]]] = {
    ("aws", "a10g"): ("g5.xlarge", {}),
    ("aws", "l4"): ("g6.xlarge", {}),
    ("aws", "l40s"): ("g6e.xlarge", {}),
    ("aws", "a100-40"): ("p4d.24xlarge", {}),
    ("aws", "a100-80"): ("p4de.24xlarge", {}),
    ("aws", "h100"): ("p5.48xlarge", {}),
    ("aws", "h200"): ("p5en.48xlarge", {"zones": ["us-east-1d"], "capacity": ["spot"]}),
    ("aws", "b200"): ("p6-b200.48xlarge", {}),
    ("aws", "gb200"): (
        "p6e-gb200.36xlarge",
        {"capacity": [{"type": "capacity-block", "reservation_id": "cr-0123456789abcdef0"}]},
    ),
    ("azure", "a10"): ("Standard_NC16ads_A10_v4", {}),
    ("azure", "a100-40"): ("Standard_ND96asr_v4", {}),
    ("azure", "a100-80"): ("Standard_ND96amsr_A100_v4", {}),
    ("azure", "h100"): ("Standard_ND96isr_H100_v5", {}),
    ("azure", "h200"): ("Standard_ND96isr_H200_v5", {}),
    ("azure", "gb200"): ("Standard_ND128isr_NDR_GB200_v6", {}),
    ("azure", "mi300x"): ("Standard_ND96isr_MI300X_v5", {"driver_owner": "operator"}),
    ("gcp", "l4"): ("g2-standard-4", {}),
    ("gcp", "a100-40"): ("a2-highgpu-8g", {"zones": ["us-central1-a"]}),
    ("gcp", "a100-80"): ("a2-ultragpu-8g", {"zones": ["us-central1-a"]}),
    ("gcp", "h100"): ("a3-highgpu-8g", {}),
    ("gcp", "h200"): ("a3-ultragpu-8g", {"capacity": ["spot"]}),
    ("gcp", "b200"): ("a4-highgpu-8g", {"capacity": ["flex-start"]}),
    ("gcp", "gb200"): ("a4x-highgpu-4g", {"capacity": [RESERVED]}),
}
# Not sold: the nearest that is, best first.
NEAREST: dict[tuple[Cloud, str], tuple[str, ...]] = {
    ("aws", "a10"): (
        "g5.4xlarge (1 x a10g-24gb)",
        "gr6.4xlarge (1 x l4-24gb)",
        "g7.4xlarge (1 x rtx-pro-4500-server-32gb)",
    ),
    ("aws", "mi300x"): (
        "p6-b200.48xlarge (8 x b200-180gb)",
        "p5e.48xlarge (8 x h200-sxm-141gb)",
        "p6-b300.48xlarge (8 x b300-288gb)",
    ),
    ("azure", "a10g"): (
        "Standard_NC16ads_A10_v4 (1 x a10-24gb)",
        "Standard_NC4as_T4_v3 (1 x t4-16gb)",
        "Standard_NC24ads_A100_v4 (1 x a100-pcie-80gb)",
    ),
    ("azure", "l4"): (
        "Standard_NC16ads_A10_v4 (1 x a10-24gb)",
        "Standard_NC4as_T4_v3 (1 x t4-16gb)",
        "Standard_NC24ads_A100_v4 (1 x a100-pcie-80gb)",
    ),
    ("azure", "l40s"): (
        "Standard_NC24ads_A100_v4 (1 x a100-pcie-80gb)",
        "Standard_NC16ads_A10_v4 (1 x a10-24gb)",
        "Standard_NC4as_T4_v3 (1 x t4-16gb)",
    ),
    ("azure", "b200"): (
        "Standard_ND128isr_NDR_GB200_v6 (4 x gb200-186gb)",
        "Standard_ND96isr_H200_v5 (8 x h200-sxm-141gb)",
        "Standard_ND96isr_H100_v5 (8 x h100-sxm-80gb)",
    ),
    ("gcp", "a10"): (
        "g2-standard-16 (1 x l4-24gb)",
        "n1-highmem-16+1xnvidia-tesla-p100 (1 x p100-pcie-16gb)",
        "n1-highmem-16+1xnvidia-tesla-t4 (1 x t4-16gb)",
    ),
    ("gcp", "a10g"): (
        "g2-standard-4 (1 x l4-24gb)",
        "n1-standard-4+1xnvidia-tesla-p100 (1 x p100-pcie-16gb)",
        "n1-standard-4+1xnvidia-tesla-t4 (1 x t4-16gb)",
    ),
    ("gcp", "l40s"): (
        "g2-standard-4 (1 x l4-24gb)",
        "a2-highgpu-1g (1 x a100-sxm-40gb)",
        "a2-ultragpu-1g (1 x a100-sxm-80gb)",
    ),
    ("gcp", "mi300x"): (
        "a4-highgpu-8g (8 x b200-180gb)",
        "a3-ultragpu-8g (8 x h200-sxm-141gb)",
        "g4-standard-384 (8 x rtx-pro-6000-server-96gb)",
    ),
}
"""A cloud's machine type for each of the three nearest accelerators."""


def _document(cloud: Cloud, name: str, **fields: Any) -> dict[str, Any]:
    region, zone = WHERE[cloud]
    pool = {
        "name": "gpu",
        "accelerator": DEVICES[name],
        "accelerators_per_node": COUNTS.get(name, 8),
        "zones": [zone],
        "size": {"max": 2},
        **fields,
    }
    stack = {"amd_driver_image": "registry.example.com/amd/driver"}
    return {
        "name": "prod",
        "clusters": [{"name": "one", "cloud": cloud, "region": region, "node_pools": [pool], "gpu_stack": stack}],
    }


@pytest.mark.parametrize("name", ACCELERATORS)
@pytest.mark.parametrize("cloud", WHERE)
def test_the_cloud_plans_the_accelerator_or_names_the_nearest(cloud, name):
    if (cloud, name) in SOLD:
        machine, fields = SOLD[cloud, name]
        plan = plan_document(_document(cloud, name, **fields))
        assert plan.clusters[0].node_pools[0].machine.machine_type == machine
        check_golden(SCENARIOS / "accelerators" / f"{cloud}-{name}.json", plan_to_json(plan))
        return
    with pytest.raises(InvalidInputError) as raised:
        plan_document(_document(cloud, name))
    (problem,) = raised.value.problems
    assert problem.path == "clusters[one].node_pools[gpu].accelerator"
    assert problem.problem == f"{cloud} sells no {DEVICES[name]}"
    assert problem.fix == f"nearest: {', '.join(NEAREST[cloud, name])}"


def test_what_is_said_to_be_sold_is_what_the_catalogue_has():
    """Neither table can hide a machine type that came or went."""
    has = {
        (cloud, name)
        for cloud in WHERE
        for name in ACCELERATORS
        if any(entry.accelerator == DEVICES[name] for entry in machine_types(cloud))
    }
    assert has == SOLD.keys()
    assert {(cloud, name) for cloud in WHERE for name in ACCELERATORS} == SOLD.keys() | NEAREST.keys()
    goldens = {path.stem for path in (SCENARIOS / "accelerators").glob("*.json")}
    assert goldens == {f"{cloud}-{name}" for cloud, name in SOLD}


def test_azure_has_other_forms_of_the_same_model():
    """A100 with 80 GB and H100 are also PCIe cards there, under names of their own."""
    for device, count, machine in (
        ("a100-pcie-80gb", 1, "Standard_NC24ads_A100_v4"),
        ("h100-nvl-94gb", 1, "Standard_NC40ads_H100_v5"),
        ("h100-nvl-94gb", 2, "Standard_NC80adis_H100_v5"),
    ):
        plan = plan_document(_document("azure", "h100", accelerator=device, accelerators_per_node=count))
        assert plan.clusters[0].node_pools[0].machine.machine_type == machine


@pytest.mark.parametrize(
    ("cloud", "fields", "problem", "fix"),
    [
        (
            "azure",
            {"accelerator": "h100-nvl-94gb", "accelerators_per_node": 4},
            "azure sells no machine type with 4 x h100-nvl-94gb",
            "nearest: Standard_NC40ads_H100_v5 (1 x), Standard_NC80adis_H100_v5 (2 x)",
        ),
        (
            "azure",
            {"accelerator": "h100-nvl-94gb", "accelerators_per_node": 1, "fabric": "infiniband"},
            "azure sells no machine type with 1 x h100-nvl-94gb and infiniband",
            "nearest: Standard_NC40ads_H100_v5 (1 x, fabric none), Standard_NC80adis_H100_v5 (2 x, fabric none)",
        ),
        ("gcp", {"accelerator": "mi355x-288gb"}, "gcp sells no mi355x-288gb", "see `gpucloud machine-types`"),
    ],
)
def test_the_count_and_the_fabric_are_part_of_what_is_sold(cloud, fields, problem, fix):
    with pytest.raises(InvalidInputError) as raised:
        plan_document(_document(cloud, "h100", **fields))
    assert [(entry.problem, entry.fix) for entry in raised.value.problems] == [(problem, fix)]
