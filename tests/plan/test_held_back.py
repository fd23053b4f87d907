"""Shares of a pool that are held back become exact numbers, or are refused."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from gpucloud.errors import InvalidInputError
from gpucloud.plan.held_back import HeldBackPlan, plan_held_back
from gpucloud.spec.held_back import HeldBackSpec

READ: TypeAdapter[HeldBackSpec] = TypeAdapter(HeldBackSpec)


def _plan(document: dict[str, Any]) -> HeldBackPlan:
    return plan_held_back("h100", READ.validate_python(document), 4, 8, "nvidia.com/gpu")


def test_a_taint_holds_back_whole_nodes() -> None:
    """0.3 of 32 is 9, of which one node of 8 is whole."""
    plan = _plan({"by": "taint", "share": 0.3, "key": "team"})
    assert (plan.accelerators, plan.nodes, plan.rest) == (8, 1, 24)
    assert plan.taint is not None


def test_a_quota_gives_the_rest_to_the_others() -> None:
    """24 of 32 over two namespaces, with nothing lost in the division."""
    plan = _plan({"by": "quota", "count": 7, "namespaces": ["b", "a"]})
    assert [entry.spec["hard"]["requests.nvidia.com/gpu"] for entry in plan.manifests] == ["13", "12"]


def test_kueue_has_a_flavor_and_a_queue() -> None:
    """The queue's nominal quota is the rest."""
    plan = _plan({"by": "kueue", "share": 0.25, "queue": "everybody"})
    flavors = plan.manifests[1].spec["resourceGroups"][0]["flavors"]
    assert flavors[0]["resources"] == [{"name": "nvidia.com/gpu", "nominalQuota": 24}]


@pytest.mark.parametrize(
    "document",
    [
        {"by": "taint", "share": 0.2, "key": "team"},
        {"by": "taint", "count": 9, "key": "team"},
        {"by": "quota", "count": 32, "namespaces": ["a"]},
        {"by": "quota", "count": 31, "namespaces": ["a", "b"]},
        {"by": "kueue", "share": 0.01, "queue": "everybody"},
    ],
)
def test_nothing_everything_and_broken_nodes_are_refused(document: dict[str, Any]) -> None:
    """What rounds to nothing, to all, or to part of a node."""
    with pytest.raises(InvalidInputError, match="held_back"):
        _plan(document)
