"""Lists of CPUs as k8s.io/utils cpuset reads them."""

import re
from functools import lru_cache

# Go's strconv.Atoi; nothing has so many CPUs that more digits would matter.
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
# A range is walked one CPU at a time; no kernel has more than these.
_MOST = 1_000_000


@lru_cache(maxsize=1024)
def parse_cpuset(text: str) -> frozenset[int]:
    """The CPUs of a list such as `0-3,96-99`; an empty text is none.

    Raises ValueError with the reason where the kubelet could not read it.
    """
    found: set[int] = set()
    if not text:
        return frozenset()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        bounds = (first, last) if dash else (first, first)
        if not all(_NUMBER.fullmatch(bound) for bound in bounds):
            raise ValueError(f"{part[:40]!r} is neither a CPU nor a range such as 0-3")
        low, high = (int(bound) for bound in bounds)
        if low > high:
            raise ValueError(f"{part!r} runs backwards")
        if high - low > _MOST:
            raise ValueError(f"{part!r} is wider than any machine")
        found.update(range(low, high + 1))
    return frozenset(found)
