"""How a platform wants a node setting written: its kind, its limits, and a value in that form or the reason why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gpucloud.facts.structured_values import STRUCTURED

_SECONDS: Mapping[str, Fraction] = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_BYTES: Mapping[str, int] = {
    "": 1,
    **{suffix: 1000**power for power, suffix in enumerate(("k", "M", "G", "T"), start=1)},
    **{suffix: 1024**power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti"), start=1)},
}
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(|k|M|G|T|Ki|Mi|Gi|Ti)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_NUMBER = re.compile(r"-?\d+")
_ABOVE = ">"


@dataclass(frozen=True, slots=True)
class ValueForm:
    """How one setting's value is written.

    Attributes:
        kind: One of `KINDS`.
        minimum: The least value in the setting's own notation, `>` before it where that value itself is too small;
            empty where no source states one.
        maximum: The greatest value, empty where no source states one.
        values: The values that are taken; for a choice `ours=theirs`, for several numbers the range of each, such as
            `1024-60999` or `1-`. Empty: any within the limits.
    """

    kind: str
    minimum: str
    maximum: str
    values: tuple[str, ...]

    def write(self, value: Any) -> Any:
        """Return the value as the platform takes it; raise ValueError with the reason where it takes no such value."""
        if self.kind in STRUCTURED:
            return STRUCTURED[self.kind][0](value, self.values)
        if self.kind in _SIZES:
            return self._one_of(_WRITTEN[self.kind](value, self._limited(value)))
        return _FORMS[self.kind](self, value)

    def read(self, written: Any, field: str) -> Any:
        """Return the value of a KubeletConfiguration key from what `write` gave for it, equal in meaning."""
        match self.kind:
            case kind if kind in STRUCTURED:
                return STRUCTURED[kind][1](written, field)
            case "number-text":
                return int(written)
            case "seconds":
                return f"{written}s"
            case "mebibytes":
                return f"{written}Mi"
            case "choice" | "switch":
                theirs = str(written).lower() if isinstance(written, bool) else str(written)
                ours = next(pair.split("=", 1)[0] for pair in self.values if pair.split("=", 1)[1] == theirs)
                return int(ours) if _NUMBER.fullmatch(ours) else ours
            case _:
                return list(written) if isinstance(written, tuple) else written

    def in_words(self) -> str:
        """Return what is taken, for people: `10 to 85`, `none, static`; empty where no limit is known."""
        if self.kind == "choice":
            return ", ".join(pair.split("=", 1)[0] for pair in self.values)
        if self.values:
            return ", ".join(self.values)
        least = f"above {self.minimum.removeprefix(_ABOVE)}" if self.minimum.startswith(_ABOVE) else self.minimum
        if least and self.maximum:
            return f"{least} to {self.maximum}"
        return f"at most {self.maximum}" if self.maximum else f"at least {least}" if least else ""

    def same(self, value: Any) -> str:
        """Return text that stays as it is."""
        if not isinstance(value, str):
            raise _refused("text", value)
        return str(self._one_of(value))

    def choice(self, value: Any) -> str:
        """Return the platform's word for one of ours."""
        pairs = dict(pair.split("=", 1) for pair in self.values)
        if isinstance(value, bool) or str(value) not in pairs:
            raise _refused(_listed(tuple(pairs)), value)
        return pairs[str(value)]

    def patterns(self, value: Any) -> list[str]:
        """Return a list of sysctls or patterns of sysctls, each inside a group that is allowed."""
        if not isinstance(value, list | tuple):
            raise _refused("a list of text", value)
        for item in value:
            if not isinstance(item, str) or not any(_is_inside(item, group) for group in self.values):
                raise _refused(f"sysctls of {_listed(self.values, 'and')}", item)
        return list(value)

    def numbers(self, value: Any) -> str:
        """Return several whole numbers as one text, each inside its range."""
        numbers = value.split() if isinstance(value, str) else []
        if len(numbers) != len(self.values) or not all(map(_is_in_range, numbers, self.values)):
            raise _refused(f"whole numbers of {_listed(self.values, 'and')}, spaces between them", value)
        return " ".join(numbers)

    def _one_of(self, written: Any) -> Any:
        if self.values and str(written) not in self.values:
            raise _refused(_listed(self.values), written)
        return written

    def _limited(self, value: Any) -> Fraction:
        size = _SIZES[self.kind](value)
        least, above = self.minimum.removeprefix(_ABOVE), self.minimum.startswith(_ABOVE)
        if least and (size < self._size(least) or (above and size == self._size(least))):
            raise ValueError(f"must be {'above' if above else 'at least'} {least}, not {value}")
        if self.maximum and size > self._size(self.maximum):
            raise ValueError(f"must be at most {self.maximum}, not {value}")
        return size

    def _size(self, limit: str) -> Fraction:
        return Fraction(limit) if self.kind in _PLAIN_NUMBERS else _SIZES[self.kind](limit)


def duration_seconds(value: Any) -> Fraction:
    """Return the seconds in a Go duration such as `1m30s`; raise ValueError for anything else."""
    text = value if isinstance(value, str) else ""
    parts = _DURATION_PART.findall(text)
    if text == "0":
        return Fraction(0)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise _refused("a duration such as 30s", value)
    return sum((Fraction(number) * _SECONDS[unit] for number, unit in parts), Fraction(0))


def quantity_bytes(value: Any) -> Fraction:
    """Return the bytes in a quantity such as `100Mi`; raise ValueError for anything else."""
    found = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _refused("a quantity such as 100Mi", value)
    return Fraction(found[1]) * _BYTES[found[2]]


def percent_of(value: Any) -> Fraction:
    """Return the number in a percentage such as `10%`; raise ValueError for anything else."""
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _refused("a percentage such as 10%", value)
    return Fraction(found[1])


def _truth(_: ValueForm, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refused("true or false", value)
    return value


def _plain_text(_: ValueForm, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _refused("text or a whole number", value)
    return str(value)


def _whole(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused("a whole number", value)
    return Fraction(value)


def _number(value: Any) -> Fraction:
    return Fraction(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else _whole(value)


def _exactly(value: Any, size: Fraction, unit: str) -> int:
    if size.denominator != 1:
        raise _refused(f"whole {unit}", value)
    return int(size)


def _is_inside(pattern: str, group: str) -> bool:
    return pattern == group or (group.endswith("*") and pattern.startswith(group[:-1]))


def _is_in_range(number: str, limits: str) -> bool:
    least, greatest = limits.split("-")
    return number.isdecimal() and int(least) <= int(number) and (not greatest or int(number) <= int(greatest))


def _refused(wanted: str, value: Any) -> ValueError:
    return ValueError(f"takes {wanted}, not {value}")


def _listed(words: tuple[str, ...], joint: str = "or") -> str:
    return f"{', '.join(words[:-1])} {joint} {words[-1]}" if len(words) > 1 else words[0]


_SIZES: Mapping[str, Callable[[Any], Fraction]] = {
    "int": _whole,
    "number": _number,
    "number-text": _number,
    "seconds": duration_seconds,
    "duration": duration_seconds,
    "mebibytes": quantity_bytes,
    "quantity": quantity_bytes,
    "percent": percent_of,
}
_WRITTEN: Mapping[str, Callable[[Any, Fraction], Any]] = {
    "int": lambda _, size: int(size),
    "number": lambda _, size: int(size),
    "number-text": lambda _, size: str(int(size)),
    "seconds": lambda value, size: _exactly(value, size, "seconds"),
    "duration": lambda value, _: value,
    "mebibytes": lambda value, size: _exactly(value, size / 1024**2, "MiB"),
    "quantity": lambda value, _: value,
    "percent": lambda value, _: value,
}
_FORMS: Mapping[str, Callable[[ValueForm, Any], Any]] = {
    "same": ValueForm.same,
    "choice": ValueForm.choice,
    "switch": lambda form, value: form.choice(value) == "true",
    "bool": _truth,
    "numbers-text": ValueForm.numbers,
    "text": _plain_text,
    "sysctl-patterns": ValueForm.patterns,
}
_PLAIN_NUMBERS = frozenset({"int", "number", "number-text"})
MAP = "map"
KINDS = frozenset({*_SIZES, *_FORMS, *STRUCTURED, MAP})
"""Every kind of value; a map has no form of its own: each of its keys has one."""
