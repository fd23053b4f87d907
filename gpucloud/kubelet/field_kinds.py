"""What the decoder takes for a field of each kind, nested ones too."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from gpucloud.facts.kubelet_fields import NestedField, nested_field, nested_fields
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.plain_values import (
    is_int32,
    is_list_of_text,
    is_number,
    is_quantity,
    is_switch,
    is_text,
    is_time,
    shown,
)
from gpucloud.kubelet.rule import Finding

Reader = Callable[[Any, str, list[Finding]], Any]
"""Takes a value, its path and a list for findings; gives the value as the kubelet has it."""

_NO_START = "the kubelet would not start"
_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "VerbosityLevel": (0, 2**32 - 1),
}


def reader_of(path: str) -> Reader:
    """The reader of the field at a path; KeyError for a path that the type does not have."""
    field = nested_field(path)
    if field is None:
        raise KeyError(path)
    return _reader(field)


@cache
def _reader(field: NestedField) -> Reader:
    make = _MAKERS.get(field.kind)
    if make is None:
        raise ValueError(f"{field.path} is of a kind without a reader: {field.kind}")
    return make(field)


def _wrong(path: str, value: Any, wanted: str, findings: list[Finding]) -> None:
    findings.append(
        Finding(
            "value-is-of-its-kind", path, f"{shown(value)} is not {wanted}, {_NO_START}", f"write {wanted}", "kubelet"
        )
    )


def _plain(takes: Callable[[Any], bool], wanted: str) -> Reader:
    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is not None and not takes(value):
            _wrong(path, value, wanted, findings)
        return value

    return read


def _whole_number(field: NestedField) -> Reader:
    least, most = _RANGES[field.go_type.removeprefix("*").rpartition(".")[2]]
    wanted = f"a whole number from {least} to {most}"

    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            _wrong(path, value, "a whole number", findings)
        elif not least <= value <= most:
            _wrong(path, value, wanted, findings)
        return value

    return read


def _parsed(field: NestedField, parse: Callable[[str], Any], *, nullable: bool) -> Reader:
    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is None and nullable:
            return None
        if not isinstance(value, str):
            _wrong(path, value, field.kind, findings)
            return value
        try:
            parse(value)
        except ValueError as reason:
            findings.append(
                Finding("value-is-of-its-kind", path, f"{reason}, {_NO_START}", f"write {field.kind}", "kubelet")
            )
        return value

    return read


def _quantity(field: NestedField) -> Reader:
    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is not None and not is_quantity(value):
            _wrong(path, value, field.kind, findings)
        return value

    return read


def _duration_or_nanoseconds(field: NestedField) -> Reader:
    as_text = _parsed(field, parse_duration, nullable=True)
    least, most = _RANGES["int64"]

    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return as_text(value, path, findings)
        if not least <= value <= most:
            _wrong(path, value, f"nanoseconds from {least} to {most}", findings)
        return value

    return read


def _list_of(takes: Callable[[Any], bool], wanted: str, empty: Any) -> Reader:
    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            _wrong(path, value, f"a list of {wanted}", findings)
            return value
        for index, element in enumerate(value):
            if element is not None and not takes(element):
                _wrong(f"{path}[{index}]", element, wanted, findings)
        return [empty if element is None else element for element in value]

    return read


def _map_of(takes: Callable[[Any], bool], wanted: str, empty: Any) -> Reader:
    def read(value: Any, path: str, findings: list[Finding]) -> Any:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            _wrong(path, value, "a mapping", findings)
            return value
        for key, element in value.items():
            if element is not None and not takes(element):
                _wrong(f"{path}[{key}]", element, wanted, findings)
        return {str(key): empty if element is None else element for key, element in value.items()}

    return read


def _object(path: str) -> Reader:
    members = _members(f"{path}.")

    def read(value: Any, at: str, findings: list[Finding]) -> Any:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            _wrong(at, value, "a mapping", findings)
            return value
        found: dict[str, Any] = {}
        for key, element in value.items():
            member = members.get(str(key))
            if member is None:
                near = nearest_names(str(key), members)
                hint = f"did you mean {' or '.join(near)}?" if near else f"use {', '.join(sorted(members))}"
                text = "the kubelet knows no such field there and starts without it"
                findings.append(Finding("field-is-known", f"{at}.{key}", text, hint, "ignored"))
                continue
            read_value = member(element, f"{at}.{key}", findings)
            if element is not None:
                found[str(key)] = read_value
        return found

    return read


def _list_of_objects(path: str) -> Reader:
    element_of = _object(f"{path}[]")

    def read(value: Any, at: str, findings: list[Finding]) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            _wrong(at, value, "a list of mappings", findings)
            return value
        return [
            element_of({} if element is None else element, f"{at}[{index}]", findings)
            for index, element in enumerate(value)
        ]

    return read


def _members(prefix: str) -> dict[str, Reader]:
    depth = prefix.count(".")
    return {
        field.path.removeprefix(prefix): _reader(field)
        for field in nested_fields()
        if field.path.startswith(prefix) and field.path.count(".") == depth
    }


_MAKERS: Mapping[str, Callable[[NestedField], Reader]] = {
    "true or false": lambda field: _plain(is_switch, field.kind),
    "text": lambda field: _plain(is_text, field.kind),
    "a number": lambda field: _plain(is_number, field.kind),
    "a whole number": _whole_number,
    "a duration such as 10s": lambda field: _parsed(field, parse_duration, nullable=field.go_type.startswith("*")),
    "a quantity such as 10Mi": _quantity,
    "a duration or nanoseconds": _duration_or_nanoseconds,
    "a time": lambda _: _plain(is_time, "a time such as 2026-01-02T15:04:05Z"),
    "a list of text": lambda _: _list_of(is_text, "text", ""),
    "a list of whole numbers": lambda _: _list_of(is_int32, "a whole number", 0),
    "a map of text": lambda _: _map_of(is_text, "text, in quotes where it looks like a number", ""),
    "a map of true or false": lambda _: _map_of(is_switch, "true or false", empty=False),
    "a map of lists of text": lambda _: _map_of(is_list_of_text, "a list of text", ()),
    "a map of quantities": lambda _: _map_of(is_quantity, "a quantity such as 10Mi", "0"),
    "an object": lambda field: _object(field.path),
    "a list of objects": lambda field: _list_of_objects(field.path),
}
