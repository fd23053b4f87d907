"""Registries that a cloud's own pull-through cache takes as its source: each cloud has a list of its own."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table
from gpucloud.facts.vendor_machines import Cloud

Credentials = Literal["required", "optional", "refused"]
_ANY = "*"


@dataclass(frozen=True, slots=True)
class RegistryUpstream:
    """One registry as the source of a cloud's cache.

    Attributes:
        cloud: Whose cache.
        registry: The registry's host as image names begin with it; in the table `*` stands for any part of it.
        upstream: What the cloud's resource calls it.
        name: A short name for addresses; empty where it is to be made from the registry's.
        credentials: Whether the cloud takes it with credentials, without, or both ways.
        source: Where the row comes from.
    """

    cloud: Cloud
    registry: str
    upstream: str
    name: str
    credentials: Credentials
    source: str


def registry_upstreams(cloud: Cloud) -> tuple[RegistryUpstream, ...]:
    """Return a cloud's rows, sorted by registry."""
    return _by_cloud()[cloud]


def registry_upstream(cloud: Cloud, registry: str) -> RegistryUpstream:
    """Return how a cloud's cache takes a registry as its source, without any `*`.

    Raise UnknownNameError, with what is nearest among those that it takes, where it does not.
    """
    rows = registry_upstreams(cloud)
    for row in sorted(rows, key=lambda row: (_ANY in row.registry, -len(row.registry))):
        if row.registry == registry:
            return row
        if row.registry.startswith(_ANY) and registry.endswith(row.registry.removeprefix(_ANY)):
            free = registry.removesuffix(row.registry.removeprefix(_ANY))
            return replace(row, registry=registry, upstream=row.upstream.replace(_ANY, free))
    raise UnknownNameError(f"source of {cloud}'s caches", registry, nearest_names(registry, [r.registry for r in rows]))


@cache
def _by_cloud() -> dict[Cloud, tuple[RegistryUpstream, ...]]:
    found: dict[Cloud, list[RegistryUpstream]] = {}
    for row in read_table("registry_upstreams"):
        cloud = cast("Cloud", row["cloud"])
        entry = RegistryUpstream(
            cloud=cloud,
            registry=row["registry"],
            upstream=row["upstream"],
            name=row["name"],
            credentials=cast("Credentials", row["credentials"]),
            source=row["source"],
        )
        found.setdefault(cloud, []).append(entry)
    return {cloud: tuple(rows) for cloud, rows in found.items()}
