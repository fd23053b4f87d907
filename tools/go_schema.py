"""Resource schemas of a Terraform provider, read from its Go source: what forces a new resource, what is checked.

Reads the literals `map[string]*schema.Schema{…}` of terraform-plugin-sdk, the functions and variables that they name,
and nothing else of the language.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PAIRS = {"{": "}", "(": ")", "[": "]"}
_KEY = re.compile(r'\s*(?:"([^"]+)"|(\w+))\s*:\s*')
_MAP = "map[string]*schema.Schema{"


@dataclass(slots=True)
class Attribute:
    """One attribute: its fields as Go text, and the attributes inside it."""

    name: str
    fields: dict[str, str]
    inner: "dict[str, Attribute]" = field(default_factory=dict)


def _skip(text: str, at: int) -> int:
    """Return the position after the string, comment or character at `at`."""
    for opening, closing, escaped in (('"', '"', True), ("`", "`", False), ("'", "'", True)):
        if text[at] == opening:
            end = at + 1
            while text[end] != closing:
                end += 2 if escaped and text[end] == "\\" else 1
            return end + 1
    if text.startswith("//", at):
        return text.find("\n", at)
    if text.startswith("/*", at):
        return text.find("*/", at) + 2
    return at + 1


def _end(text: str, at: int, stops: str) -> int:
    """Return the position of the first of `stops` outside all brackets."""
    depth = 0
    while True:
        char = text[at]
        if depth == 0 and char in stops:
            return at
        if char in _PAIRS:
            depth += 1
        elif char in _PAIRS.values():
            depth -= 1
        at = _skip(text, at)


def _block(text: str, opening: int) -> str:
    """Return what is inside the bracket at `opening`."""
    return text[opening + 1 : _end(text, opening + 1, _PAIRS[text[opening]])]


def entries(body: str) -> Iterator[tuple[str, str]]:
    """Yield key and value of each entry of a composite literal's inside."""
    text, at = body + ",\n", 0
    while at < len(text):
        if text[at].isspace() or text[at] == ",":
            at += 1
        elif text.startswith(("//", "/*"), at):
            at = _skip(text, at)
        else:
            key = _KEY.match(text, at)
            if key is None:
                at = _end(text, at, ",") + 1
                continue
            stop = _end(text, key.end(), ",")
            yield key[1] or key[2], text[key.end() : stop].strip()
            at = stop + 1


class Source:
    """All Go files of a provider that its schemas are spread over."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read_resource(self, function: str) -> dict[str, Attribute]:
        """Return the attributes of the resource that a function returns."""
        body = self._definition(function)
        resource = _block(body, body.index("&schema.Resource{") + len("&schema.Resource{") - 1)
        return self._read_map(dict(entries(resource))["Schema"])

    def _definition(self, name: str) -> str:
        found = re.search(rf"^(?:func {name}\([^)]*\)[^\n]*\{{|var {name} = [^\n]*\{{)", self._text, re.MULTILINE)
        if found is None:
            raise LookupError(name)
        opening = found.end() - 1
        inside = _block(self._text, opening)
        head = found[0]
        return f"{head[head.rindex('=') + 1 : -1].strip()}{{{inside}}}" if head.startswith("var") else inside

    def _read_map(self, value: str) -> dict[str, Attribute]:
        if value.startswith("tpgresource.MergeSchemas("):
            found: dict[str, Attribute] = {}
            rest = _block(value, value.index("(")) + ","
            at = 0
            while at < len(rest) and rest[at:].strip(" \n\t,"):
                stop = _end(rest, at, ",")
                found |= self._read_map(rest[at:stop].strip())
                at = stop + 1
            return found
        if _MAP in value:
            inside = _block(value, value.index(_MAP) + len(_MAP) - 1)
            return {name: self._read_attribute(name, text) for name, text in entries(inside)}
        if re.fullmatch(r"\w+(\(\))?", value):
            return self._read_map(self._definition(value.removesuffix("()")))
        return {}

    def _read_attribute(self, name: str, value: str) -> Attribute:
        if value.startswith("tpgresource.DeletionPolicySchemaEntry"):
            return Attribute(name, {})
        plain = re.fullmatch(r"(\w+)(?:\([^()]*\))?", value)
        if plain is not None:
            value = self._definition(plain[1])
        opening = value.find("{") if value.startswith("{") else value.index("schema.Schema{") + len("schema.Schema")
        fields = dict(entries(_block(value, opening)))
        return Attribute(name, fields, self._read_inner(fields.get("Elem", "")))

    def _read_inner(self, elem: str) -> dict[str, Attribute]:
        if re.fullmatch(r"\w+\(\)", elem):
            elem = self._definition(elem.removesuffix("()"))
        mark = "schema.Resource{"
        if mark not in elem:
            return {}
        inside = dict(entries(_block(elem, elem.index(mark) + len(mark) - 1)))
        return self._read_map(inside["Schema"])
