"""The description of a machine, as a file or a comment has it, and the machine that it means."""

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity import parse_quantity

_COUNTS = {"sockets": "sockets", "numa": "numa", "cores": "cores", "threads": "threads", "cpulessNuma": "cpuless_numa"}
_SIZES = {"memory": "memory", "ephemeralStorage": "ephemeral_storage"}
_WORDS: Mapping[str, tuple[Any, ...]] = {"cgroup": ("v1", "v2"), "swap": (True, False)}
_KEYS = (*_COUNTS, *_SIZES, *_WORDS)
_COMMENT = re.compile(r"\s*#\s*machine:\s*(?P<description>\{.*\})\s*")
_MOST = 1_000_000
_LARGEST = 2**63 - 1


def machine_of(description: Mapping[str, Any]) -> NodeMachine:
    """The machine of `{"sockets": 2, "numa": 2, "cores": 96, "threads": 2, "memory": "2Ti", ...}`.

    What is left out is as in `NodeMachine`. Raises ValueError with every problem.
    """
    problems: list[str] = []
    found: dict[str, Any] = {}
    for key, value in description.items():
        try:
            name, read = _entry(str(key), value)
        except ValueError as problem:
            problems.append(str(problem))
        else:
            found[name] = read
    cores = found.get("cores", NodeMachine.cores)
    problems += [
        f"{key} is more than the {cores} cores; cores are counted in all"
        for key in ("numa", "sockets")
        if not problems and found.get(key, getattr(NodeMachine, key)) > cores
    ]
    if problems:
        raise ValueError("; ".join(problems))
    return NodeMachine(**found)


def _entry(key: str, value: Any) -> tuple[str, Any]:
    """The attribute of `NodeMachine` that a key stands for, and its value."""
    if key in _COUNTS:
        least = 0 if key == "cpulessNuma" else 1
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
            raise ValueError(f"{key} is a whole number from {least} on, not {value!r}")
        return _COUNTS[key], value
    if key in _SIZES:
        size = _bytes(value)
        if size is None:
            raise ValueError(f"{key} is a size such as 2Ti, not {value!r}")
        return _SIZES[key], size
    if key in _WORDS:
        if value not in _WORDS[key] or isinstance(value, bool) != isinstance(_WORDS[key][0], bool):
            raise ValueError(f"{key} is {' or '.join(map(_shown, _WORDS[key]))}, not {value!r}")
        return key, value
    near = nearest_names(key, _KEYS)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(_KEYS)}"
    raise ValueError(f"no key is called {key}; {hint}")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def machine_in_comment(text: str) -> NodeMachine | None:
    """The machine of a first line `# machine: {...}`, None without such a line; ValueError where it is none."""
    found = _COMMENT.fullmatch(text.partition("\n")[0])
    if found is None:
        return None
    try:
        description = json.loads(found["description"])
    except (ValueError, RecursionError):
        raise ValueError("the description is no JSON object") from None
    return machine_of(description)


def _bytes(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        size = Fraction(value) if isinstance(value, int) else parse_quantity(value)
    except ValueError:
        return None
    return size.numerator if size.denominator == 1 and 0 < size <= _LARGEST else None
