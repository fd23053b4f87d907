"""Whole bytes are those that the kubelet's parser keeps as a short integer; each value was asked of that parser."""

import pytest

from gpucloud.kubelet.whole_bytes import whole_bytes


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("50Mi", 50 * 2**20),
        ("-1", -1),
        ("0", 0),
        ("007", 7),
        ("5.5k", 5500),
        ("1e3", 1000),
        ("1000Gi", 1000 * 2**30),
        ("9E", 9 * 10**18),
        ("1.0", None),
        ("1000m", None),
        ("1.5Gi", None),
        ("100Ti", None),
        ("10E", None),
        ("1234567890123456789", None),
    ],
)
def test_a_quantity_is_whole_or_not(text: str, size: int | None):
    assert whole_bytes(text) == size


@pytest.mark.parametrize("text", ["50MB", "ten", "", "1 Mi"])
def test_what_is_no_quantity_is_refused(text: str):
    with pytest.raises(ValueError, match="no "):
        whole_bytes(text)
