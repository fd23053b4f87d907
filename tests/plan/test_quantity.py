"""Quantities as k8s.io/apimachinery reads them."""

from fractions import Fraction

import pytest

from gpucloud.plan.quantity import quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("1", 1),
        ("+5", 5),
        ("-1", -1),
        ("1.5", Fraction(3, 2)),
        (".5", Fraction(1, 2)),
        ("1.", 1),
        ("100m", Fraction(1, 10)),
        ("1k", 1000),
        ("1M", 10**6),
        ("1G", 10**9),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1E", 10**18),
        ("1Ki", 2**10),
        ("1Mi", 2**20),
        ("1.5Gi", 3 * 2**29),
        ("1Ti", 2**40),
        ("1Pi", 2**50),
        ("1Ei", 2**60),
        ("7n", Fraction(7, 10**9)),
        ("7u", Fraction(7, 10**6)),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1.5e-1", Fraction(3, 20)),
        ("12e+2", 1200),
    ],
)
def test_quantities(text, value):
    assert quantity(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 Gi", "1K", "1mi", "1KiB", "one", "5%", "1e", "1Kie3", "1.5.1", "--1", "0x10", "1_0", "\u0661"],
)
def test_what_is_no_quantity(text):
    assert quantity(text) is None


def test_a_sum_is_exact():
    parts = ("0.1", "200m", "0.7")
    assert sum(value for part in parts if (value := quantity(part)) is not None) == 1
