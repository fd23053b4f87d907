"""One error with everything that is wrong: nothing missed, nothing twice, nothing that only follows from a cut."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document
from tests.spec.documents import valid_document

H100, L4, A10G = (0, 0), (0, 1), (1, 0)


def _pool(document: Any, at: tuple[int, int]) -> dict[str, Any]:
    return document["clusters"][at[0]]["node_pools"][at[1]]


def _set(path: str, value: Any) -> Callable[[Any], None]:
    """Set a place such as `clusters.0.region` of a document."""
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(document: Any) -> None:
        here = document
        for step in parents:
            here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        here[last] = value

    return change


def _drop(path: str) -> Callable[[Any], None]:
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(document: Any) -> None:
        here = document
        for step in parents:
            here = here[step]
        del here[last]

    return change


def _label(key: str) -> Callable[[Any], None]:
    """Set a label whose key has dots in it."""
    return lambda document: _pool(document, H100)["labels"].update({key: "x"})


P, Q, R = "clusters.0.node_pools.0", "clusters.0.node_pools.1", "clusters.1.node_pools.0"
TRAIN, SERVE = "clusters[train]", "clusters[serve]"
H, L, A = f"{TRAIN}.node_pools[h100]", f"{TRAIN}.node_pools[l4]", f"{SERVE}.node_pools[a10g]"
ADMIN = "arn:aws:iam::123456789012:role/admin"

# One independent fault each: how to make it, and the one path that must then be named.
FAULTS: tuple[tuple[Callable[[Any], None], str], ...] = (
    (_set("owner", "me"), "owner"),
    (_set("clusters.0.clowd", "aws"), f"{TRAIN}.clowd"),
    (_set("clusters.0.kubernetes_version", 1.34), f"{TRAIN}.kubernetes_version"),
    (_set("clusters.0.network.cidr", "10.0.0.0/8"), f"{TRAIN}.network.cidr"),
    (_set("clusters.0.network.nat", "none"), f"{TRAIN}.network.nat"),
    (_set("clusters.0.access.admins", ["nobody"]), f"{TRAIN}.access.admins[0]"),
    (_set("clusters.0.access.public_from", ["203.0.113.0/24", "10.0.0.0/8"]), f"{TRAIN}.access.public_from[1]"),
    (_set("clusters.1.access", {"admins": [ADMIN, ADMIN]}), f"{SERVE}.access.admins[1]"),
    (_set("clusters.1.network", {"cidr": "172.20.0.0/16"}), f"{SERVE}.network.cidr"),
    (_set("clusters.0.system_pool.machine_type", "m7i.huge"), f"{TRAIN}.system_pool.machine_type"),
    (_set("clusters.0.system_pool.size", {"min": 4, "desired": 2, "max": 3}), f"{TRAIN}.system_pool.size"),
    (_set("clusters.0.tags.owner", 5), f"{TRAIN}.tags[owner]"),
    (_set("clusters.0.tags.Name", "train"), f"{TRAIN}.tags[Name]"),
    (_set("clusters.1.tags", {"team": "r&d"}), f"{SERVE}.tags[team]"),
    (_set(f"{P}.machine_typ", "x"), f"{H}.machine_typ"),
    (_set(f"{P}.zones.1", "US EAST"), f"{H}.zones[1]"),
    (_set(f"{P}.zones.2", "eu-west-1a"), f"{H}.zones[2]"),
    (_set(f"{P}.capacity.1", "spott"), f"{H}.capacity[1]"),
    (_set(f"{P}.capacity.2.reservation_id", "cr-1"), f"{H}.capacity[2]"),
    (_label("gpucloud.io/pool"), f"{H}.labels[gpucloud.io/pool]"),
    (_label("node-role.kubernetes.io/gpu"), f"{H}.labels[node-role.kubernetes.io/gpu]"),
    (_set(f"{P}.labels.{'k' * 60}", "v e"), f"{H}.labels[{'k' * 60}]"),
    (_set(f"{P}.taints.0.effect", "Never"), f"{H}.taints[0].effect"),
    (_set(f"{P}.kubelet.cpuManagerPolice", "static"), f"{H}.kubelet.cpuManagerPolice"),
    (_set(f"{P}.root_disk.iops", 1), f"{H}.root_disk.iops"),
    (_set(f"{Q}.root_disk", {"throughput_mib_s": 1_000, "iops": 3_999}), f"{L}.root_disk"),
    (_set(f"{Q}.accelerator", "l4"), f"{L}.accelerator"),
    (_set(f"{Q}.zones.1", "us-east-1z"), f"{L}.zones[1]"),
    (_set(f"{Q}.size", {"min": 5, "desired": 1, "max": 2}), f"{L}.size"),
    (_set(f"{Q}.spread", "odd"), f"{L}.spread"),
    (_set(f"{Q}.taints", [{"key": "a"}, {"key": "a"}]), f"{L}.taints[1]"),
    (_set(f"{Q}.capacity", [{"type": "reserved", "reservation_id": "cr-2"}]), f"{L}.capacity[0].zone"),
    (_set("clusters.1.region", "us-west-9"), f"{SERVE}.region"),
    (_set("clusters.1.gpu_stack.operator_version", "latest"), f"{SERVE}.gpu_stack.operator_version"),
    (_set(f"{R}.image.id", "ami-xyz"), f"{A}.image.id"),
    (_set(f"{R}.machine_type", "g5.12xlrge"), f"{A}.machine_type"),
    (_set(f"{R}.labels", {"a b": "c"}), f"{A}.labels[a b]"),
    (_set(f"{R}.local_nvme", "raid5"), f"{A}.local_nvme"),
    (_set(f"{R}.placement", "close"), f"{A}.placement"),
)
# Faults that change what others are called, or that leave less to judge: each alone.
LONELY: tuple[tuple[Callable[[Any], None], str], ...] = (
    (_drop("name"), "name"),
    (_drop("clusters.0.name"), "clusters[0].name"),
    (_drop("clusters.0.region"), f"{TRAIN}.region"),
    (_drop("clusters.0.node_pools"), f"{TRAIN}.node_pools"),
    (_set("clusters.0.node_pools", []), f"{TRAIN}.node_pools"),
    (_set("clusters.0.cloud", "oracle"), f"{TRAIN}.cloud"),
    (_set(f"{P}.name", "n" * 70), f"{TRAIN}.node_pools[{'n' * 70}].name"),
    (_set(f"{P}.name", "h1.00"), f"{TRAIN}.node_pools[h1.00].name"),
    (_drop(f"{P}.zones"), f"{H}.zones"),
    (_drop(f"{P}.machine_type"), H),
    (_set(f"{P}.accelerator", "h100-sxm-80gb"), H),
    (_set(f"{P}.machine_type", 5), f"{H}.machine_type"),
    (_set(f"{R}.image", {"family": "ubuntu"}), f"{A}.image.family"),
    (_set(f"{R}.image", {"family": "al2023", "id": "ami-0123456789abcdef0"}), f"{A}.image"),
    (_set(f"{P}.capacity", ["spott"]), f"{H}.capacity[0]"),
    (_set(f"{P}.kubelet", ["maxPods"]), f"{H}.kubelet"),
    (_set("clusters.1", None), "clusters[1]"),
)


def _paths(document: Any) -> list[str]:
    with pytest.raises(InvalidInputError) as raised:
        plan_document(document)
    return [problem.path for problem in raised.value.problems]


def test_the_document_is_valid_before_it_is_broken():
    assert plan_document(valid_document()).name == "prod"


@pytest.mark.parametrize(("change", "path"), [*FAULTS, *LONELY], ids=[path for _, path in [*FAULTS, *LONELY]])
def test_one_fault_is_one_problem(change, path):
    document = valid_document()
    change(document)
    before = copy.deepcopy(document)
    assert _paths(document) == [path]
    assert document == before


@given(chosen=st.sets(st.sampled_from(range(len(FAULTS))), min_size=2))
@settings(max_examples=150, deadline=None)
def test_so_many_faults_so_many_problems(chosen):
    document = valid_document()
    for index in sorted(chosen):
        FAULTS[index][0](document)
    assert _paths(document) == sorted(FAULTS[index][1] for index in chosen)


@given(lonely=st.sampled_from(LONELY), chosen=st.sets(st.sampled_from(range(len(FAULTS)))))
@settings(max_examples=150, deadline=None)
def test_nothing_is_invented_by_what_is_cut(lonely, chosen):
    """A fault that takes a whole pool away may hide others, and must never make one up or say one twice."""
    document = valid_document()
    for index in sorted(chosen):
        FAULTS[index][0](document)
    change, path = lonely
    try:
        change(document)
    except KeyError:
        return  # two faults of one place
    with pytest.raises(InvalidInputError) as raised:
        plan_document(document)
    paths = [problem.path for problem in raised.value.problems]
    assert path in paths
    assert len(paths) == len(set(paths))
    was = {f"{TRAIN}.node_pools[": H, "clusters[0]": TRAIN}
    named = next((old for new, old in was.items() if path.endswith(".name") and path.startswith(new)), None)
    expected = {FAULTS[index][1] for index in chosen}
    if named:
        expected = {entry.replace(named, path.removesuffix(".name")) for entry in expected}
    assert set(paths) <= {path, *expected}


def test_a_bad_name_does_not_hide_what_else_is_wrong_with_its_pool():
    document = valid_document()
    _pool(document, H100)["name"] = "N"
    _pool(document, H100)["zones"] = ["us-east-1a", "us-east-1z", "us-east-1b"]
    _pool(document, L4).pop("name")
    _pool(document, L4)["zones"] = ["mars-1a"]
    assert _paths(document) == [
        f"{TRAIN}.node_pools[1].name",
        f"{TRAIN}.node_pools[1].zones[0]",
        f"{TRAIN}.node_pools[N].name",
        f"{TRAIN}.node_pools[N].zones[1]",
    ]


def test_a_pool_without_a_machine_is_still_judged_for_its_zones():
    document = valid_document()
    del _pool(document, A10G)["machine_type"]
    _pool(document, A10G)["zones"].append("us-west-2z")
    assert _paths(document) == [A, f"{A}.zones[2]"]


def test_every_problem_says_what_follows_and_what_to_do():
    for change, _ in (*FAULTS, *LONELY):
        document = valid_document()
        change(document)
        with pytest.raises(InvalidInputError) as raised:
            plan_document(document)
        for problem in raised.value.problems:
            assert problem.problem, problem
            assert problem.fix, problem
            assert "\n" not in str(problem)
            for word in ("tuple", "Tuple", "_type_of", "instance of", "pydantic", "Input tag"):
                assert word not in str(problem)
