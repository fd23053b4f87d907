"""The keys of KubeletConfiguration v1beta1."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from gpucloud.facts.tables import read_table

_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "true or false": (bool,),
    "a whole number": (int,),
    "a number": (int, float),
    "text": (str,),
    "a duration such as 10s": (str,),
    "a quantity such as 10Mi": (str, int),
    "a map of text": (dict,),
    "a map of true or false": (dict,),
    "a map of lists of text": (dict,),
    "a list of text": (list, tuple),
    "a list of whole numbers": (list, tuple),
    "a list of objects": (list, tuple),
    "an object": (dict,),
}
_ELEMENT_TYPES: Mapping[str, tuple[type, ...]] = {
    "a map of text": (str,),
    "a map of true or false": (bool,),
    "a map of lists of text": (list, tuple),
    "a list of text": (str,),
    "a list of whole numbers": (int,),
    "a list of objects": (dict,),
}


@dataclass(frozen=True, slots=True)
class KubeletField:
    """One key of KubeletConfiguration: its kind in words, its Go type, the module that declares it.

    `since` is the minor of Kubernetes that brought it, 31 also for what is older.
    """

    name: str
    kind: str
    go_type: str
    since: int
    source: str

    def takes(self, value: Any) -> bool:
        """Whether a value is of the field's kind; a whole number is not true or false, and a list's elements count."""
        if not _is_one_of(value, _PYTHON_TYPES[self.kind]):
            return False
        wanted = _ELEMENT_TYPES.get(self.kind)
        if wanted is None:
            return True
        elements = value.values() if isinstance(value, dict) else value
        return all(_is_one_of(element, wanted) for element in elements)


@dataclass(frozen=True, slots=True)
class NestedField:
    """A field of KubeletConfiguration at any depth: `memorySwap.swapBehavior`, `reservedMemory[].limits`.

    `kind` speaks the words of `KubeletField`, and of quantities, times and nanoseconds below the top level.
    """

    path: str
    kind: str
    go_type: str
    source: str


def _is_one_of(value: Any, types: tuple[type, ...]) -> bool:
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


@cache
def _fields() -> Mapping[str, KubeletField]:
    return {
        row["name"]: KubeletField(row["name"], row["kind"], row["go_type"], int(row["since"]), row["source"])
        for row in read_table("kubelet_fields")
    }


@cache
def _nested() -> Mapping[str, NestedField]:
    return {row["path"]: NestedField(**row) for row in read_table("kubelet_nested_fields")}


@cache
def _defaults() -> Mapping[str, Any]:
    return {row["field"]: json.loads(row["value"]) for row in read_table("kubelet_defaults")}


def kubelet_fields() -> tuple[KubeletField, ...]:
    """All keys, sorted by name."""
    return tuple(_fields().values())


def kubelet_field(name: str) -> KubeletField | None:
    """The key of that exact name, or None."""
    return _fields().get(name)


def nested_fields() -> tuple[NestedField, ...]:
    """All fields at every depth, sorted by path."""
    return tuple(_nested().values())


def nested_field(path: str) -> NestedField | None:
    """The field at that exact path, with `[]` for the elements of a list, or None."""
    return _nested().get(path)


def kubelet_defaults() -> Mapping[str, Any]:
    """What the kubelet takes for fields that its file leaves out, by name; a field without a default is not there.

    `evictionHard` is not there either: its default holds only where nothing is written, and its unwritten signals
    become zero otherwise.
    """
    return MappingProxyType(_defaults())
