"""The gate's plan: what each pool's Job asks for and judges, when it runs again, and what nobody looks at."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan.gate import plan_gate
from gpucloud.plan.gate_model import GateCheckPlan, GatePlan
from gpucloud.plan.images import pulled_images
from gpucloud.plan.model import ClusterPlan, NodePoolPlan
from gpucloud.spec import GateSpec, GpuStackSpec, MirrorSpec, NodePoolSpec
from tests.plan.pools import cluster, cluster_on, environment, plan_environment, pool, pool_on, pool_plan

ONE = {"desired": 1, "max": 2}


def _cluster(*pools: NodePoolSpec, stack: dict[str, Any] | None = None, **fields: Any) -> ClusterPlan:
    given = GpuStackSpec(**{"gate": True, **(stack or {})})
    return plan_environment(environment(cluster(*pools, gpu_stack=given, **fields))).clusters[0]


def _gate(*pools: NodePoolSpec, **fields: Any) -> GatePlan:
    found = _cluster(*(pools or (pool(size=ONE),)), **fields).gate
    assert found is not None
    return found


def _check(**fields: Any) -> GateCheckPlan:
    (check,) = _gate(pool(**{"size": ONE, **fields})).checks
    return check


def _pod(check: GateCheckPlan) -> Any:
    return check.spec["template"]["spec"]


def _asked(check: GateCheckPlan) -> Any:
    return _pod(check)["containers"][0]["resources"]["limits"].get("nvidia.com/gpu")


def _script(check: GateCheckPlan) -> str:
    return str(_pod(check)["containers"][0]["command"][2])


def test_it_is_off_unless_somebody_asks() -> None:
    assert GpuStackSpec().gate is None
    assert GpuStackSpec(gate=False).gate is None
    assert GpuStackSpec(gate=True).gate == GateSpec()
    assert plan_environment(environment(cluster(pool()))).clusters[0].gate is None


@pytest.mark.parametrize(
    ("fields", "asked", "judged"),
    [
        ({}, "8", '[ "$count" -eq 8 ]'),
        ({"sharing": {"type": "mig", "profile": "1g.10gb"}}, "56", '[ "$parts0" -eq 56 ]'),
        ({"sharing": {"type": "mps", "replicas": 4}}, "1", '[ "$count" -eq 1 ]'),
        ({"sharing": {"type": "time-slicing", "replicas": 4}}, "1", '[ "$count" -eq 1 ]'),
        # A pod with eight devices on two NUMA nodes would be refused by the kubelet.
        ({"kubelet": {"cpuManagerPolicy": "static", "topologyManagerPolicy": "single-numa-node"}}, "4", "-eq 4 ]"),
        ({"kubelet": {"cpuManagerPolicy": "static", "topologyManagerPolicy": "restricted"}}, "8", "-eq 8 ]"),
    ],
)
def test_a_job_asks_for_what_one_pod_can_have_of_a_node(fields: dict[str, Any], asked: str, judged: str) -> None:
    check = _check(**fields)
    assert _asked(check) == asked
    assert judged in _script(check)


def test_by_claims_the_job_brings_its_own() -> None:
    (check,) = _gate(pool(size={**ONE, "min": 1}), stack={"allocation": "dra"}).checks
    assert _asked(check) is None
    assert check.claim is not None
    (request,) = check.claim["spec"]["devices"]["requests"]
    assert request["exactly"] == {"allocationMode": "ExactCount", "count": 8, "deviceClassName": "gpu.nvidia.com"}
    (claim,) = _pod(check)["resourceClaims"]
    assert claim["resourceClaimTemplateName"] == check.name
    assert _pod(check)["containers"][0]["resources"]["claims"] == [{"name": claim["name"]}]
    assert _check().claim is None


def test_a_job_reaches_its_pool_and_no_other() -> None:
    taints = ({"key": "team", "value": "infra", "effect": "NoExecute"},)
    check = _check(taints=taints, capacity=("spot",))
    assert _pod(check)["nodeSelector"] == {"gpucloud.io/pool": "gpu"}
    tolerated = {(entry["key"], entry["effect"]) for entry in _pod(check)["tolerations"]}
    assert tolerated == {("nvidia.com/gpu", "NoSchedule"), ("team", "NoExecute")}
    (azure,) = plan_gate(GateSpec(), [_on("azure", capacity=("spot",))]).checks
    assert "kubernetes.azure.com/scalesetpriority" in {entry["key"] for entry in _pod(azure)["tolerations"]}


def _on(cloud: Any, **fields: Any) -> NodePoolPlan:
    planned = cluster_on(cloud, pool_on(cloud, size=ONE, **fields))
    return plan_environment(environment(planned)).clusters[0].node_pools[0]


def test_a_job_that_fails_fails_at_once_and_stays() -> None:
    """Pulumi would see a Job that its TTL took as drift, and run it at every update."""
    check = _check()
    assert check.spec["backoffLimit"] == 0
    assert check.spec["activeDeadlineSeconds"] == 1_800
    assert "ttlSecondsAfterFinished" not in check.spec
    assert _pod(check)["restartPolicy"] == "Never"


CHANGES: dict[str, dict[str, Any]] = {
    "operator": {"stack": {"operator_version": "26.3.3"}},
    "kubernetes": {"kubernetes_version": "1.33"},
    "machine": {"pool": {"machine_type": "p5.4xlarge"}},
    "sharing": {"pool": {"sharing": {"type": "mig", "profile": "1g.10gb"}}},
    "image": {"pool": {"image": {"family": "bottlerocket"}}},
    "taints": {"pool": {"taints": ({"key": "team"},)}},
    "deadline": {"stack": {"gate": {"deadline_seconds": 600}}},
}


def _name(**changes: Any) -> str:
    own = changes.pop("pool", {})
    (check,) = _gate(pool(**{"size": ONE, "zones": ("us-east-1a",), **own}), **changes).checks
    return check.name


@pytest.mark.parametrize("change", CHANGES)
def test_another_software_machine_or_sharing_is_another_job(change: str) -> None:
    assert _name(**CHANGES[change]) != _name()


def test_another_driver_is_another_job() -> None:
    own = {"driver_owner": "operator", "image": {"family": "custom", "id": "ami-0123456789abcdef0"}}
    names = {_name(pool={**own, "driver_version": version}) for version in ("580.126.20", "580.105.08")}
    assert len(names) == 2


@pytest.mark.parametrize("change", [{"size": {"desired": 1, "max": 9}}, {"labels": {"team": "infra"}}])
def test_what_it_does_not_judge_runs_it_not_again(change: dict[str, Any]) -> None:
    assert _name(pool=change) == _name()


def test_names_are_labels_however_long_a_pools_name_is() -> None:
    long = pool_plan(size=ONE, name="n" * 27)
    names = {check.name for check in plan_gate(GateSpec(), [long]).checks}
    assert all(len(name) <= 63 and name.startswith("gate-nnn") for name in names)


def test_pools_of_one_cluster_are_sorted_and_do_not_move_each_other() -> None:
    first, second, third = (pool(name=name, size=ONE) for name in ("a", "b", "c"))
    found = _gate(third, first, second)
    assert [check.pool for check in found.checks] == ["a", "b", "c"]
    assert found == _gate(second, third, first)
    assert [check.name for check in _gate(first, second).checks] == [check.name for check in found.checks[:2]]


def test_skipped_is_refused_unless_it_is_allowed() -> None:
    pools = [pool_plan(size=ONE, name="full"), pool_plan(name="empty")]
    with pytest.raises(InvalidInputError, match=r"gate: cannot look at pool empty \(the pool starts at zero nodes\)"):
        plan_gate(GateSpec(), pools)
    found = plan_gate(GateSpec(allow_skipped=True), pools)
    assert [check.pool for check in found.checks] == ["full"]
    assert found.skipped == (("empty", "the pool starts at zero nodes"),)


def test_a_gate_that_sees_nothing_is_refused_in_any_case() -> None:
    with pytest.raises(InvalidInputError, match="looks at no pool"):
        plan_gate(GateSpec(allow_skipped=True), [pool_plan(name="empty")])
    with pytest.raises(InvalidInputError, match="looks at no pool"):
        plan_gate(GateSpec(allow_skipped=True), [])


def test_accelerators_without_a_check_are_skipped() -> None:
    trainium = pool_plan(name="trn", machine_type="trn1.32xlarge", zones=("us-east-1a",), size=ONE)
    found = plan_gate(GateSpec(allow_skipped=True), [trainium, pool_plan(size=ONE)])
    assert found.skipped == (("trn", "the gate has no check for trainium1-32gb"),)


@pytest.mark.parametrize(
    ("sharing", "claims", "count", "judged"),
    [
        ({"profile": "3g.40gb"}, 1, 16, ("16",)),
        # 56 are more than one claim takes.
        ({"profile": "1g.10gb"}, 2, 28, ("56",)),
        ({"layout": {"1g.10gb": 2, "3g.40gb": 1}}, 1, 24, ("16", "8")),
    ],
)
def test_instances_are_claimed_and_told_apart_by_the_script(
    sharing: dict[str, Any], claims: int, count: int, judged: tuple[str, ...]
) -> None:
    size = {**ONE, "min": 1}
    (check,) = _gate(pool(size=size, sharing={"type": "mig", **sharing}), stack={"allocation": "dra"}).checks
    assert check.claim is not None
    (request,) = check.claim["spec"]["devices"]["requests"]
    assert request["exactly"] == {"allocationMode": "ExactCount", "count": count, "deviceClassName": "mig.nvidia.com"}
    named = [entry["name"] for entry in _pod(check)["resourceClaims"]]
    assert len(set(named)) == claims
    assert {entry["resourceClaimTemplateName"] for entry in _pod(check)["resourceClaims"]} == {check.name}
    assert _pod(check)["containers"][0]["resources"]["claims"] == [{"name": name} for name in named]
    for index, number in enumerate(judged):
        assert f'[ "$parts{index}" -eq {number} ]' in _script(check)


def test_images_come_from_mirrors_and_are_listed() -> None:
    mirror = MirrorSpec(registry="nvcr.io", endpoint="https://m.example.com/nvcr")
    found = _cluster(pool(size=ONE), mirrors=(mirror,), stack={"pull_secret": "nvcr"})
    assert found.gate is not None
    (check,) = found.gate.checks
    assert check.image == "m.example.com/nvcr/nvidia/cuda:13.0.0-base-ubuntu22.04"
    assert _pod(check)["containers"][0]["image"] == check.image
    assert _pod(check)["imagePullSecrets"] == [{"name": "nvcr"}]
    assert check.image in {image.reference for image in pulled_images(found) if image.release == "gate"}


def test_an_own_image_may_have_a_digest() -> None:
    own = f"registry.example.com:5000/smi@sha256:{'0' * 64}"
    found = _cluster(pool(size=ONE), stack={"gate": {"nvidia_image": own}})
    (image,) = [entry for entry in pulled_images(found) if entry.release == "gate"]
    assert (image.repository, image.tag) == ("registry.example.com:5000/smi", None)
    assert image.reference == own
    assert found.gate is not None
    assert found.gate.checks[0].image == own


NUMA = {"cpuManagerPolicy": "static", "topologyManagerPolicy": "single-numa-node"}
UNLIKE = [{"gpus": [0, 1, 2, 3, 4, 5, 6], "instances": {"1g.10gb": 7}}, {"gpus": [7], "instances": {"7g.80gb": 1}}]


@pytest.mark.parametrize(
    ("layout", "kubelet", "asked", "judged"),
    [
        ({"1g.10gb": 2, "3g.40gb": 1}, {}, {"1g.10gb": "16", "3g.40gb": "8"}, ("8", "16 ", "8 ")),
        (UNLIKE, {}, {"1g.10gb": "49", "7g.80gb": "1"}, ("8", "49 ", "1 ")),
        ({"1g.10gb": 2, "3g.40gb": 1}, NUMA, {"1g.10gb": "8", "3g.40gb": "4"}, ("4", "8 ", "4 ")),
    ],
)
def test_a_job_asks_for_all_instances_of_a_layout(
    layout: Any, kubelet: dict[str, Any], asked: dict[str, str], judged: tuple[str, ...]
) -> None:
    check = _check(sharing={"type": "mig", "layout": layout}, kubelet=kubelet)
    limits = _pod(check)["containers"][0]["resources"]["limits"]
    found = {
        key.removeprefix("nvidia.com/mig-"): count for key, count in limits.items() if key.startswith("nvidia.com")
    }
    assert found == asked
    devices, *parts = judged
    assert f"devices, planned {devices}" in _script(check)
    for index, profile in enumerate(sorted(asked)):
        assert f'[ "$parts{index}" -eq {parts[index]}] || fail "$parts{index} MIG instances {profile}' in _script(check)


def test_a_layout_that_no_pod_can_have_together_is_skipped_and_said_to_be() -> None:
    size = {"min": 1, "desired": 1, "max": 1}
    document = environment(
        cluster(
            pool(name="cut", size=size, kubelet=NUMA, sharing={"type": "mig", "layout": UNLIKE}),
            pool(name="whole", size=size),
            gpu_stack={"gate": {"allow_skipped": True}},
        )
    )
    gate = plan_environment(document).clusters[0].gate
    assert gate is not None
    assert [check.pool for check in gate.checks] == ["whole"]
    assert "cut in several ways on two NUMA nodes" in dict(gate.skipped)["cut"]
