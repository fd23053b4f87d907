"""Kubernetes quantities as exact numbers."""

import re
from fractions import Fraction

_QUANTITY = re.compile(
    r"^([+-]?[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E|u|n)?(?:[eE]([+-]?[0-9]+))?$"
)
_FACTOR: dict[str | None, Fraction] = {
    None: Fraction(1),
    "n": Fraction(1, 10**9),
    "u": Fraction(1, 10**6),
    "m": Fraction(1, 1000),
    "k": Fraction(10**3),
    **{unit: Fraction(10 ** (3 * power)) for power, unit in enumerate("MGTPE", start=2)},
    **{f"{unit}i": Fraction(2 ** (10 * power)) for power, unit in enumerate("KMGTPE", start=1)},
}


def quantity(text: str) -> Fraction | None:
    """The exact value of a quantity such as `10Mi`, `500m` or `1e3`; None where the text is none.

    The grammar is that of k8s.io/apimachinery resource.Quantity; suffix and exponent exclude each other.
    """
    found = _QUANTITY.match(text.strip())
    if found is None or (found[2] and found[3]):
        return None
    exponent = Fraction(10 ** abs(int(found[3] or 0)))
    value = Fraction(found[1]) * _FACTOR[found[2]]
    return value / exponent if (found[3] or "").startswith("-") else value * exponent
