"""Eviction thresholds: what can be read, and what they take from a capacity."""

import math
import struct
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from gpucloud.kubelet.eviction import (
    DEFAULT_EVICTION_HARD,
    hard_evictions,
    parse_reclaim,
    parse_threshold,
)
from gpucloud.kubelet.float32 import divide_float32, parse_float32
from tests.kubelet.configurations import of

TWO_TEBIBYTES = 2**41


def _float32(number: float) -> float:
    return struct.unpack("f", struct.pack("f", number))[0]


def test_amounts_are_what_is_written():
    assert parse_threshold("100Mi").of(1) == 100 * 2**20
    assert parse_threshold("0.1").of(1) == Fraction(1, 10)


@pytest.mark.parametrize(
    ("text", "amount"), [("5%", 109951164416), ("1%", 21990232064), ("10%", 219902328832), ("15%", 329853501440)]
)
def test_percentages_are_32_bit_floats(text, amount):
    assert parse_threshold(text).of(TWO_TEBIBYTES) == amount


def test_only_two_spellings_disable_a_threshold():
    assert parse_threshold("0%") is None
    assert parse_threshold("100%") is None
    assert parse_threshold("0.0%").of(TWO_TEBIBYTES) == 0
    assert parse_threshold("100.0%").of(TWO_TEBIBYTES) == TWO_TEBIBYTES


@pytest.mark.parametrize("text", ["0", "-1", "-1%", "101%", "%", "1 %", "five%", "inf%", "1e99%", "", "1Gb"])
def test_what_is_no_threshold(text):
    with pytest.raises(ValueError, match=r"."):
        parse_threshold(text)


def test_what_is_odd_but_taken():
    assert parse_threshold("5%%") == parse_threshold("5%")
    assert parse_threshold("+0x1p2%").share == _float32(0.04)
    assert parse_threshold("1_0%") == parse_threshold("10%")
    assert parse_threshold("100.000001%").share == 1
    assert math.isnan(parse_threshold("NaN%").share)
    assert parse_threshold("NaN%").of(TWO_TEBIBYTES) == -(2**63)


def test_what_can_be_reclaimed():
    assert parse_reclaim("0").amount == 0
    assert parse_reclaim("200%").share == 2
    for text in ("0%", "-1%", "-1", "x"):
        with pytest.raises(ValueError, match=r"."):
            parse_reclaim(text)


def test_defaults_hold_only_while_nothing_is_written():
    assert hard_evictions(of()) == DEFAULT_EVICTION_HARD
    assert hard_evictions(of(evictionHard={})) == {}
    assert hard_evictions(of(evictionHard={"memory.available": "1Gi"})) == {"memory.available": "1Gi"}
    merged = hard_evictions(of(evictionHard={"memory.available": "1Gi"}, mergeDefaultEvictionSettings=True))
    assert merged == {**DEFAULT_EVICTION_HARD, "memory.available": "1Gi"}


@given(st.decimals(0, 1000, allow_nan=False, allow_infinity=False, places=6))
def test_short_numbers_are_those_of_the_processor(number):
    text = f"{number:f}"
    assert parse_float32(text) == _float32(float(text))
    assert divide_float32(parse_float32(text), 100) == _float32(parse_float32(text) / 100)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_every_32_bit_float_is_read_back(number):
    assert parse_float32(repr(number)) == number
    # Digits beyond those that a double holds decide on which side of a tie a number is.
    assert parse_float32(f"{number:.200e}") == number


def test_numbers_that_only_a_second_rounding_would_spoil():
    # Just above the middle between two 32-bit floats: a double in between would round to the tie, and then to even.
    assert parse_float32("1.00000005960464477539062500000000001") == 1 + 2**-23
    assert parse_float32("1.000000059604644775390625") == 1


@pytest.mark.parametrize("text", ["", ".", "_1", "1_", "1__0", "1e", "0x1", "1e_5", "0x_p1", "-nan", "1e39"])
def test_what_is_no_number(text):
    with pytest.raises(ValueError, match="number"):
        parse_float32(text)


def test_long_numbers_take_no_time():
    assert parse_float32("0." + "1" * 200_000) == _float32(1 / 9)
    assert parse_float32("1e-999999999999") == 0
    assert parse_float32("5" + "0" * 9_000 + "e-9000") == 5
    with pytest.raises(ValueError, match="too large"):
        parse_float32("5" + "0" * 100_000 + "e-100000")
