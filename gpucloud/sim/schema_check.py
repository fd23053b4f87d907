"""Inputs held against a schema: unknown names, missing names, wrong types, at any depth."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from gpucloud.sim.errors import Refusal
from gpucloud.sim.schema import ResourceSchema, Shape
from gpucloud.sim.values import Inputs, Json, Unknown


def conform(schema: ResourceSchema, inputs: Inputs) -> tuple[Inputs, list[Refusal]]:
    """Return the inputs with scalars turned into the schema's types, and every departure from the schema.

    Turned as the bridged providers do: a number or a bool where a string is asked for, and a string that reads as a
    number or as true/false where one of those is asked for.
    """
    refusals: list[Refusal] = []
    conformed = _members("", inputs, schema.inputs, schema.required, schema, refusals)
    return conformed, refusals


def _members(  # noqa: PLR0913, PLR0917 - it recurses
    path: str,
    values: Inputs,
    properties: dict[str, Shape],
    required: list[str],
    schema: ResourceSchema,
    out: list[Refusal],
) -> Inputs:
    missing = [name for name in required if values.get(name) is None]
    out.extend(Refusal(_join(path, name), "", f"missing required property '{name}'") for name in missing)
    result: Inputs = {}
    for name, value in values.items():
        where = _join(path, name)
        if name.startswith("__"):
            result[name] = value
        elif name not in properties:
            near = difflib.get_close_matches(name, properties, 1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            out.append(Refusal(where, "", f"unknown property '{name}' of {path or schema.token}{hint}"))
        elif value is not None:
            result[name] = _conform(where, value, properties[name], schema, out)
    return result


def _conform(path: str, value: Json, shape: Shape, schema: ResourceSchema, out: list[Refusal]) -> Json:  # noqa: C901, PLR0911 - one answer a kind of shape
    if isinstance(value, Unknown) or shape == "any" or value is None:
        return value
    match shape:
        case ["list", inner]:
            if isinstance(value, list):
                return [_conform(f"{path}[{i}]", item, inner, schema, out) for i, item in enumerate(value)]
        case ["map", inner]:
            if isinstance(value, Mapping):
                return {key: _conform(_join(path, key), item, inner, schema, out) for key, item in value.items()}
        case ["object", name]:
            if isinstance(value, Mapping):
                members = schema.objects[name]
                return _members(path, dict(value), members["properties"], members["required"], schema, out)
        case ["union", shapes]:
            return _first(path, value, shapes, schema, out)
        case str():
            turned = _scalar(value, shape)
            if turned is not None:
                return turned
    out.append(Refusal(path, "", f"expected {_describe(shape)}, got {_kind(value)}"))
    return value


def _first(path: str, value: Json, shapes: list[Shape], schema: ResourceSchema, out: list[Refusal]) -> Json:
    for shape in shapes:
        tried: list[Refusal] = []
        result = _conform(path, value, shape, schema, tried)
        if not tried:
            return result
    out.append(Refusal(path, "", f"expected {' or '.join(map(_describe, shapes))}, got {_kind(value)}"))
    return value


def _scalar(value: Json, shape: str) -> Json:  # noqa: PLR0911 - one answer a pair of types
    match shape, value:
        case "string", bool():
            return "true" if value else "false"
        case "string", str():
            return value
        case "string", int() | float():
            return str(value)
        case "boolean", bool():
            return value
        case "boolean", "true" | "false":
            return value == "true"
        case (("integer" | "number"), bool()):
            return None
        case "integer", int():
            return value
        case "number", int() | float():
            return value
        case (("integer" | "number"), str()):
            return _number(value, shape)
        case _:
            return None


def _number(text: str, shape: str) -> int | float | None:
    try:
        return int(text) if shape == "integer" else float(text)
    except ValueError:
        return None


def _describe(shape: Shape) -> str:
    match shape:
        case ["list", inner]:
            return f"a list of {_describe(inner)}"
        case ["map", inner]:
            return f"a map of {_describe(inner)}"
        case ["object", _]:
            return "an object"
        case _:
            return str(shape)


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "a list"
        case _:
            return "an object"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def walk(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Yield every scalar of a value with its path."""
    match value:
        case Mapping():
            for key, item in value.items():
                yield from walk(_join(path, key), item)
        case list():
            for index, item in enumerate(value):
                yield from walk(f"{path}[{index}]", item)
        case _:
            yield path, value
