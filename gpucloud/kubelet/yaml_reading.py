"""YAML as Kubernetes reads it: go.yaml.in/yaml v2 resolves plain words otherwise than PyYAML does.

`1e3` is a number, `1:30` and `2026-01-02` are text, `y` and `on` are true. Of several documents the first is read.
"""

import math
import re
from typing import Any

import yaml

_INT = re.compile(r"[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|[1-9][0-9_]*|0)", re.ASCII)
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII
)
_TRUE = frozenset({"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
_FALSE = frozenset({"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
# From here on encoding/json writes a float with an exponent, which no whole number is read from.
_LARGEST_PLAIN = 1e21
# The kubelet's reader gives up on documents that grow to some millions of values by their aliases (go.yaml.in/yaml v2
# decode.go); nothing of a fraction of that is a configuration.
MOST_VALUES = 100_000
_DEEPEST = 100
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
        """Read it; NotYamlError with the reason where that cannot be done within bounds."""
        self.doubles: list[str] = []
        _check_depth(text)
        loader = _Loader(text)
        try:
            node = loader.get_node() if loader.check_node() else None
            # Of a text without a document nothing follows either.
            self.more = node is not None and loader.check_node()
            self._sizes: dict[int, int] = {}
            self.grown_to = 0 if node is None else self._size(node, ())
            self.value: Any = None if node is None or self.grown_to > MOST_VALUES else self._build(node, "")
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
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:str" and key_node.value == "<<" and not key_node.style:
                merged |= self._merged(value_node, path)
                continue
            key = _key(self._build(key_node, path))
            at = f"{path}.{key}" if path else key
            if key in found:
                self.doubles.append(at)
                del found[key]
            found[key] = self._build(value_node, at)
        return {**{key: value for key, value in merged.items() if key not in found}, **found}

    def _merged(self, node: yaml.Node, path: str) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(part, yaml.MappingNode) for part in parts):
            raise NotYamlError("<< takes a mapping, or a list of mappings")
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            merged |= self._build(part, path)
        return merged


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Composes nodes with no tag guessed: plain scalars are resolved here."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # the name that PyYAML looks for


def _check_depth(text: str) -> None:
    """Composing is recursive in C, where depth ends the process and not the call, so it is counted before."""
    suspicious = text.count("[") + text.count("{") > _DEEPEST or any(
        len(line) > _LONG_LINE and (line[:_LONG_LINE].isspace() or line.count("- ") + line.count("? ") > _DEEPEST // 2)
        for line in text.splitlines()
    )
    if not suspicious:
        return
    depth = 0
    try:
        for event in yaml.parse(text, _Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                raise NotYamlError(f"it is nested more than {_DEEPEST} levels deep")
    except yaml.YAMLError as error:
        raise NotYamlError(_reason(error)) from None


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style or node.tag not in {"tag:yaml.org,2002:str", "!"}:
        return _tagged(node, text)
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in "-+.0123456789":
        return _number(text)
    return text


def _tagged(node: yaml.ScalarNode, text: str) -> Any:
    match node.tag.rpartition(":")[2]:
        case "int" | "float":
            number = _number(text)
            if isinstance(number, str):
                raise NotYamlError(f"{text!r} is no number")
            return number
        case "bool":
            return text in _TRUE
        case "null":
            return None
        case _:
            return text


def _number(text: str) -> Any:
    if _INT.fullmatch(text):
        plain = text.replace("_", "")
        try:
            return int(plain, 0)
        except ValueError:
            # Go's base-0 parser takes a leading zero for octal, as YAML 1.1 does.
            return int(plain, 8) if all(digit in "+-01234567" for digit in plain) else text
    if not _FLOAT.fullmatch(text):
        return text
    if text.lstrip("+-").lower() in {".inf", ".nan"}:
        raise NotYamlError(f"{text} is a number that JSON cannot carry, and the kubelet reads YAML through JSON")
    value = float(text)
    if math.isinf(value):
        return text
    return int(value) if value.is_integer() and abs(value) < _LARGEST_PLAIN else value


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
