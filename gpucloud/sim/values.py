"""Property values as the engine sends them, turned into plain Python and back.

Source of the signatures and of the sentinels: `pulumi.runtime.rpc` and the engine's `plugin/rpc.go`.
"""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

Json = Any
Inputs = dict[str, Any]

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a signature, the same for everybody
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
_STRING_SENTINEL: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_SENTINELS: Final = frozenset(
    {
        _STRING_SENTINEL,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


class Unknown:
    """A value that only a later step knows; one object, compared by identity."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return True


UNKNOWN: Final = Unknown()


def decode(message: struct_pb2.Struct) -> Inputs:
    """Return the message as a dict: secrets unwrapped, whole numbers as int, unknowns as `UNKNOWN`, nulls left out."""
    return {
        key: _plain(value) for key, value in sorted(message.fields.items()) if value.WhichOneof("kind") != "null_value"
    }


def _plain(value: struct_pb2.Value) -> Json:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in _SENTINELS else text
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "struct_value":
            return _unwrap(decode(value.struct_value))
        case _:
            return None


def _unwrap(value: Inputs) -> Json:
    match value.get(_SIGNATURE):
        case None:
            return value
        case signature if signature == _SECRET:
            return value.get("value")
        case signature if signature == _OUTPUT:
            return value.get("value", UNKNOWN)
        case signature if signature == _RESOURCE:
            return value.get("id", value.get("urn"))
        case _:
            return value  # assets and archives keep their form


def encode(values: Mapping[str, Json]) -> struct_pb2.Struct:
    """Return the values as a message; `UNKNOWN` becomes the engine's sentinel, None is left out at the top level."""
    message = struct_pb2.Struct()
    for key, value in values.items():
        if value is not None:
            _fill(message.fields[key], value)
    return message


def _fill(target: struct_pb2.Value, value: Json) -> None:
    match value:
        case None:
            target.null_value = struct_pb2.NULL_VALUE
        case Unknown():
            target.string_value = _STRING_SENTINEL
        case bool():
            target.bool_value = value
        case int() | float():
            target.number_value = value
        case str():
            target.string_value = value
        case Mapping():
            target.struct_value.SetInParent()
            for key, item in value.items():
                _fill(target.struct_value.fields[str(key)], item)
        case _:
            target.list_value.SetInParent()
            for item in value:
                _fill(target.list_value.values.add(), item)


def has_unknown(value: Json) -> bool:
    """Return whether any part of the value is unknown."""
    match value:
        case Unknown():
            return True
        case Mapping():
            return any(has_unknown(item) for item in value.values())
        case list() | tuple():
            return any(has_unknown(item) for item in value)
        case _:
            return False
