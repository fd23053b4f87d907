"""What the spelling of a quantity decides, beyond its amount: how the kubelet holds it, and how it writes it back.

Facts: ParseQuantity, AsInt64, MarshalJSON and CanonicalizeBytes of pkg/api/resource/{quantity.go,amount.go},
k8s.io/apimachinery v0.36.3.
"""

import re
from functools import lru_cache

from gpucloud.kubelet.quantity import parse_quantity

_PARTS = re.compile(r"[+-]?0*(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?(?P<suffix>.*)", re.DOTALL)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DECIMAL_SUFFIXES = {power: suffix for suffix, power in _DECIMAL.items()}
# Digits before a binary suffix that still fit a 64-bit number by the parser's estimate; Pi and Ei have none.
_BINARY_DIGITS = {"Ki": 11, "Mi": 8, "Gi": 5, "Ti": 2, "Pi": -1, "Ei": -1}
_BINARY_SUFFIXES = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_LONGEST_DECIMAL = 18
_FINEST_SCALE = -9
_KIBI = 1024
_LARGEST = 2**63 - 1


@lru_cache(maxsize=1024)
def is_kept_as_int64(text: str) -> bool:
    """Whether the kubelet holds a well-formed quantity as a 64-bit number, which the Static memory manager demands.

    It depends on the spelling: `512Mi` is, `0.5Gi` of the same size is not; `99Ti` is, `100Ti` is not.
    """
    found = _PARTS.fullmatch(text)
    if found is None:
        return False
    whole, part, suffix = found["whole"], found["part"] or "", found["suffix"]
    digits = (len(whole) or 1) + len(part)
    if suffix in _BINARY_DIGITS:
        return not part and digits <= _BINARY_DIGITS[suffix]
    scale = _power(suffix) - len(part)
    if scale < 0 or digits > _LONGEST_DECIMAL:
        return False
    number = int(whole + part or "0")
    fits: bool = number == 0 or (scale <= _LONGEST_DECIMAL and number * 10**scale <= _LARGEST)
    return fits


@lru_cache(maxsize=1024)
def canonical_quantity(text: str) -> str:
    """The text of the same amount that the kubelet writes; ValueError where it is no quantity.

    It does so to the main file's quantities before it merges drop-ins into it, and may hold them otherwise thereafter:
    `2664.5Mi` becomes `2728448Ki`. A text that the parser takes for canonical already is written as it was. A decimal
    amount beyond its largest suffix loses the suffix, and with it its size, as it does there.
    """
    value = parse_quantity(text)
    found = _PARTS.fullmatch(text)
    if value == 0 or found is None:
        return text if text == "0" else "0"
    suffix = found["suffix"]
    if _is_taken_for_canonical(found["whole"] or "0", found["part"] or "", suffix):
        return text
    sign, size = ("-" if value < 0 else ""), abs(value)
    if suffix in _BINARY_DIGITS and size >= _KIBI and size.denominator == 1:
        number, power = _without(size.numerator, _KIBI)
        return f"{sign}{number}{_BINARY_SUFFIXES[power]}"
    number, power = _without((size * 10**-_FINEST_SCALE).numerator, 10)
    power += _FINEST_SCALE
    number, power = number * 10 ** (power % 3), power - power % 3
    exponential = suffix not in _BINARY_DIGITS and suffix not in _DECIMAL
    written = (f"e{power}" if power else "") if exponential else _DECIMAL_SUFFIXES.get(power, "")
    return f"{sign}{number}{written}"


def _is_taken_for_canonical(whole: str, part: str, suffix: str) -> bool:
    digits = len(whole) + len(part)
    if suffix in _BINARY_DIGITS:
        return not part and digits <= _BINARY_DIGITS[suffix] and int(whole) % 8 != 0
    scale = _power(suffix) - len(part)
    shifted = whole + part
    return (
        digits <= _LONGEST_DECIMAL
        and scale >= _FINEST_SCALE
        and scale % 3 == 0
        and not shifted.endswith("000")
        and shifted[0] != "0"
    )


def _power(suffix: str) -> int:
    """The power of ten of a decimal suffix; the parser of quantities bounds how large one can be."""
    return _DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])


def _without(number: int, factor: int) -> tuple[int, int]:
    times = 0
    while number % factor == 0:
        number, times = number // factor, times + 1
    return number, times
