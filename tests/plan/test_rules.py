"""Every rule has a case that passes and one that fails, for its own reason; a rule without both cannot be added."""

import pytest

from gpucloud.facts.zones import REGIONAL, zones as zones_of
from gpucloud.plan.machine import choose_machine_type
from gpucloud.plan.place import Place
from gpucloud.plan.placing import local_offerings
from gpucloud.plan.rules import CLOUD_CLUSTER_RULES, CLOUD_POOL_RULES, CLUSTER_RULES, KUBELET_RULES, POOL_RULES
from gpucloud.plan.rules.cluster import cluster_name_fits
from gpucloud.plan.rules.context import PoolContext
from tests.plan.cluster_cases import CLUSTER_CASES
from tests.plan.pools import HOMES, cluster, cluster_on, environment, pool, pool_on, problems_of
from tests.plan.rule_case import Case
from tests.plan.rule_cases import POOL_CASES
from tests.plan.rule_cases_azure import AZURE_CASES
from tests.plan.rule_cases_gcp import GCP_CASES
from tests.plan.rule_cases_kubelet import KUBELET_CASES
from tests.plan.rule_cases_platform import PLATFORM_CASES
from tests.plan.rule_cases_sharing import SHARING_CASES

CASES: list[tuple[str, Case]] = [
    *POOL_CASES.items(),
    *KUBELET_CASES,
    *AZURE_CASES.items(),
    *GCP_CASES.items(),
    *PLATFORM_CASES,
    *SHARING_CASES,
]
RULES = {rule.__name__: rule for rule in (*POOL_RULES, *KUBELET_RULES)}
OWN_RULES = {(cloud, rule.__name__): rule for cloud, rules in CLOUD_POOL_RULES.items() for rule in rules}
PARAMETERS = [pytest.param(name, case, id=f"{name}-{case.cloud}-{index}") for index, (name, case) in enumerate(CASES)]
EVERY_CASE = pytest.mark.parametrize(("name", "case"), PARAMETERS)
# The others are about names longer than a test's own pool: the tests of long names below ask the planner about those.
OWN_NAMES = [entry for entry in PARAMETERS if entry.values[1].prefix == "prod-train-gpu"]


def _rule(name: str, case: Case):
    return OWN_RULES.get((case.cloud, name)) or RULES[name]


def _context(case: Case, fields, *, fails: bool = False) -> PoolContext:
    spec, region = pool_on(case.cloud, **fields), HOMES[case.cloud]["region"]
    place = Place(case.cloud, region, case.prefix, allocation=case.allocation)
    return PoolContext(
        "here",
        place,
        (*zones_of(case.cloud, region), *((REGIONAL,) if case.cloud == "azure" else ())),
        spec,
        choose_machine_type(case.cloud, spec),
        local_offerings(place, case.unavailable) if fails else frozenset(),
    )


def test_every_rule_has_its_cases_and_every_case_its_rule():
    named = {name for name, _ in CASES}
    assert [name for name in RULES if name not in named] == []
    here = {(case.cloud, name) for name, case in CASES}
    assert [own for own in OWN_RULES if own not in here] == []
    assert [name for name, case in CASES if (case.cloud, name) not in OWN_RULES and name not in RULES] == []


@EVERY_CASE
def test_the_rule_passes(name, case):
    assert list(_rule(name, case)(_context(case, case.passes))) == []


@EVERY_CASE
def test_the_rule_fails_and_names_the_field(name, case):
    found = list(_rule(name, case)(_context(case, case.fails, fails=True)))
    assert sorted(problem.path for problem in found) == sorted(f"here.{field}" for field in case.names)
    assert all(problem.problem and problem.fix for problem in found)


@pytest.mark.parametrize(("name", "case"), OWN_NAMES)
def test_the_planner_asks_the_rule(name, case):
    """The failing case fails a whole environment with the very same problems; a rule that nobody calls would pass."""
    one = pool_on(case.cloud, **case.fails)
    where = f"clusters[train].node_pools[{one.name}]"
    wanted = {
        (problem.path.replace("here", where, 1), problem.problem)
        for problem in _rule(name, case)(_context(case, case.fails, fails=True))
    }
    stack = {"allocation": case.allocation}
    found = problems_of(environment(cluster_on(case.cloud, one, gpu_stack=stack)), case.unavailable)
    assert wanted <= {(problem.path, problem.problem) for problem in found}


@pytest.mark.parametrize("cloud", ["azure", "gcp"])
def test_the_passing_cases_of_a_cloud_make_a_plan(cloud):
    """A case that passes its own rule and fails another would be no example of anything."""
    for name, case in CASES:
        if case.cloud == cloud and case.prefix == "prod-train-gpu":
            stack = {"amd_driver_image": "registry.example.com/amd/driver", "allocation": case.allocation}
            found = problems_of(environment(cluster_on(cloud, pool_on(cloud, **case.passes), gpu_stack=stack)))
            assert found == (), name


def test_the_planner_asks_the_rule_about_names_of_node_groups():
    found = problems_of(environment(cluster(pool(name="n" * 40))))
    assert [problem.path for problem in found] == [f"clusters[train].node_pools[{'n' * 40}].name"]


def test_the_planner_asks_the_rule_about_names_of_networks_between_gpus():
    named = cluster_on("gcp", pool_on("gcp", name="h100", fabric="tcpxo"), name="c" * 30)
    assert problems_of(environment(named, name="e" * 5)) == ()
    found = problems_of(environment(cluster_on("gcp", pool_on("gcp", name="h" * 30, fabric="tcpxo"), name="c" * 30)))
    assert [problem.path for problem in found] == [f"clusters[{'c' * 30}].node_pools[{'h' * 30}].name"]
    assert "Compute Engine takes 63" in found[0].problem


@pytest.mark.parametrize(("name", "case"), CLUSTER_CASES, ids=lambda value: getattr(value, "cloud", value))
def test_the_rule_about_clusters_passes_and_fails(name, case):
    own = {rule.__name__: rule for rule in (*CLUSTER_RULES, *CLOUD_CLUSTER_RULES[case.cloud])}
    assert list(own[name](case.passes(), "c")) == []
    found = list(own[name](case.fails(), "c"))
    assert sorted(problem.path for problem in found) == sorted(f"c.{field}" for field in case.names)
    assert {(problem.path.replace("c.", "clusters[train].", 1), problem.problem) for problem in found} <= {
        (problem.path, problem.problem) for problem in problems_of(environment(case.fails()))
    }


def test_every_rule_about_clusters_has_its_cases():
    here = {(case.cloud, name) for name, case in CLUSTER_CASES}
    assert {rule.__name__ for rule in CLUSTER_RULES} <= {name for _, name in here}
    assert {(cloud, rule.__name__) for cloud, rules in CLOUD_CLUSTER_RULES.items() for rule in rules} <= here


# EKS takes 100 characters less the eight of Pulumi's, AKS 63, GKE 40; `prod-` is part of the name.
@pytest.mark.parametrize(("cloud", "fits"), [("azure", 58), ("gcp", 35)])
def test_the_name_of_a_cluster_fits(cloud, fits):
    assert list(cluster_name_fits("prod", cluster_on(cloud, name="c" * fits), "c")) == []
    (problem,) = cluster_name_fits("prod", cluster_on(cloud, name="c" * (fits + 1)), "c")
    assert problem.path == "c.name"
    assert "by 1 together" in problem.fix
    found = problems_of(environment(cluster_on(cloud, name="c" * (fits + 1))))
    assert [entry.path for entry in found] == [f"clusters[{'c' * (fits + 1)}].name"]


def test_the_name_of_an_eks_cluster_fits():
    """A cluster's own name has 63 characters at most, so that it takes a long environment to reach the limit."""
    assert list(cluster_name_fits("e" * 40, cluster(name="c" * 51), "c")) == []
    assert [problem.path for problem in cluster_name_fits("e" * 40, cluster(name="c" * 52), "c")] == ["c.name"]


def test_the_operator_of_amd_needs_a_registry_for_the_drivers_that_it_builds():
    amd = pool_on("azure", machine_type="Standard_ND96isr_MI300X_v5", zones=("regional",), driver_owner="operator")
    named = {"amd_driver_image": "registry.example.com/amd/driver"}
    assert problems_of(environment(cluster_on("azure", amd, gpu_stack=named))) == ()
    assert problems_of(environment(cluster_on("azure", amd, gpu_stack=None))) == ()
    found = problems_of(environment(cluster_on("azure", amd)))
    assert [problem.path for problem in found] == ["clusters[train].gpu_stack.amd_driver_image"]


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
