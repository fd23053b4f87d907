"""What a plain value is to the decoder, and how a message shows it."""

import datetime as dt
import math
import re
from typing import Any

from gpucloud.kubelet.quantity import parse_quantity

_LONGEST_SHOWN = 60
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def shown(value: Any) -> str:
    """A value as a message shows it: short, and in YAML's words."""
    text = {True: "true", False: "false", None: "null"}.get(value) if isinstance(value, bool | None) else repr(value)
    return text if text is not None and len(text) <= _LONGEST_SHOWN else f"{str(text)[:_LONGEST_SHOWN]}…"


def is_int32(value: Any) -> bool:
    """Whether it fits Go's int32."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**31) <= value < 2**31


def is_list_of_text(value: Any) -> bool:
    """Whether it is a list of text."""
    return isinstance(value, list | tuple) and all(element is None or isinstance(element, str) for element in value)


def is_quantity(value: Any) -> bool:
    """A quantity below the top level may be a number, too: the decoder reads its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    try:
        parse_quantity(value.strip() if isinstance(value, str) else str(value))
    except ValueError:
        return False
    return True


def is_time(value: Any) -> bool:
    """Whether it is a time of RFC 3339."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return False
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_text(value: Any) -> bool:
    """Whether it is text."""
    return isinstance(value, str)


def is_switch(value: Any) -> bool:
    """Whether it is true or false."""
    return isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Whether it is a number that Go's float64 holds."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
