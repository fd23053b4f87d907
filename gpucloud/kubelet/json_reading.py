"""JSON as Kubernetes reads it: keys keep their case, the last of several equal ones counts."""

import json
from typing import Any

_DEEPEST = 100


class NotJsonError(ValueError):
    """Raised with a plain reason where a text is no JSON that would be read."""


def read_json(text: str) -> tuple[Any, tuple[str, ...]]:
    """The value, and the keys that stand twice in one object; NotJsonError with the reason where it is none."""
    doubles: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for key, value in found:
            if key in whole:
                doubles.append(key)
            whole[key] = value
        return whole

    def refuse(constant: str) -> None:
        raise NotJsonError(f"{constant} is no JSON")

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)
    except json.JSONDecodeError as error:
        raise NotJsonError(f"{error.msg.lower()} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise NotJsonError(f"it is nested more than {_DEEPEST} levels deep") from None
    except NotJsonError:
        raise
    except ValueError as error:  # a number with thousands of digits
        raise NotJsonError(str(error).partition(";")[0].lower()) from None
    return value, tuple(doubles)
