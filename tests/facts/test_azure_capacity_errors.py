"""What Azure's and AKS's error texts mean."""

import pytest

from gpucloud.facts.capacity_errors import CapacityError, capacity_errors, classify


@pytest.mark.parametrize("row", capacity_errors("azure"), ids=lambda row: row.code)
def test_row_is_plausible_and_found_in_a_text(row: CapacityError) -> None:
    assert row.meaning in {"no-capacity", "quota", "terminal"}
    assert row.scope in {"account", "region", "request", "subnet", "zone"}
    assert row.advice
    assert row.source
    assert row.origins in {1, 2}
    assert row.meaning != "quota" or row.scope == "region"
    assert (row.meaning == "terminal") == (row.scope in {"account", "request"})
    assert classify("azure", f'Code="{row.code}" Message="some text."') == row
    assert classify("azure", f"x{row.code}y") is None


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ('(ReconcileVMSSAgentPoolFailed) original error: Code="AllocationFailed"', "AllocationFailed"),
        ('ResourceOperationFailure: details: [{"code":"ZonalAllocationFailed"}]', "ZonalAllocationFailed"),
        ('QuotaExceeded: Code="OperationNotAllowed" Message="exceeding approved"', "OperationNotAllowed"),
        ("InvalidTemplateDeployment: inner error SkuNotAvailable", "SkuNotAvailable"),
        ("ErrCode_InsufficientVCPUQuota: remaining 0", "ErrCode_InsufficientVCPUQuota"),
    ],
)
def test_a_wrapper_does_not_hide_the_code_inside(message: str, code: str) -> None:
    found = classify("azure", message)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("message", ["", "ReconcileVMSSAgentPoolFailed", "AllocationFailedX", "OperationIsNotAllowed"])
def test_a_wrapper_alone_or_part_of_a_word_is_no_code(message: str) -> None:
    assert classify("azure", message) is None


def test_the_zone_codes_are_those_that_another_zone_can_help_with() -> None:
    assert {row.code for row in capacity_errors("azure") if row.scope == "zone"} == {
        "AvailabilityZoneNotSupported",
        "OverconstrainedZonalAllocationRequest",
        "ZonalAllocationFailed",
    }
