"""Create, change and remove a resource of the local cloud, so that an interruption leaves a state to go on from.

A create is idempotent by URN, as a client token makes a cloud's: until the engine has named a resource's id, the next
create of the same URN with equal inputs takes it over, and one with other inputs removes it first. From then on it is
somebody's, and a create of the same URN (a replacement that is created before the old one goes) makes a new one.
"""

import asyncio
import dataclasses
from dataclasses import dataclass

from gpucloud.sim.errors import CloudError
from gpucloud.sim.faults import Call, meet_faults
from gpucloud.sim.kubernetes.clusters import objects_of
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs


@dataclass(frozen=True, slots=True)
class Outcome:
    """A resource as it stands after a call; `health` names why it failed late, empty where it did not."""

    id: str
    outputs: Inputs
    health: list[str]


async def create(kind: ResourceType, draft: Draft) -> Outcome:
    """Return the new resource, or the one that an interrupted create left; CloudError where the cloud refuses it."""
    store = draft.store
    seconds = _meet(kind.create_call, kind, draft)
    row = _adopt(draft)
    if row is not None and row.status == "active":
        return Outcome(row.id, row.outputs, [])
    if row is None:
        for check in kind.check_account:
            check(draft)
        row = _start(kind, draft)
    await asyncio.sleep(seconds)
    draft = dataclasses.replace(draft, id=row.id)
    elsewhere = await kind.realise(draft)
    with store.write():
        health = kind.settle(draft, row.seq)
        outputs = {**find_outputs(kind, dataclasses.replace(draft, health=tuple(health))), **elsewhere}
        store.change(row.seq, "failed" if health else "active", draft.inputs, outputs, health)
        store.log("create-failed" if health else "created", row.urn, row.id, "; ".join(health))
    return Outcome(row.id, outputs, kind.report(draft, health))


def _meet(operation: str, kind: ResourceType, draft: Draft) -> float:
    return meet_faults(draft.store, Call(kind.service, operation, draft.type, draft.urn))


def _adopt(draft: Draft) -> Row | None:
    """Return the unacknowledged row with the same inputs; remove those that differ or have failed."""
    kept: Row | None = None
    for row in draft.store.find("urn = ? AND type = ? AND acknowledged = 0", draft.urn, draft.type):
        if kept is None and row.status != "failed" and row.scope == draft.scope and row.inputs == draft.inputs:
            kept = row
            draft.store.log("adopted", row.urn, row.id, row.status)
            continue
        with draft.store.write():
            draft.store.remove(row.seq)
            draft.store.log("removed-orphan", row.urn, row.id, "left by an interrupted create with other inputs")
    return kept


def _start(kind: ResourceType, draft: Draft) -> Row:
    store = draft.store
    id_ = kind.identify(draft)
    if store.find_one(draft.type, draft.scope, id_) is not None:
        raise CloudError("ResourceInUseException", f"{draft.type} {id_} already exists")
    row = Row(
        0,
        draft.type,
        draft.urn,
        id_,
        draft.scope,
        kind.name_of(draft.inputs),
        kind.parent_of(draft.inputs),
        "creating",
        False,
        draft.inputs,
        {},
        [],
    )
    with store.write():
        seq = store.insert(row)
        store.log("creating", row.urn, row.id)
    return dataclasses.replace(row, seq=seq)


def find_outputs(kind: ResourceType, draft: Draft) -> Inputs:
    """Return all properties of a resource: defaults, what the cloud computes, and the inputs over both."""
    computed = {**kind.defaults, **kind.compute(draft)}
    kept = {name: computed[name] for name in kind.overriding if name in computed}
    return {**_merge(computed, draft.inputs), **kept}


def _merge(computed: Inputs, given: Inputs) -> Inputs:
    """Return the given values over the computed ones; an object keeps the members that only the cloud computes."""
    merged = dict(computed)
    for key, value in given.items():
        if value is not None:
            below = computed.get(key)
            merged[key] = _merge(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


async def update(kind: ResourceType, draft: Draft, row: Row) -> Outcome:
    """Return the resource as changed; CloudError where the cloud refuses the change, which leaves it as it was."""
    store = draft.store
    seconds = _meet(kind.update_call, kind, draft)
    draft = dataclasses.replace(draft, id=row.id, previous=row)
    for check in kind.check_account:
        check(draft)
    await asyncio.sleep(seconds)
    elsewhere = await kind.realise(draft)
    with store.write():
        health = kind.settle(draft, row.seq)
        outputs = {**find_outputs(kind, dataclasses.replace(draft, health=tuple(health))), **elsewhere}
        store.change(row.seq, "active", draft.inputs, outputs, health)
        store.log("updated", row.urn, row.id, "; ".join(health))
    return Outcome(row.id, outputs, kind.report(draft, health))


async def delete(kind: ResourceType, draft: Draft, row: Row) -> None:
    """Remove a resource; CloudError where something still depends on it."""
    store = draft.store
    seconds = _meet(kind.delete_call, kind, draft)
    for check in kind.check_removal:
        check(store, row)
    await asyncio.sleep(seconds)
    await kind.withdraw(row)
    with store.write():
        along = kind.goes_along(store, row)
        objects = [entry for cluster in (*along, row) for entry in objects_of(store, cluster)]
        for other in (*along, *objects):
            store.remove(other.seq)
            store.log("deleted", other.urn, other.id, f"together with {row.id}")
        store.acknowledge(row)
        store.remove(row.seq)
        store.log("deleted", row.urn, row.id)
