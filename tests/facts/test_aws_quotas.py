"""Each machine type's vCPU quota."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.aws_quotas import vcpu_quota, vcpu_quotas
from gpucloud.facts.machine_types import machine_types


@pytest.mark.parametrize(
    ("name", "capacity_type", "code"),
    [
        ("p5.48xlarge", "on-demand", "L-417A185B"),
        ("p6-b200.48xlarge", "on-demand", "L-417A185B"),
        ("p5en.48xlarge", "spot", "L-C4BD4855"),
        ("p4d.24xlarge", "spot", "L-7212CCBC"),
        ("g6e.xlarge", "on-demand", "L-DB2E81BA"),
        ("gr6.4xlarge", "spot", "L-3819A6DF"),
        ("dl1.24xlarge", "on-demand", "L-6E869C2A"),
        ("trn2.48xlarge", "on-demand", "L-2C3B7624"),
        ("inf2.xlarge", "spot", "L-B5D1601B"),
        ("m6i.large", "on-demand", "L-1216C47A"),
        ("im4gn.large", "spot", "L-34B43A08"),
    ],
)
def test_quota_of_a_machine_type(name: str, capacity_type: str, code: str) -> None:
    quota = vcpu_quota(name, capacity_type)
    assert (quota.code, quota.capacity_type) == (code, capacity_type)


@pytest.mark.parametrize("name", [row.name for row in machine_types("aws") if "on-demand" in row.capacity_types])
def test_every_accelerated_type_has_an_on_demand_quota(name: str) -> None:
    assert vcpu_quota(name, "on-demand").name.startswith("Running On-Demand")


def test_codes_are_unique() -> None:
    codes = [quota.code for quota in vcpu_quotas()]
    assert codes == sorted(set(codes))
    assert all(quota.source and quota.origins >= 1 for quota in vcpu_quotas())


@pytest.mark.parametrize(
    ("name", "capacity_type"),
    [("p6-b200.48xlarge", "spot"), ("p5.48xlarge", "capacity-block"), ("q1.large", "on-demand"), ("", "spot")],
)
def test_no_quota_is_guessed(name: str, capacity_type: str) -> None:
    with pytest.raises(UnknownNameError):
        vcpu_quota(name, capacity_type)
