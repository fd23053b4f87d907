"""Accelerators that are held back, in exact numbers, and the objects of the cluster that do it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.model import TaintPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.spec.held_back import HeldBackSpec, HeldByKueue, HeldByQuota, HeldByTaint

_KUEUE = "kueue.x-k8s.io/v1beta2"
"""site/static/examples/admin/single-clusterqueue-setup.yaml of kubernetes-sigs/kueue, branch main."""


@dataclass(frozen=True, slots=True)
class HeldBackPlan:
    """What is held back: accelerators, whole nodes where a taint does it, and what the cluster needs for it."""

    accelerators: int
    rest: int
    nodes: int | None
    taint: TaintPlan | None
    manifests: tuple[ManifestPlan, ...]


def plan_held_back(  # noqa: PLR0913, PLR0917  # a pool's own numbers
    pool: str,
    held_back: HeldBackSpec,
    nodes: int,
    per_node: int,
    resource: str,
    path: str = "held_back",
    parts: int = 1,
) -> HeldBackPlan:
    """The numbers of a pool of at most `nodes` nodes with `per_node` accelerators each.

    Objects of the cluster count the parts into which each accelerator is shared; all other numbers are accelerators.

    A share is rounded down, to whole nodes for a taint. Raises InvalidInputError where that leaves nothing held back
    or nothing for others, and where a count is no whole number of nodes or of accelerators by namespace.
    """
    total = nodes * per_node
    unit = per_node if isinstance(held_back, HeldByTaint) else 1
    share = held_back.share
    wanted = held_back.count or 0 if share is None else int(Fraction(str(share)) * total)
    held = wanted // unit * unit
    field = "share" if held_back.count is None else "count"
    if share is None and held != wanted:
        raise _refused(
            f"{path}.count", f"{wanted} are no whole nodes of {per_node}, a taint holds back whole nodes",
            f"use a multiple of {per_node}, or by: quota",
        )  # fmt: skip
    if not 0 < held < total:
        what = "nothing is held back" if held <= 0 else "nothing is left for others"
        raise _refused(
            f"{path}.{field}", f"{held} of {total} accelerators: {what}", f"hold back {unit} to {total - unit}"
        )
    rest = total - held
    match held_back:
        case HeldByTaint():
            taint = TaintPlan(held_back.key, held_back.value, "NoSchedule")
            return HeldBackPlan(held, rest, held // per_node, taint, ())
        case HeldByQuota():
            return HeldBackPlan(held, rest, None, None, _quotas(pool, held_back, rest * parts, resource, path))
        case HeldByKueue():
            return HeldBackPlan(held, rest, None, None, _queue(pool, held_back, rest * parts, resource))
        case _:
            assert_never(held_back)


def _refused(path: str, problem: str, fix: str) -> InvalidInputError:
    return InvalidInputError([Problem(path, problem, fix)])


def _quotas(pool: str, held_back: HeldByQuota, rest: int, resource: str, path: str) -> tuple[ManifestPlan, ...]:
    namespaces = sorted(set(held_back.namespaces))
    share, more = divmod(rest, len(namespaces))
    if not share:
        raise _refused(
            f"{path}.namespaces", f"{rest} accelerators are too few for {len(namespaces)} namespaces, some get none",
            "name fewer namespaces, or hold back less",
        )  # fmt: skip
    return tuple(
        ManifestPlan(
            name=f"{pool}-held-back",
            namespace=namespace,
            api_version="v1",
            kind="ResourceQuota",
            spec={"hard": {f"requests.{resource}": str(share + (index < more))}},
        )
        for index, namespace in enumerate(namespaces)
    )


def _queue(pool: str, held_back: HeldByKueue, rest: int, resource: str) -> tuple[ManifestPlan, ...]:
    labels = {"nodeLabels": {POOL_LABEL: pool}}
    flavor = ManifestPlan(pool, None, _KUEUE, "ResourceFlavor", labels, after_releases=True)
    quota = [{"name": pool, "resources": [{"name": resource, "nominalQuota": rest}]}]
    spec = {"namespaceSelector": {}, "resourceGroups": [{"coveredResources": [resource], "flavors": quota}]}
    return flavor, ManifestPlan(held_back.queue, None, _KUEUE, "ClusterQueue", spec, after_releases=True)
