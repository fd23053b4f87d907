"""The fields in which two parts of a plan differ, each by its path."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from gpucloud.plan.gate_model import GateCheckPlan
from gpucloud.plan.mirror_model import ManagedMirrorPlan
from gpucloud.plan.network_model import GpuNetworkPlan, SubnetPlan
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan

# Parts that are matched one by one where a plan holds several of a kind; everything else is compared as a whole.
_KEYS: Mapping[type, tuple[str, ...]] = {
    GateCheckPlan: ("pool",),
    GpuNetworkPlan: ("suffix",),
    ManagedMirrorPlan: ("registry",),
    ManifestPlan: ("kind", "namespace", "name"),
    ReleasePlan: ("name",),
    SubnetPlan: ("zone",),
}
# What is matched by name and compared by itself, and the name by which it is matched.
_BY_THEMSELVES = frozenset({"name", "node_pools", "shards"})
# What only follows from other fields: those are named, and naming both would count one change twice.
_DERIVED = frozenset({"allocatable", "trainer"})
_MAPS = frozenset({"kubelet", "sysctls", "labels", "tags", "node_resources", "skipped", "values"})


@dataclasses.dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs.

    Attributes:
        path: The field as the facts about effects name it: `releases.version`.
        field: The same for people, with the entry that it is of: `releases[gpu-operator].version`.
        old: Its plain value; None where it is not set.
        new: The same after the change.
    """

    path: str
    field: str
    old: Any
    new: Any


def changed_fields(old: Any, new: Any) -> Iterator[FieldChange]:
    """Each field that differs between two dataclasses of one kind, but for what is matched by a name of its own.

    A part that is set on one side alone differs in each field that it sets; an entry of a list that comes or goes is
    one change, of the field by which it is matched.
    """
    yield from _of_part("", old, new, top=True)


def _of_part(path: str, old: Any, new: Any, *, top: bool = False) -> Iterator[FieldChange]:
    for field in dataclasses.fields(old if old is not None else new):
        if top and field.name in _BY_THEMSELVES | _DERIVED:
            continue
        before, after = (getattr(part, field.name) if part is not None else None for part in (old, new))
        if before != after:
            yield from _of_value(field.name, f"{path}{field.name}", before, after)


def _of_value(name: str, path: str, old: Any, new: Any) -> Iterator[FieldChange]:
    some = old or new
    if old in (None, ()) and new in (None, ()):
        # A list that is empty in a part that is new, or gone: nothing of it changed.
        return
    if dataclasses.is_dataclass(some):
        yield from _of_part(f"{path}.", old, new)
    elif name in _MAPS:
        yield from _of_map(name, path, dict(old or {}), dict(new or {}))
    elif isinstance(some, tuple) and type(some[0]) in _KEYS:
        yield from _of_list(path, old or (), new or ())
    else:
        yield FieldChange(path, path, plain(old), plain(new))


def _of_list(path: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[FieldChange]:
    keys = _KEYS[type((old or new)[0])]
    before, after = ({_key(part, keys): part for part in parts} for parts in (old, new))
    for key in sorted(before.keys() | after.keys()):
        entry = f"{path}[{key}]"
        if key not in before or key not in after:
            yield FieldChange(f"{path}.{keys[0]}", entry, plain(before.get(key)), plain(after.get(key)))
            continue
        for change in _of_part(f"{path}.", before[key], after[key]):
            yield dataclasses.replace(change, field=f"{entry}{change.field.removeprefix(path)}")


def _of_map(name: str, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            # A kubelet's keys have effects of their own.
            own = name == "kubelet"
            below = f"{path}.{key}" if own else path
            yield FieldChange(below, below if own else f"{path}[{key}]", plain(old.get(key)), plain(new.get(key)))


def _key(part: Any, keys: tuple[str, ...]) -> str:
    return "/".join(str(getattr(part, key) or "") for key in keys)


def plain(value: Any) -> Any:
    """Mappings, lists, text and numbers, as JSON has them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(value[key]) for key in sorted(value)}
    return [plain(entry) for entry in value] if isinstance(value, list | tuple) else value
