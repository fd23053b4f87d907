"""Declaring a resource of azure-native without the hundred old names that its class carries."""

import copy
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

import pulumi

Kind = TypeVar("Kind", bound=pulumi.CustomResource)


def declare(kind: type[Kind], name: str, args: object, opts: pulumi.ResourceOptions) -> Kind:
    """The resource, as `kind(name, args, opts)` would give it: the same type token, inputs, outputs and plugin version.

    Left out are the aliases that the class adds for every API version that the type ever had (110 for an agent pool).
    The SDK computes each of them before the resource is sent, which costs more than all else; they serve state that was
    written under another API version's type, and no component of this library ever declared one. `args` is the
    class's own argument type. docs/adr/0009 has the figures.
    """
    token = getattr(kind, "pulumi_type", None)
    if not isinstance(token, str):
        raise TypeError(f"{kind.__name__} has no type token")
    # The class lists its outputs beside its inputs: the SDK makes an Output only of what stands among the properties.
    inputs: Any = copy.copy(args)
    for output in _outputs(kind):
        inputs.__dict__.setdefault(output, None)
    resource = kind.__new__(kind)
    given = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(version=_version()), opts)
    pulumi.CustomResource.__init__(resource, token, name, inputs, given)
    return resource


@cache
def _version() -> str:
    """The version of the plugin, which is that of the SDK's package."""
    return version("pulumi_azure_native")


@cache
def _outputs(kind: type[pulumi.CustomResource]) -> tuple[str, ...]:
    return tuple(name for name, member in vars(kind).items() if isinstance(member, property))
