"""Every rule has a case that passes and one that fails, for its own reason; a rule without both cannot be added."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from gpucloud.facts.zones import zones as zones_of
from gpucloud.plan.machine import choose_machine_type
from gpucloud.plan.rules import CLUSTER_RULES, KUBELET_RULES, POOL_RULES
from gpucloud.plan.rules.cluster import gpu_stack_has_one_driver_owner
from gpucloud.plan.rules.context import Place, PoolContext
from gpucloud.spec import ClusterSpec, NetworkSpec, NodePoolSpec
from tests.plan.pools import EAST, cluster, environment, pool, problems_of
from tests.plan.rule_cases import CUSTOM, KUBELET_CASES, POOL_CASES, Case

RULES = {
    rule.__name__: (rule, case)
    for rules, cases in ((POOL_RULES, POOL_CASES), (KUBELET_RULES, KUBELET_CASES))
    for rule in rules
    for case in (cases.get(rule.__name__),)
}


def _context(case: Case, fields: dict[str, Any], *, prefix: str = "p", unavailable: bool = False) -> PoolContext:
    spec: NodePoolSpec = pool(**fields)
    return PoolContext(
        "here",
        Place("aws", "us-east-1", prefix),
        zones_of("aws", "us-east-1"),
        spec,
        choose_machine_type("aws", spec),
        case.unavailable if unavailable else frozenset(),
    )


def test_every_rule_has_its_cases_and_every_case_its_rule():
    assert [rule.__name__ for rule in POOL_RULES if rule.__name__ not in POOL_CASES] == []
    assert [rule.__name__ for rule in KUBELET_RULES if rule.__name__ not in KUBELET_CASES] == []
    assert POOL_CASES.keys() | KUBELET_CASES.keys() == RULES.keys()
    assert {rule.__name__ for rule in CLUSTER_RULES} == CLUSTER_CASES.keys()


@pytest.mark.parametrize("name", RULES)
def test_the_rule_passes(name):
    rule, case = RULES[name]
    assert list(rule(_context(case, case.passes, prefix=case.prefix))) == []


@pytest.mark.parametrize("name", RULES)
def test_the_rule_fails_and_names_the_field(name):
    rule, case = RULES[name]
    found = list(rule(_context(case, case.fails, prefix=case.prefix, unavailable=True)))
    assert sorted(problem.path for problem in found) == sorted(f"here.{field}" for field in case.names)
    assert all(problem.problem and problem.fix for problem in found)


@pytest.mark.parametrize(
    "name", [name for name, (_, case) in RULES.items() if case and case.prefix == "prod-train-gpu"]
)
def test_the_planner_asks_the_rule(name):
    """The failing case fails a whole environment at the same fields; a rule that nobody calls would pass it."""
    _, case = RULES[name]
    found = problems_of(environment(cluster(pool(**case.fails))), case.unavailable)
    assert {f"clusters[train].node_pools[gpu].{field}" for field in case.names} <= {problem.path for problem in found}


def test_the_planner_asks_the_rule_about_names_of_node_groups():
    found = problems_of(environment(cluster(pool(name="n" * 40))))
    assert [problem.path for problem in found] == [f"clusters[train].node_pools[{'n' * 40}].name"]


@dataclass(frozen=True)
class ClusterCase:
    """One rule about a cluster: one that passes, one that fails, and the fields that the failure names."""

    passes: Callable[[], ClusterSpec]
    fails: Callable[[], ClusterSpec]
    names: tuple[str, ...]


def _admins(*roles: str) -> tuple[str, ...]:
    return tuple(f"arn:aws:iam::123456789012:role/{role}" for role in roles)


CLUSTER_CASES: dict[str, ClusterCase] = {
    "region_exists": ClusterCase(cluster, lambda: cluster(region="us-east-7"), ("region",)),
    "network_zones_are_in_the_region": ClusterCase(
        lambda: cluster(network=NetworkSpec(zones=EAST[:3])),
        lambda: cluster(network=NetworkSpec(zones=("us-east-1a", "us-west-2a"))),
        ("network.zones[1]", "network.zones"),
    ),
    "network_has_two_zones": ClusterCase(
        lambda: cluster(network=NetworkSpec(zones=EAST[:2])),
        lambda: cluster(pool(zones=EAST[:1]), network=NetworkSpec(zones=EAST[:1])),
        ("network.zones",),
    ),
    "admins_are_named_once": ClusterCase(
        lambda: cluster(access={"admins": _admins("a", "b")}),
        lambda: cluster(access={"admins": _admins("a", "b", "a", "b")}),
        ("access.admins[2]", "access.admins[3]"),
    ),
    "system_machine_type_exists": ClusterCase(
        lambda: cluster(system_pool={"machine_type": "m7g.large"}),
        lambda: cluster(system_pool={"machine_type": "g5.xlarge"}),
        ("system_pool.machine_type",),
    ),
    "tag_keys_are_free": ClusterCase(
        lambda: cluster(tags={"awsome": "x", "name": "x", "Names": "x"}),
        lambda: cluster(tags={"AWS:owner": "x", "Name": "x"}),
        ("tags[AWS:owner]", "tags[Name]"),
    ),
    "tags_have_characters_that_aws_takes": ClusterCase(
        lambda: cluster(tags={"Größe 2 +-=._:/@": "a b +-=._:/@", "empty": ""}),
        lambda: cluster(tags={"r&d": "x", "team": "ml*", "both#": "{}", "lines": "a\nb", "fine": "x"}),
        ("tags[r&d]", "tags[team]", "tags[both#]", "tags[lines]"),
    ),
}


@pytest.mark.parametrize("rule", CLUSTER_RULES, ids=lambda rule: rule.__name__)
def test_the_rule_about_clusters_passes_and_fails(rule):
    case = CLUSTER_CASES[rule.__name__]
    assert list(rule(case.passes(), "c")) == []
    assert sorted(problem.path for problem in rule(case.fails(), "c")) == sorted(f"c.{field}" for field in case.names)
    assert {f"clusters[train].{field}" for field in case.names} <= {
        problem.path for problem in problems_of(environment(case.fails()))
    }


@pytest.mark.parametrize(
    ("others", "stack", "conflict"),
    [
        ({"image": CUSTOM, "driver_owner": "host"}, {}, True),
        ({"image": {"family": "bottlerocket"}}, {}, True),
        ({"image": {"family": "bottlerocket"}}, None, False),
        ({"machine_type": "inf2.xlarge"}, {}, False),
        ({"machine_type": "g4ad.xlarge", "image": CUSTOM, "driver_owner": "host"}, {}, False),
        ({"machine_type": "g5.xlarge"}, {}, False),
    ],
)
def test_the_gpu_stack_serves_one_driver_owner(others, stack, conflict):
    pools = (pool(name="a"), pool(name="b", **others))
    spec = cluster(*pools, gpu_stack=stack)
    known = [(entry, choose_machine_type("aws", entry)) for entry in pools]
    found = [problem.path for problem in gpu_stack_has_one_driver_owner(spec, "c", known)]
    assert found == (["c.gpu_stack"] if conflict else [])
    assert [problem.path for problem in problems_of(environment(spec))] == (
        ["clusters[train].gpu_stack"] if conflict else []
    )


def test_names_that_join_to_the_same_name_are_refused():
    """`prod-a` + `b-c` and `prod-a-b` + `c` would declare the same resource twice."""
    first = cluster(pool(name="b-c"), name="a")
    second = cluster(pool(name="c"), name="a-b")
    found = problems_of(environment(first, second))
    assert [problem.path for problem in found] == ["clusters[a-b].node_pools[c].name"]
    assert problems_of(environment(first, cluster(pool(name="d"), name="a-b"))) == ()


def test_clusters_and_pools_named_twice_are_refused():
    found = problems_of(environment(cluster(), cluster(pool(), pool())))
    assert [problem.path for problem in found] == ["clusters[train]", "clusters[train].node_pools[gpu]"]
