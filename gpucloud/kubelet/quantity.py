"""Kubernetes quantities as exact numbers, parsed as k8s.io/apimachinery v0.36.3 pkg/api/resource does it.

That parser is laxer than its own documentation: a sign, a point or a suffix alone is zero.
"""

import re
from fractions import Fraction
from functools import lru_cache

_PARTS = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]*)(?P<point>\.[0-9]*)?(?P<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII
)
_EXPONENT = re.compile(r"[eE][+-]?[0-9]+", re.ASCII)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_NANO = 10**9
# Alone they are nothing: the parser takes any other suffix without digits for zero.
_NEED_DIGITS = frozenset({"Pi", "Ei"})
# The parser keeps a binary quantity at most this large; a decimal one has no bound.
_LARGEST_BINARY = 2**63 - 1
# Nothing has so many bytes, and a number of so many digits would take memory to match.
_MOST_DIGITS = 1000


@lru_cache(maxsize=4096)
def parse_quantity(text: str) -> Fraction:
    """The exact value of a quantity such as `10Mi`, `500m` or `1e3`, rounded away from zero to whole billionths.

    Raises ValueError with the reason where the text is none.
    """
    found = _PARTS.fullmatch(text)
    if not text or found is None or len(text) > _MOST_DIGITS:
        raise ValueError(f"{text[:40]!r} is no quantity such as 500m or 10Gi")
    suffix = found["suffix"]
    number = found["whole"] + (found["point"] or "")
    if suffix in _NEED_DIGITS and number in {"", "."}:
        raise ValueError(f"{text[:40]!r} has no digits")
    value = Fraction(f"0{number}0" if found["point"] else f"0{number}") if number else Fraction(0)
    if suffix in _BINARY:
        value = min(value * 2 ** _BINARY[suffix], Fraction(_LARGEST_BINARY))
    else:
        value *= _ten_to(_DECIMAL[suffix] if suffix in _DECIMAL else _exponent_of(suffix, text))
    if value.denominator > 1 and _NANO % value.denominator:
        value = Fraction(-(-value.numerator * _NANO // value.denominator), _NANO)
    return -value if found["sign"] == "-" else value


def write_bytes(size: int) -> str:
    """The shortest quantity of exactly so many bytes: `2664Mi`, or the plain number where no unit divides it."""
    for suffix, power in reversed(_BINARY.items()):
        if size and size % 2**power == 0:
            return f"{size >> power}{suffix}"
    return str(size)


def _exponent_of(suffix: str, text: str) -> int:
    if not _EXPONENT.fullmatch(suffix):
        raise ValueError(f"{text[:40]!r} has no suffix of a quantity (m, k, M, G, T, Ki, Mi, Gi, Ti)")
    exponent = int(suffix[1:])
    if abs(exponent) > _MOST_DIGITS:
        raise ValueError(f"{text[:40]!r} is beyond every machine")
    return exponent


def _ten_to(power: int) -> Fraction:
    return Fraction(10**power) if power >= 0 else Fraction(1, 10**-power)
