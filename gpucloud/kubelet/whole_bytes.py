"""Quantities that the kubelet takes as whole bytes of 64 bits, which are fewer than the whole ones.

Its parser keeps a short integer of a quantity only where the text is short and whole as it stands: `1.0`, `1000m`,
`1.5Gi` and `100Ti` are whole numbers that it does not see as such.
Source: k8s.io/apimachinery v0.36.3 pkg/api/resource/quantity.go (ParseQuantity, AsInt64) and amount.go.
"""

import re
from functools import lru_cache

from gpucloud.kubelet.quantity import parse_quantity

_PARTS = re.compile(r"([+-]?)0*([0-9]*)(?:\.([0-9]*))?(.*)", re.DOTALL)
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL = {"": 0, "n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_DIGITS = 18
_BINARY_DIGITS = 14
_LARGEST = 2**63 - 1


@lru_cache(maxsize=1024)
def whole_bytes(text: str) -> int | None:
    """The bytes, or None where the kubelet does not take the quantity as whole; ValueError where it is none at all."""
    parse_quantity(text)
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    sign, number, fraction, suffix = match[1], match[2] or "0", match[3] or "", match[4]
    if suffix in _BINARY:
        exponent = _BINARY[suffix]
        if fraction or len(number) + exponent * 3 // 10 > _BINARY_DIGITS:
            return None
        amount = int(number) << exponent
    else:
        scale = (_DECIMAL[suffix] if suffix in _DECIMAL else int(suffix[1:])) - len(fraction)
        if len(number) + len(fraction) > _DIGITS or scale < 0:
            return None
        digits = int(number + fraction)
        amount = digits * 10 ** min(scale, _DIGITS + 1)
    if amount > _LARGEST:
        return None
    return -amount if sign == "-" else amount
