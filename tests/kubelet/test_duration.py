"""Durations against what Go's time.ParseDuration was measured to say."""

import pytest

from gpucloud.kubelet.duration import parse_duration, write_duration

SECOND = 10**9
READ = {
    "0": 0,
    "-0": 0,
    "1m30s": 90 * SECOND,
    "-1.5h": -5400 * SECOND,
    ".5s": SECOND // 2,
    "1.s": SECOND,
    "1h1h": 7200 * SECOND,
    "1us": 1000,
    "1\u00b5s": 1000,
    "1\u03bcs": 1000,
    "0.3333333333333333333h": 1200 * SECOND,
    "9223372036854775807ns": 2**63 - 1,
    "-9223372036854775808ns": -(2**63),
    "2562047h47m16.854775807s": 2**63 - 1,
}
REFUSED = ["", "+", ".", "1", "00", "1d", ".s", "1 s", "1e3s", "1m30", "1S", "--5s", "1.1.1s", "s", "\u0661s"]
TOO_LONG = ["9223372036854775808ns", "-9223372036854775809ns", "3000000h", "2562047h47m16.854775808s"]


@pytest.mark.parametrize(("text", "nanoseconds"), READ.items())
def test_a_duration_has_its_nanoseconds(text: str, nanoseconds: int):
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize("text", [*REFUSED, *TOO_LONG, "1" * 100_000])
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(ValueError, match="duration") as refusal:
        parse_duration(text)
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize("text", ["0s", "1m30s", "100ms", "-5s", "1h1ns"])
def test_a_duration_is_written_as_it_is_read(text: str):
    assert write_duration(parse_duration(text)) == text
