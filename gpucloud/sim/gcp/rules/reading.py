"""Reading inputs by path, passing over what is unknown."""

from collections.abc import Iterator
from typing import Any

from gpucloud.sim.values import Inputs, Json, Unknown


def at(inputs: Json, path: str) -> Any:
    """Return what stands at a path of members, or None where nothing does or it is unknown."""
    value = inputs
    for name in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return None if isinstance(value, Unknown) else value


def number(inputs: Json, path: str) -> int | None:
    """Return the whole number at a path, or None."""
    value = at(inputs, path)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(inputs: Json, path: str) -> str:
    """Return the text at a path, or nothing."""
    value = at(inputs, path)
    return value if isinstance(value, str) else ""


def items(inputs: Json, path: str) -> list[Any]:
    """Return the known items of the list at a path."""
    value = at(inputs, path)
    return [item for item in value if not isinstance(item, Unknown)] if isinstance(value, list) else []


def every(path: str, value: Json, where: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Yield place, value and the object around it of everything at a path; lists on the way are gone through."""
    head, _, rest = path.partition(".")
    if not isinstance(value, dict) or value.get(head) is None or isinstance(value[head], Unknown):
        if isinstance(value, dict) and not rest:
            yield _join(where, head), None, value
        return
    found, place = value[head], _join(where, head)
    if not rest:
        yield place, found, value
    elif isinstance(found, list):
        for index, item in enumerate(found):
            yield from every(rest, item, f"{place}[{index}]")
    else:
        yield from every(rest, found, place)


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def is_unknown(inputs: Inputs, path: str) -> bool:
    """Return whether what stands at a path, or on the way to it, is unknown."""
    value: Json = inputs
    for name in path.split("."):
        if isinstance(value, Unknown):
            return True
        if not isinstance(value, dict):
            return False
        value = value.get(name)
    return isinstance(value, Unknown)
