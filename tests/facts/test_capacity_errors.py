"""What an error text means, and the texts that only look like one."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.capacity_errors import CapacityError, capacity_errors, classify


@pytest.mark.parametrize("row", capacity_errors("aws"), ids=lambda row: row.code)
def test_row_is_plausible_and_found_in_a_text(row: CapacityError) -> None:
    assert row.meaning in {"no-capacity", "quota", "terminal"}
    assert row.scope in {"account", "region", "request", "reservation", "subnet", "zone"}
    assert row.advice
    assert row.source
    assert row.origins >= 1
    assert (row.meaning == "quota") == (row.scope == "region")
    assert classify("aws", f"Could not launch instances: {row.code}: some text.") == row
    assert classify("aws", f"x{row.code}y") is None


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("api error InsufficientInstanceCapacity: We currently do not have", "InsufficientInstanceCapacity"),
        ("Server.InsufficientInstanceCapacity", "InsufficientInstanceCapacity"),
        ("(VcpuLimitExceeded)", "VcpuLimitExceeded"),
        ("InvalidParameterValue: bad", "InvalidParameterValue"),
        ("AuthFailure.ServiceLinkedRoleCreationNotPermitted", "AuthFailure.ServiceLinkedRoleCreationNotPermitted"),
        ("Unsupported and InsufficientInstanceCapacity", "InsufficientInstanceCapacity"),
        ("ends with Unsupported.", "Unsupported"),
    ],
)
def test_the_longest_whole_code_wins(message: str, code: str) -> None:
    found = classify("aws", message)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "message",
    [
        "",
        "UnsupportedOperation",
        "InsufficientInstanceCapacityX",
        "Unsupported.Other",
        "InvalidParameterValues",
        "fine",
    ],
)
def test_a_part_of_a_word_is_no_code(message: str) -> None:
    assert classify("aws", message) is None


def test_a_cloud_without_a_table_is_refused() -> None:
    with pytest.raises(UnknownNameError):
        classify("nowhere", "InsufficientInstanceCapacity")
