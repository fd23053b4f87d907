"""Quantities against what resource.ParseQuantity of k8s.io/apimachinery v0.36.3 was measured to say."""

from fractions import Fraction

import pytest

from gpucloud.kubelet.quantity import parse_quantity, write_bytes

READ = {
    "0": Fraction(0),
    "10Mi": Fraction(10 * 2**20),
    "-1.5Gi": Fraction(-3 * 2**29),
    "500m": Fraction(1, 2),
    ".5": Fraction(1, 2),
    "1.": Fraction(1),
    "1e3": Fraction(1000),
    "5E-3": Fraction(1, 200),
    "12E": Fraction(12 * 10**18),
    "16Ei": Fraction(2**63 - 1),
    "-16Ei": Fraction(1 - 2**63),
    "1e30": Fraction(10**30),
    "0.0000000001": Fraction(1, 10**9),
    "-0.0000000001": Fraction(-1, 10**9),
    "0.1Ki": Fraction(1024, 10),
    "-": Fraction(0),
    "Mi": Fraction(0),
}
REFUSED = ["", "1 ", " 1", "1K", "1KI", "1MB", "5e+", "1mm", "1_0", "0x10", "Pi", "-.Ei", "\uff11", "1e3Mi", "one"]


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_a_quantity_has_its_exact_value(text: str, value: Fraction):
    assert parse_quantity(text) == value


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_quantity_is_refused(text: str):
    with pytest.raises(ValueError, match=r"quantity|suffix|digits"):
        parse_quantity(text)


@pytest.mark.parametrize("text", ["9" * 100_000, "1e999999999", "1e-999999999"])
def test_a_quantity_beyond_every_machine_is_refused_at_once(text: str):
    with pytest.raises(ValueError, match=r"quantity|machine") as refusal:
        parse_quantity(text)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0"), (1, "1"), (1024, "1Ki"), (2664 * 2**20, "2664Mi"), (2**60, "1Ei"), (1500, "1500")]
)
def test_bytes_are_written_shortest_and_read_back(size: int, text: str):
    assert write_bytes(size) == text
    assert parse_quantity(text) == size
