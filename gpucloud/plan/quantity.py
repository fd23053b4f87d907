"""Kubernetes quantities as exact numbers, None where a text is none."""

from fractions import Fraction

from gpucloud.kubelet.quantity import parse_quantity


def quantity(text: str) -> Fraction | None:
    """The exact value of a quantity such as `10Mi`, `500m` or `1e3`; None where the text is none."""
    try:
        return parse_quantity(text.strip())
    except ValueError:
        return None
