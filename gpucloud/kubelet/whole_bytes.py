"""Quantities that the kubelet takes as whole bytes, which are fewer than the whole ones: see `is_kept_as_int64`."""

from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.quantity_spelling import is_kept_as_int64


def whole_bytes(text: str) -> int | None:
    """The bytes, or None where the kubelet does not take the quantity as whole; ValueError where it is none at all.

    `1.0`, `1000m`, `1.5Gi` and `100Ti` are whole numbers that its parser does not see as such.
    """
    amount = parse_quantity(text)
    return amount.numerator if is_kept_as_int64(text) else None
