"""The schema of one resource type, recovered from the installed Pulumi SDK.

The SDKs carry no `schema.json`, but their classes say the same: wire names, types, what is required, what is computed.
Source: the packages `pulumi_aws` and `pulumi_kubernetes` as installed, read by reflection.
"""

import collections.abc
import enum
import importlib
import inspect
import types
import typing
import warnings
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import _types
from pulumi.runtime import rpc

Shape = str | list[Any]  # "string", ["list", Shape], ["map", Shape], ["object", "Name"], ["union", [Shape, …]]


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """Inputs and outputs of one resource type; `objects` holds the nested types by class name."""

    token: str
    inputs: dict[str, Shape]
    required: list[str]
    outputs: dict[str, bool]  # wire name -> may be absent
    objects: dict[str, dict[str, Any]]  # name -> {"properties": {wire name: Shape}, "required": [wire name]}


def find_class(token: str) -> type | None:
    """Return the SDK's class of a resource type token, or None where the SDK has none."""
    package = token.partition(":")[0]
    importlib.import_module(f"pulumi_{package.replace('-', '_')}")
    module_key, _, _ = token.rpartition(":")
    for module in rpc._RESOURCE_MODULES.get(module_key, ()):  # noqa: SLF001 - the SDK's only index of its tokens
        name = module.mod_info["classes"].get(token)
        if name is not None:
            return getattr(importlib.import_module(module.mod_info["fqn"]), name)
    return None


def recover(token: str) -> ResourceSchema | None:
    """Return the schema of a resource type token, or None where the SDK does not know the token."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # SDK modules warn of their own deprecated classes
        return _recover(token)


def _recover(token: str) -> ResourceSchema | None:
    cls = find_class(token)
    if cls is None:
        return None
    module = inspect.getmodule(inspect.unwrap(cls.__init__)) or inspect.getmodule(cls)
    home = importlib.import_module(cls.__module__) or module
    args = getattr(home, f"{cls.__name__}InitArgs", None) or getattr(home, f"{cls.__name__}Args", None)
    if args is None:
        raise LookupError(f"the SDK has no arguments class for {token}")
    reader = _Reader({})
    properties, required = reader.read_args(args)
    outputs = {
        name: _is_optional(hint)
        for name, hint in _types._raw_return_hints(cls).items()  # noqa: SLF001 - wire name -> resolved hint
        if name not in {"id", "urn"}
    }
    return ResourceSchema(token, properties, required, outputs, reader.objects)


def _is_optional(hint: Any) -> bool:
    inner = typing.get_args(hint)[0] if typing.get_origin(hint) is pulumi.Output and typing.get_args(hint) else hint
    return type(None) in typing.get_args(inner)


@dataclass(slots=True)
class _Reader:
    objects: dict[str, dict[str, Any]]

    def read_args(self, args: type) -> tuple[dict[str, Shape], list[str]]:
        names = _types.input_type_py_to_pulumi_names(args)
        hints = _types._raw_return_hints(args)  # noqa: SLF001 - see above
        parameters = inspect.signature(args.__init__).parameters
        properties = {wire: self.read_shape(hints[wire]) for wire in names.values() if wire in hints}
        required = [
            wire
            for python, wire in names.items()
            if python in parameters and parameters[python].default is inspect.Parameter.empty
        ]
        return properties, sorted(required)

    def read_shape(self, hint: Any) -> Shape:
        members = _members(hint)
        if len(members) != 1:
            shapes = [self.read_shape(member) for member in members]
            unique = [shape for index, shape in enumerate(shapes) if shape not in shapes[:index]]
            return unique[0] if len(unique) == 1 else ["union", unique] if unique else "any"
        return self.read_one(members[0])

    def read_one(self, hint: Any) -> Shape:  # noqa: PLR0911 - one answer a kind of hint
        origin = typing.get_origin(hint)
        if origin in {collections.abc.Sequence, list}:
            return ["list", self.read_shape(typing.get_args(hint)[0])]
        if origin in {collections.abc.Mapping, dict}:
            return ["map", self.read_shape(typing.get_args(hint)[1])]
        if origin is typing.Literal:
            return "string"
        if not isinstance(hint, type):
            return "any"
        if _types.is_input_type(hint):
            return self.read_object(hint)
        if issubclass(hint, enum.Enum):
            return "string" if issubclass(hint, str) else "number"
        return {bool: "boolean", int: "integer", float: "number", str: "string"}.get(hint, "any")

    def read_object(self, cls: type) -> Shape:
        name = f"{cls.__module__}.{cls.__name__}"
        if name not in self.objects:
            self.objects[name] = {}
            properties, required = self.read_args(cls)
            self.objects[name] |= {"properties": properties, "required": required}
        return ["object", name]


def _members(hint: Any) -> list[Any]:
    """Return what an input may be, without the wrappers that every input has."""
    if typing.get_origin(hint) not in {typing.Union, types.UnionType}:
        return [hint]
    kept = [arg for arg in typing.get_args(hint) if not _is_wrapper(arg)]
    return [member for arg in kept for member in _members(arg)]


def _is_wrapper(arg: Any) -> bool:
    origin = typing.get_origin(arg) or arg
    return arg is type(None) or origin in {collections.abc.Awaitable, pulumi.Output} or typing.is_typeddict(arg)
