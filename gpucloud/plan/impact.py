"""What a new plan does to the nodes of an old one: every change of a field, with its effect and whom it hits."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpucloud.facts.change_effects import EFFECTS, ChangeEffect, Effect, Order, change_effect
from gpucloud.plan.configuration_hash import configuration_hash
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan, OfferingPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.plan_fields import FieldChange, changed_fields


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs, or a whole resource that comes or goes (its field is empty then).

    Attributes:
        resource: Its path: `clusters[train].node_pools[h100].offerings[2-od]`.
        field: The field below it: `kubelet.cpuManagerPolicy`.
        old: What it was; None for what comes.
        new: What it is to be; None for what goes.
        effect: The most that it does to nodes that run; what goes counts as `replaces`, its nodes are lost.
        create_before_delete: Whether what replaces stands first; None where nothing is replaced.
        reason: Why.
        nodes: Nodes that the old plan starts there. An autoscaler may run others.
        nodes_at_most: Nodes that an autoscaler may run there.
        gpus: Accelerators of `nodes`.
        gpus_at_most: Accelerators of `nodes_at_most`.
    """

    resource: str
    field: str
    old: Any
    new: Any
    effect: Effect
    create_before_delete: bool | None
    reason: str
    nodes: int = 0
    nodes_at_most: int = 0
    gpus: int = 0
    gpus_at_most: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """All changes between two plans, sorted by resource and field."""

    changes: tuple[Change, ...]

    @property
    def effect(self) -> Effect:
        """The gravest of all changes; `none` for equal plans."""
        return max((change.effect for change in self.changes), key=EFFECTS.index, default="none")

    def at_least(self, effect: Effect) -> tuple[Change, ...]:
        """The changes that are as grave as `effect` or graver."""
        return tuple(change for change in self.changes if EFFECTS.index(change.effect) >= EFFECTS.index(effect))


def impact(old: EnvironmentPlan, new: EnvironmentPlan) -> Impact:
    """Every change of an environment; equal plans have none. Clusters, pools and offerings are matched by name.

    A pool that goes while one that differs in its name alone comes is a pool that was renamed: one change, `replaces`.
    """
    changes: list[Change] = []
    if old.name != new.name:
        row = change_effect("aws", "environment.name")
        everything = _sum([_nodes(pool) for cluster in old.clusters for pool in cluster.node_pools])
        changes.append(
            _change("environment", FieldChange("name", "name", old.name, new.name), row, everything, first=True)
        )
    before, after = ({cluster.name: cluster for cluster in plan.clusters} for plan in (old, new))
    for name in sorted(before.keys() | after.keys()):
        changes += _of_cluster(f"clusters[{name}]", before.get(name), after.get(name))
    return Impact(tuple(sorted(changes, key=lambda change: (change.resource, change.field))))


def _of_cluster(path: str, old: ClusterPlan | None, new: ClusterPlan | None) -> Iterator[Change]:
    if old is None or new is None:
        yield _comes_or_goes(path, old, new, _sum([_nodes(pool) for pool in old.node_pools]) if old else Counter())
        return
    every = _sum([_nodes(pool) for pool in old.node_pools])
    for change in changed_fields(old, new):
        row = change_effect(old.cloud, f"cluster.{change.path}")
        # The GPU stack, who may enter and the system nodes leave the nodes of the pools alone.
        touches = row.effect not in {"none", "in-place"} and not change.path.startswith("system_pool.")
        yield _change(path, change, row, every if touches else Counter(), first=row.create_before_delete == "true")
    if old.cloud != new.cloud:
        return
    before, after = ({pool.name: pool for pool in cluster.node_pools} for cluster in (old, new))
    renamed = _renamed(before, after)
    for name in sorted((before.keys() | after.keys()) - renamed.keys() - set(renamed.values())):
        yield from _of_pool(f"{path}.node_pools[{name}]", before.get(name), after.get(name))
    for name, other in renamed.items():
        row = change_effect(old.cloud, "pool.name")
        change = FieldChange("name", "name", name, other)
        yield _change(f"{path}.node_pools[{name}]", change, row, _nodes(before[name]), first=True)


def _of_pool(path: str, old: NodePoolPlan | None, new: NodePoolPlan | None) -> Iterator[Change]:
    if old is None or new is None:
        yield _comes_or_goes(path, old, new, _nodes(old) if old else Counter())
        return
    before, after = ({offering.name: offering for offering in pool.offerings} for pool in (old, new))
    stay = sorted(before.keys() & after.keys())
    for change in changed_fields(old, new):
        row = change_effect(old.cloud, f"pool.{change.path}", own_image=new.image.family == "custom")
        first = bool(stay) and all(
            _stands_first(row.create_before_delete, new, before[name], after[name]) for name in stay
        )
        yield _change(path, change, row, _nodes(old, stay), first=first)
    for name in sorted(before.keys() | after.keys()):
        below = f"{path}.offerings[{name}]"
        if name not in before or name not in after:
            lost = _nodes(old, [name]) if name in before else Counter()
            yield _comes_or_goes(below, before.get(name), after.get(name), lost)
            continue
        for change in changed_fields(before[name], after[name]):
            row = change_effect(old.cloud, f"offering.{change.path}", own_image=new.image.family == "custom")
            first = _stands_first(row.create_before_delete, new, before[name], after[name])
            yield _change(below, change, row, _nodes(old, [name]), first=first)


def _stands_first(order: Order, pool: NodePoolPlan, old: OfferingPlan, new: OfferingPlan) -> bool:
    """Whether the new node group of an offering stands before the old one goes, as the components declare it."""
    match order:
        case "true":
            return True
        case "unless-reserved":
            return new.reservation_id is None
        case "by-name":
            return bool(configuration_hash(pool, new)) and old.physical_name != new.physical_name
        case "" | "false":
            return False


def _renamed(before: Mapping[str, NodePoolPlan], after: Mapping[str, NodePoolPlan]) -> dict[str, str]:
    """Old name to new name of pools that differ in their name alone."""
    gone, come = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    found: dict[str, str] = {}
    for name in gone:
        twin = next((other for other in come if _nameless(before[name]) == _nameless(after[other])), None)
        if twin is not None:
            found[name] = twin
            come.remove(twin)
    return found


def _nameless(pool: NodePoolPlan) -> NodePoolPlan:
    shards = tuple(
        replace(shard, offerings=tuple(replace(offering, physical_name=None) for offering in shard.offerings))
        for shard in pool.shards
    )
    # Networks between accelerators are named after their pool, too.
    networks = tuple(replace(network, suffix="", name="", subnets=(), interfaces=()) for network in pool.networks)
    labels = tuple(label for label in pool.labels if label[0] != POOL_LABEL)
    return replace(pool, name="", shards=shards, networks=networks, labels=labels)


def _comes_or_goes(path: str, old: Any, new: Any, nodes: Counter[str]) -> Change:
    if old is None:
        return Change(path, "", None, new.name, "none", None, "comes new; nothing that runs is touched")
    reason = "goes, with its nodes"
    return Change(path, "", old.name, None, "replaces", False, reason, **nodes)


def _change(path: str, change: FieldChange, row: ChangeEffect, nodes: Counter[str], *, first: bool) -> Change:
    touched = nodes if row.effect not in {"none", "in-place"} else Counter[str]()
    order = first if row.effect == "replaces" else None
    return Change(path, change.field, change.old, change.new, row.effect, order, row.reason, **touched)


def _nodes(pool: NodePoolPlan, names: list[str] | None = None) -> Counter[str]:
    """Nodes and accelerators of a pool, or of some of its offerings; parts of a GPU are not counted as GPUs."""
    each = pool.gpus_per_node
    sizes = [offering.size for offering in pool.offerings if names is None or offering.name in names]
    nodes, most = sum(size.desired for size in sizes), sum(size.max for size in sizes)
    return Counter({"nodes": nodes, "nodes_at_most": most, "gpus": nodes * each, "gpus_at_most": most * each})


def _sum(counts: list[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter())
