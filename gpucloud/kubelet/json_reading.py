"""JSON as Kubernetes reads it: keys keep their case, the last of several equal ones counts."""

import json
import re
from typing import Any

from gpucloud.kubelet.bounds import BeyondBoundsError
from gpucloud.kubelet.json_merging import decoded_over

_SURROGATE = re.compile("[\ud800-\udfff]")


class NotJsonError(ValueError):
    """Raised with a plain reason where a text is no JSON that would be read."""


def read_json(text: str) -> tuple[Any, tuple[str, ...]]:
    """The value, and the keys that stand twice in one object; NotJsonError or BeyondBoundsError."""
    doubles: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for key, value in found:
            if key in whole:
                doubles.append(key)
            whole[key] = decoded_over(whole[key], value) if key in whole else value
        return whole

    def refuse(constant: str) -> None:
        raise NotJsonError(f"{constant} is no JSON")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise BeyondBoundsError("is nested too deep") from None
    except NotJsonError:
        raise
    except ValueError as error:  # a number with thousands of digits
        raise NotJsonError(str(error).partition(";")[0].lower()) from None
    # Half of a surrogate pair, escaped, is U+FFFD to Go; Python would keep it and could not print it.
    return (_printable(value) if "\\ud" in text.lower() else value), tuple(doubles)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_printable(element) for element in value]
    if isinstance(value, dict):
        return {_printable(key): _printable(element) for key, element in value.items()}
    return value
