"""Numbers as the kubelet reads percentages: text to the nearest 32-bit float, and no nearer.

The kubelet keeps eviction percentages in 32 bits (pkg/kubelet/eviction/helpers.go). A share of 2 TiB of memory is then
off by thousands of bytes from the exact product, and the Static memory manager compares bytes.
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_SPECIAL = re.compile(r"(?:nan|[+-]?inf(?:inity)?)", re.IGNORECASE)

_MANTISSA_BITS = 24
_SMALLEST_EXPONENT = -149
_LARGEST = Fraction(2**_MANTISSA_BITS - 1) * 2 ** (128 - _MANTISSA_BITS)
# More digits or larger powers than these change a 32-bit float only by which side of a tie the number is on.
_DIGITS_THAT_COUNT = 200
_POWERS_THAT_COUNT = 4000
_EXPONENT_THAT_COUNTS = 10_000


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How Go writes numbers in one base; a digit is worth `power ** step` of the digit after it."""

    number: re.Pattern[str]
    stray_underscore: re.Pattern[str]
    power: int
    step: int


_SPELLINGS = (
    _Spelling(
        re.compile(r"([+-]?)([0-9_]*)(?:\.([0-9_]*))?(?:[eE]([+-]?[0-9][0-9_]*))?"),
        re.compile(r"(?<![0-9])_|_(?![0-9])"),
        power=10,
        step=1,
    ),
    _Spelling(
        re.compile(r"([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9][0-9_]*)"),
        re.compile(r"(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F])"),
        power=2,
        step=4,
    ),
)


@lru_cache(maxsize=1024)
def parse_float32(text: str) -> float:
    """The 32-bit float nearest to a number in Go's spelling, ties to even; `nan` and `inf` are numbers, too.

    Raises ValueError where Go's strconv.ParseFloat(text, 32) has an error: other text, or a number beyond 32 bits.
    """
    if _SPECIAL.fullmatch(text):
        return float(text)
    for spelling in _SPELLINGS:
        if (found := spelling.number.fullmatch(text)) and not spelling.stray_underscore.search(text):
            sign, whole, part, exponent = (group or "" for group in found.groups())
            magnitude = _magnitude(spelling, whole.replace("_", ""), part.replace("_", ""), exponent.replace("_", ""))
            if magnitude is None:
                break
            if (nearest := _nearest(magnitude)) > _LARGEST:
                raise ValueError(f"{text[:40]!r} is too large a number")
            # Go keeps the sign of a zero.
            return math.copysign(float(nearest), -1.0 if sign == "-" else 1.0)
    raise ValueError(f"{text[:40]!r} is no number")


def divide_float32(value: float, divisor: int) -> float:
    """A 32-bit float divided by a small whole number, rounded to 32 bits as the kubelet's processor does."""
    if not math.isfinite(value) or value == 0:
        return value
    return math.copysign(float(_nearest(Fraction(abs(value)) / divisor)), value)


def _magnitude(spelling: _Spelling, whole: str, part: str, exponent: str) -> Fraction | None:
    """The number without its sign; None where there is no digit. Digits beyond those that count become one."""
    if not whole + part:
        return None
    digits = (whole + part).lstrip("0")
    kept, rest = digits[:_DIGITS_THAT_COUNT], digits[_DIGITS_THAT_COUNT:]
    if rest:
        kept, rest = kept + ("1" if rest.strip("0") else "0"), rest[1:]
    power = _bounded(exponent) + spelling.step * (len(rest) - len(part))
    power = max(-_POWERS_THAT_COUNT, min(_POWERS_THAT_COUNT, power))
    return int(kept or "0", spelling.power**spelling.step) * Fraction(spelling.power) ** power


def _bounded(exponent: str) -> int:
    """The exponent as Go reads it: once it has reached 10000, further digits are passed over."""
    size = 0
    for digit in exponent.lstrip("+-"):
        if size >= _EXPONENT_THAT_COUNTS:
            break
        size = size * 10 + int(digit)
    return -size if exponent.startswith("-") else size


def _nearest(exact: Fraction) -> Fraction:
    """The multiple of the last of 24 binary digits that is nearest to a number of zero or more."""
    if exact == 0:
        return exact
    exponent = exact.numerator.bit_length() - exact.denominator.bit_length() - _MANTISSA_BITS
    quantum = Fraction(2) ** max(exponent, _SMALLEST_EXPONENT)
    if exact / quantum >= 2**_MANTISSA_BITS:
        quantum *= 2
    return round(exact / quantum) * quantum
