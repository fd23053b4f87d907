"""YAML as Kubernetes reads it: go.yaml.in/yaml v2 resolves plain words otherwise than PyYAML does.

`1e3` is a number, `1:30` and `2026-01-02` are text, `y` and `on` are true. Of several documents the first is read.
"""

import base64
import binascii
import math
import re
from fractions import Fraction
from typing import Any

import yaml

from gpucloud.kubelet.bounds import DEEPEST, MOST_VALUES, BeyondBoundsError

_INT = re.compile(r"[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[1-9][0-9_]*|0)", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII
)
_TRUE = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_FALSE = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_LEAST_INT, _MOST_INT = -(2**63), 2**64 - 1
# A scalar without a tag and without quotes; the reader resolves it, and nothing else.
_PLAIN = "plain"
_TEXT = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"
_OTHER_VERSION = re.compile(r"^%YAML[ \t]+(?!1\.1[ \t\r]*(?:#|$))", re.MULTILINE)
# From here on encoding/json writes a float with an exponent, which no whole number is read from.
_LARGEST_PLAIN = 1e21
_LONG_LINE = 100


class NotYamlError(ValueError):
    """Raised with a plain reason where a text is no YAML that would be read."""


class YamlDocument:
    """The first document of a text.

    Attributes:
        value: Mappings, lists, text, numbers, booleans and None.
        doubles: Keys that stand twice in one mapping, as paths, in the order of the file; the last one of each counts.
        more: Whether further documents follow.
    """

    def __init__(self, text: str) -> None:
        """Read it; NotYamlError where that cannot be done, BeyondBoundsError where it is not."""
        self.doubles: list[str] = []
        _check_depth(text)
        if text.startswith("%") and _OTHER_VERSION.search(text.partition("\n---")[0]):
            raise NotYamlError("its %YAML line asks for another version than 1.1")
        loader = _Loader(text)
        try:
            node = loader.get_node() if loader.check_node() else None
            # Of a text without a document nothing follows either.
            self.more = node is not None and loader.check_node()
            self._sizes: dict[int, int] = {}
            grown = 0 if node is None else self._size(node, ())
            if grown > MOST_VALUES:
                raise BeyondBoundsError(f"grows to more than {MOST_VALUES:,} values by its aliases (*name)")
            self.value: Any = None if node is None else self._build(node, "")
        except yaml.YAMLError as error:
            raise NotYamlError(_reason(error)) from None
        finally:
            loader.dispose()

    def _size(self, node: yaml.Node, above: tuple[int, ...]) -> int:
        """Nodes below a node with every alias written out, without writing them out."""
        known = self._sizes.get(id(node))
        if known is not None:
            return known
        if id(node) in above:
            raise NotYamlError("an alias (*name) stands inside of what it names, it has no end")
        children = (
            [child for pair in node.value for child in pair] if isinstance(node, yaml.MappingNode) else node.value
        )
        size = 1
        if not isinstance(node, yaml.ScalarNode):
            size += sum(self._size(child, (*above, id(node))) for child in children)
        self._sizes[id(node)] = size
        return size

    def _build(self, node: yaml.Node, path: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(child, f"{path}[{index}]") for index, child in enumerate(node.value)]
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag in {_PLAIN, _MERGE} and key_node.value == "<<":
                # What is merged in counts from where it stands, over the keys before it (against YAML's own rule).
                for merged in self._merged(value_node, path):
                    for key, value in merged.items():
                        self._put(found, key, value, path)
                continue
            key = _key(self._build(key_node, path))
            self._put(found, key, self._build(value_node, f"{path}.{key}" if path else key), path)
        return found

    def _put(self, found: dict[str, Any], key: str, value: Any, path: str) -> None:
        if key in found:
            self.doubles.append(f"{path}.{key}" if path else key)
            del found[key]
        found[key] = value

    def _merged(self, node: yaml.Node, path: str) -> list[dict[str, Any]]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(part, yaml.MappingNode) for part in parts):
            raise NotYamlError("<< takes a mapping, or a list of mappings")
        return [self._build(part, path) for part in reversed(parts)]


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Composes nodes with no tag guessed: plain scalars are resolved here."""

    def resolve(self, kind: type[yaml.Node], _: Any, implicit: Any) -> str:
        """The tag of a node that has none; PyYAML calls it by this name."""
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _TEXT
        return "tag:yaml.org,2002:map" if kind is yaml.MappingNode else "tag:yaml.org,2002:seq"


def _check_depth(text: str) -> None:
    """Composing is recursive in C, where depth ends the process and not the call, so it is counted before."""
    suspicious = text.count("[") + text.count("{") > DEEPEST or any(
        len(line) > _LONG_LINE and (line[:_LONG_LINE].isspace() or line.count("- ") + line.count("? ") > DEEPEST // 2)
        for line in text.splitlines()
    )
    if not suspicious:
        return
    depth = 0
    try:
        for event in yaml.parse(text, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise BeyondBoundsError(f"is nested more than {DEEPEST} levels deep")
    except yaml.YAMLError as error:
        raise NotYamlError(_reason(error)) from None


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    return plain_word(text) if node.tag == _PLAIN else _tagged(node.tag, text)


def plain_word(text: str) -> Any:
    """What a scalar without a tag and without quotes means; NotYamlError for a number that JSON cannot carry."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in "-+.0123456789":
        return _number(text)
    return text


def _tagged(tag: str, text: str) -> Any:
    """What a tag makes of a text; a tag that it does not fit is refused, one that is unknown means nothing."""
    name = tag.removeprefix("tag:yaml.org,2002:")
    if name == "binary":
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
        except binascii.Error:
            raise NotYamlError("a !!binary value is no base64") from None
    if name not in {"bool", "int", "float", "null"}:
        return text
    value = plain_word(text)
    kinds: dict[str, tuple[type, ...]] = {"bool": (bool,), "int": (int,), "float": (int, float), "null": (type(None),)}
    fits = isinstance(value, kinds[name]) and (name == "bool" or not isinstance(value, bool))
    if not fits or (name == "int" and any(sign in text for sign in ".eE") and not text.lower().startswith("0x")):
        raise NotYamlError(f"{text[:40]!r} is tagged !!{name} and is none")
    return value


def _number(text: str) -> Any:
    plain = text if text.startswith(".") else text.replace("_", "")
    if _INT.fullmatch(text):
        whole = _whole(plain)
        if whole is not None and _LEAST_INT <= whole <= _MOST_INT:
            return whole
        if not _DECIMAL.fullmatch(plain):
            return text
    if not _FLOAT.fullmatch(plain):
        return text
    if plain.lstrip("+-").lower() in {".inf", ".nan"}:
        raise NotYamlError(f"{text} is a number that JSON cannot carry, and the kubelet reads YAML through JSON")
    value = float(plain)
    if math.isinf(value):
        return text
    # encoding/json writes the shortest digits that mean the float, then zeros.
    return int(Fraction(repr(value))) if value.is_integer() and abs(value) < _LARGEST_PLAIN else value


def _whole(plain: str) -> int | None:
    """Go's base-0 integer, where a leading zero is octal; None where it is none, or endless."""
    try:
        return int(plain, 0)
    except ValueError:
        try:
            return int(plain, 8)
        except ValueError:
            return None


def _key(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise NotYamlError("a key is neither text nor a number")


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error).splitlines()[0]
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else str(problem)
