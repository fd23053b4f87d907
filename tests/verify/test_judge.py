"""The gate: a cluster that fits its plan passes, each thing that is wrong fails, and nothing unseen reads as pass."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from gpucloud.plan import plan_environment
from gpucloud.plan.model import ClusterPlan
from gpucloud.verify import CHECKS, SeenCluster, SeenDaemonSet, SeenNode, Unseen, Verdict, judge, passes
from tests.plan.pools import cluster_on, environment, pool_on
from tests.verify.views import METRICS, fitting, h100

Break = Callable[[SeenCluster], SeenCluster]


def _first(**changes: object) -> Break:
    def broken(seen: SeenCluster) -> SeenCluster:
        first, *others = seen.nodes
        return replace(seen, nodes=(replace(first, **changes), *others))  # type: ignore[arg-type]

    return broken


def _label(key: str, value: str | None) -> Break:
    def broken(seen: SeenCluster) -> SeenCluster:
        labels = {**seen.nodes[0].labels, key: value or ""}
        if value is None:
            del labels[key]
        return _first(labels=labels)(seen)

    return broken


def _allocatable(resource: str, amount: str, capacity: str = "8") -> Break:
    def broken(seen: SeenCluster) -> SeenCluster:
        node = seen.nodes[0]
        return _first(
            allocatable={**node.allocatable, resource: amount}, capacity={**node.capacity, resource: capacity}
        )(seen)

    return broken


def _metrics(**changes: tuple[float, ...] | None) -> Break:
    def broken(seen: SeenCluster) -> SeenCluster:
        found = {name: values for name, values in {**METRICS, **changes}.items() if values is not None}
        return replace(seen, metrics={"node-0": found, "node-1": METRICS})

    return broken


def _closed(plan: ClusterPlan, seen: SeenCluster, outcome: str) -> list[Verdict]:
    verdicts = judge(plan, seen)
    assert not passes(verdicts)
    return [verdict for verdict in verdicts if verdict.outcome == outcome]


def test_a_cluster_that_fits_its_plan_passes_every_check() -> None:
    plan = h100()
    verdicts = judge(plan, fitting(plan))
    assert {verdict.outcome for verdict in verdicts} == {"pass"}
    assert {verdict.check for verdict in verdicts} == set(CHECKS)
    assert passes(verdicts)


@pytest.mark.parametrize(
    ("check", "broken", "words"),
    [
        ("nodes", _first(ready=False), "node-0: not Ready"),
        ("nodes", lambda seen: replace(seen, nodes=seen.nodes[:1]), "1 nodes, at least 2 were planned"),
        ("nodes", lambda seen: replace(seen, nodes=()), "0 nodes, at least 2"),
        ("labels", _label("gpucloud.io/fabric", "none"), "gpucloud.io/fabric is 'none', planned 'efa'"),
        ("labels", _label("gpucloud.io/accelerator", None), "is None"),
        ("taints", _first(taints=frozenset()), "no taint nvidia.com/gpu=present:NoSchedule"),
        ("devices", _allocatable("nvidia.com/gpu", "7"), "7 of 8 nvidia.com/gpu allocatable, the others are unhealthy"),
        ("devices", _allocatable("nvidia.com/gpu", "0", "0"), "0 nvidia.com/gpu allocatable, planned 8"),
        ("devices", _allocatable("nvidia.com/gpu", "16", "16"), "16 nvidia.com/gpu allocatable, planned 8"),
        ("fabric", _allocatable("vpc.amazonaws.com/efa", "31", "32"), "31 vpc.amazonaws.com/efa, planned 32"),
        ("product", _label("nvidia.com/gpu.product", "NVIDIA-H200"), "NVIDIA-H200, planned h100-sxm-80gb"),
        ("product", _label("nvidia.com/gpu.product", None), "no label nvidia.com/gpu.product"),
        ("driver", _label("nvidia.com/cuda.driver-version.full", None), "no label nvidia.com/cuda.driver-version"),
        ("driver", _label("nvidia.com/cuda.runtime-version.full", None), "the driver has no CUDA"),
        ("metrics", _metrics(DCGM_FI_DEV_XID_ERRORS=None), "node-0: no DCGM_FI_DEV_XID_ERRORS"),
        ("metrics", lambda seen: replace(seen, metrics={}), "node-1: no DCGM_FI_DEV_FB_USED"),
        ("fabric", _metrics(DCGM_FI_DEV_FABRIC_MANAGER_STATUS=(3.0, 2.0)), "node-0: fabric in progress"),
        ("fabric", _metrics(DCGM_FI_DEV_FABRIC_MANAGER_STATUS=(4.0,)), "node-0: fabric failed"),
        (
            "operands",
            lambda seen: replace(seen, daemon_sets=(SeenDaemonSet("gpu-operator", "driver", 2, 1),)),
            "driver 1 of 2",
        ),
        ("operands", lambda seen: replace(seen, policy_state="notReady"), "the operator says notReady"),
        ("operands", lambda seen: replace(seen, policy_state=None), "there is none"),
    ],
)
def test_each_thing_that_is_wrong_closes_the_gate(check: str, broken: Break, words: str) -> None:
    plan = h100()
    failed = _closed(plan, broken(fitting(plan)), "fail")
    found = [verdict for verdict in failed if verdict.check == check]
    assert any(words in verdict.finding for verdict in found), failed
    assert all(verdict.fix for verdict in failed)


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        ("metrics", lambda seen: replace(seen, metrics=Unseen("may not"))),
        ("fabric", lambda seen: replace(seen, metrics=Unseen("may not"))),
        ("fabric", _metrics(DCGM_FI_DEV_FABRIC_MANAGER_STATUS=None)),
        ("operands", lambda seen: replace(seen, daemon_sets=Unseen("may not"))),
        ("operands", lambda seen: replace(seen, policy_state=Unseen("may not"))),
    ],
)
def test_what_nobody_could_see_is_skipped_and_no_pass(check: str, broken: Break) -> None:
    plan = h100()
    verdicts = judge(plan, broken(fitting(plan)))
    skipped = {verdict.check for verdict in verdicts if verdict.outcome == "skipped"}
    assert check in skipped
    assert "fail" not in {verdict.outcome for verdict in verdicts}
    assert not passes(verdicts)
    assert not passes(verdicts, frozenset(set(CHECKS) - {check}))
    assert passes(verdicts, frozenset(skipped))


def test_a_failure_is_never_allowed_away() -> None:
    plan = h100()
    verdicts = judge(plan, _first(ready=False)(fitting(plan)))
    assert not passes(verdicts, frozenset(CHECKS))


def test_nothing_looked_at_is_no_pass() -> None:
    plan = h100(size={"min": 0, "desired": 0, "max": 4})
    seen = replace(fitting(plan), nodes=())
    verdicts = judge(replace(plan, releases=()), seen)
    assert [verdict.outcome for verdict in verdicts] == ["not-applicable"]
    assert not passes(verdicts)
    assert not passes(())


def test_what_operators_leave_cannot_be_on_played_nodes() -> None:
    plan = h100()
    verdicts = judge(plan, fitting(plan, played=True))
    assert {verdict.check for verdict in verdicts if verdict.outcome == "skipped"} == {
        "driver",
        "fabric",
        "metrics",
        "operands",
        "product",
    }
    assert not passes(verdicts)


def test_a_driver_of_another_version_than_planned_fails() -> None:
    own = {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}, "driver_owner": "operator"}
    plan = h100(**own, driver_version="580.126.09")
    (failed,) = _closed(plan, fitting(plan), "fail")
    assert failed.finding.startswith("node-0: driver 580.126.20, planned 580.126.09")


def test_a_driver_that_does_not_know_the_gpu_fails() -> None:
    plan = h100(machine_type="p6-b200.48xlarge", zones=("us-east-1a",))
    seen = _label("nvidia.com/cuda.driver-version.full", "535.10.1")(fitting(plan))
    assert any("535.10.1 does not know b200-180gb" in entry.finding for entry in _closed(plan, seen, "fail"))


def test_claims_are_counted_by_what_the_driver_publishes() -> None:
    stack = {"gpu_stack": {"allocation": "dra"}}
    planned = pool_on("aws", size={"min": 2, "desired": 2, "max": 2})
    plan = plan_environment(environment(cluster_on("aws", planned, kubernetes_version="1.35", **stack))).clusters[0]
    seen = replace(fitting(plan), claimable={"node-0": 8, "node-1": 8})
    assert not [entry for entry in judge(plan, seen) if entry.check == "devices" and entry.outcome != "pass"]
    (failed,) = _closed(plan, replace(seen, claimable={"node-0": 8, "node-1": 7}), "fail")
    assert failed.finding == "node-1: 7 devices published, planned 8"
    (skipped,) = _closed(plan, replace(seen, claimable=Unseen("may not")), "skipped")
    assert skipped.check == "devices"


def test_shared_gpus_are_counted_as_their_parts_and_called_as_shared() -> None:
    plan = h100(sharing={"type": "time-slicing", "replicas": 4})
    seen = fitting(plan)
    assert seen.nodes[0].allocatable["nvidia.com/gpu"] == "32"
    labels = {**seen.nodes[0].labels, "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-SHARED"}
    assert passes(judge(plan, replace(seen, nodes=tuple(replace(node, labels=labels) for node in seen.nodes))))


def test_gkes_own_driver_is_judged_by_its_devices_alone() -> None:
    size = {"min": 2, "desired": 2, "max": 2}
    plan = plan_environment(environment(cluster_on("gcp", pool_on("gcp", size=size, zones=("us-central1-a",)))))
    (cluster,) = plan.clusters
    checks = {entry.check for entry in judge(cluster, fitting(cluster))}
    assert checks == {"devices", "labels", "nodes", "taints"}


def test_one_pool_can_be_looked_at_alone() -> None:
    plan = h100()
    assert {entry.subject for entry in judge(plan, fitting(plan), "gpu")} >= {"gpu"}
    assert "gpu" not in {entry.subject for entry in judge(plan, fitting(plan), "other")}


def test_nodes_of_other_pools_are_not_counted() -> None:
    plan = h100()
    other = SeenNode("system", {}, frozenset(), ready=False, capacity={}, allocatable={})
    seen = fitting(plan)
    assert passes(judge(plan, replace(seen, nodes=(*seen.nodes, other))))


def test_a_namespace_without_pods_on_nodes_says_so() -> None:
    plan = h100()
    verdicts = judge(plan, replace(fitting(plan), daemon_sets=()))
    assert [entry.outcome for entry in verdicts if entry.subject == "gpu-operator"] == ["not-applicable"]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"nvidia.com/mig-3g.40gb": "7"}, "7 nvidia.com/mig-3g.40gb allocatable, planned 8"),
        # A plugin that counts instances as GPUs, or does not see them.
        ({"nvidia.com/gpu": "32"}, "32 nvidia.com/gpu allocatable, planned 0"),
    ],
)
def test_unlike_instances_are_counted_each(changed: dict[str, str], finding: str) -> None:
    plan = h100(sharing={"type": "mig", "layout": {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}})
    seen = fitting(plan)
    (right,) = (entry for entry in judge(plan, seen) if entry.check == "devices")
    assert right.outcome == "pass"
    assert "16 nvidia.com/mig-1g.10gb" in right.finding
    first, *others = seen.nodes
    counts = {**first.allocatable, **changed}
    broken = replace(seen, nodes=(replace(first, capacity=counts, allocatable=counts), *others))
    (wrong,) = (entry for entry in judge(plan, broken) if entry.check == "devices")
    assert (wrong.outcome, wrong.finding) == ("fail", f"{first.name}: {finding}")
    assert [entry.outcome for entry in judge(plan, broken) if entry.check == "fabric"] == ["pass", "pass"]
