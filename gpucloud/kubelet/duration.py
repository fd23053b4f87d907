"""Durations as Go's time.ParseDuration reads them (Go 1.26), in nanoseconds."""

import re
from functools import lru_cache

_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,  # U+00B5, the micro sign
    "μs": 10**3,  # U+03BC, the Greek letter: Go takes both
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_PART = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?(?P<unit>[^0-9.]+)", re.ASCII)
_LARGEST = 2**63 - 1
_LONGEST_TEXT = 200


@lru_cache(maxsize=4096)
def parse_duration(text: str) -> int:
    """Nanoseconds of a duration such as `1m30s` or `1.5h`; a plain `0` is one, `10` and `1d` are none.

    Raises ValueError with the reason where Go would refuse it.
    """
    rest = text[1:] if text[:1] in {"-", "+"} else text
    if rest == "0":
        return 0
    if not rest or len(text) > _LONGEST_TEXT:
        raise ValueError(f"{text[:40]!r} is no duration such as 10s or 1m30s")
    total, position = 0, 0
    while position < len(rest):
        found = _PART.match(rest, position)
        if found is None or not (found["whole"] or found["part"]):
            unit = "it has no unit" if rest[position:].replace(".", "").isdigit() else "it is not written like 1m30s"
            raise ValueError(f"{text[:40]!r} is no duration: {unit}")
        unit_size = _UNITS.get(found["unit"])
        if unit_size is None:
            raise ValueError(f"{text[:40]!r} is no duration: {found['unit']!r} is no unit (ns, us, ms, s, m, h)")
        whole, part = int(found["whole"] or 0), found["part"] or ""
        # Go computes the fraction in 64-bit floats and cuts it.
        total += whole * unit_size + (int(int(part) * (unit_size / 10 ** len(part))) if part else 0)
        position = found.end()
    negative = text.startswith("-")
    if total > _LARGEST + negative:
        raise ValueError(f"{text[:40]!r} is longer than any duration")
    return -total if negative else total


def write_duration(nanoseconds: int) -> str:
    """The duration in as few and whole units as there are: `1m30s`, `100ms`, `0s`."""
    if nanoseconds == 0:
        return "0s"
    sign, rest = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    parts: list[str] = []
    for unit in ("h", "m", "s", "ms", "us", "ns"):
        count, rest = divmod(rest, _UNITS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return sign + "".join(parts)
