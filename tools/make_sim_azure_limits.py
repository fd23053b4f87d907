"""Write gpucloud/sim/azure_native/limits.csv: enumerations from the installed SDK, ranges and patterns from a list.

Run: python -m tools.make_sim_azure_limits. The list, tools/data/sim_azure_limits.csv, is kept by hand from the API's
own description and from the AKS documentation; its rows of type `pool` hold for agent pools of their own and for those
inside a cluster.
"""

import csv
import enum
import importlib.metadata
import typing
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pulumi import _types

from gpucloud.sim.azure_native.package import API_VERSIONS
from gpucloud.sim.schema import _members, find_class

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "gpucloud" / "sim" / "azure_native" / "limits.csv"
LIST = ROOT / "tools" / "data" / "sim_azure_limits.csv"
COLUMNS = ("type", "path", "limit", "value", "source")
POOL, CLUSTER = "azure-native:containerservice:AgentPool", "azure-native:containerservice:ManagedCluster"
# Input types that hold themselves, and arguments that only name a resource of a virtual network.
_MOST_DEPTH = 5


def main() -> None:
    """Write the table, sorted."""
    listed = list(read_list())
    named = {(row[0], row[1]) for row in listed if row[2] == "enum"}
    rows = {*listed, *(row for row in read_enumerations() if (row[0], row[1]) not in named)}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))


def read_list() -> Iterator[tuple[str, ...]]:
    """Yield the rows of the list, those of pools for both places where a pool stands."""
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            type_, path, *rest = (row[column] for column in COLUMNS)
            if type_ != "pool":
                yield (type_, path, *rest)
                continue
            yield (CLUSTER, f"agentPoolProfiles[].{path}", *rest)
            yield (POOL, "agentPoolName" if path == "name" else path, *rest)


def read_enumerations() -> Iterator[tuple[str, ...]]:
    """Yield the enumerations of the modelled types' inputs, as the SDK has them."""
    version = importlib.metadata.version("pulumi-azure-native")
    for token in API_VERSIONS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            cls = find_class(token)
        if cls is None:
            raise LookupError(token)
        module = importlib.import_module(cls.__module__)
        args = getattr(module, f"{cls.__name__}InitArgs", None) or getattr(module, f"{cls.__name__}Args")
        for path, found in walk(args, "", 0):
            source = f"pulumi_azure_native {version} {token.split(':')[1]} {found.__name__}"
            yield (token, path, "enum", "|".join(member.value for member in found), source)


def walk(args: type, path: str, depth: int) -> Iterator[tuple[str, type[enum.Enum]]]:
    """Yield each enumeration of an arguments class with its path."""
    if depth < _MOST_DEPTH:
        for name, hint in _types._raw_return_hints(args).items():  # noqa: SLF001 - wire name -> resolved hint
            yield from visit(hint, f"{path}.{name}" if path else name, depth)


def visit(hint: Any, path: str, depth: int) -> Iterator[tuple[str, type[enum.Enum]]]:
    """Yield the enumerations of one input."""
    for member in _members(hint):
        origin, inner = typing.get_origin(member), typing.get_args(member)
        if origin is not None and len(inner) == 1:
            yield from visit(inner[0], f"{path}[]", depth)
        elif isinstance(member, type) and issubclass(member, enum.Enum):
            yield path, member
        elif isinstance(member, type) and _types.is_input_type(member):
            yield from walk(member, path, depth + 1)


if __name__ == "__main__":
    main()
