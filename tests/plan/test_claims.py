"""Device classes and claim templates: what they select, what they are called, and where they are."""

import itertools
import re
from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.facts.accelerators import accelerators
from gpucloud.facts.device_mig import mig_profiles
from gpucloud.plan import plan_document
from gpucloud.plan.claims import DeviceKind, claim_manifests
from gpucloud.plan.model import ClusterPlan, ManifestPlan
from gpucloud.spec import GpuStackSpec
from tests.plan.pools import cluster, environment, pool, problems_of

# What DeviceClass and ResourceClaimTemplate take as a name (RFC 1123 subdomain), and a label's length for the resource
# that Kubernetes counts a class as.
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_MIG = {"sharing": {"type": "mig", "profile": "1g.10gb"}}


def _pool(name: str, machine: str, zone: str = "us-east-1a", **fields: Any) -> dict[str, Any]:
    size = {"min": 1, "desired": 1, "max": 2}
    return {"name": name, "machine_type": machine, "zones": [zone], "size": size, **fields}


def _plan(*pools: dict[str, Any], version: str = "1.35", claims: Any = None, **fields: Any) -> ClusterPlan:
    stack = {"allocation": "dra", **({"claims": claims} if claims else {})}
    home = {"name": "train", "cloud": "aws", "region": "us-east-1"}
    found = {**home, "kubernetes_version": version, "gpu_stack": stack, "node_pools": list(pools), **fields}
    return plan_document({"name": "prod", "clusters": [found]}).clusters[0]


def _of(plan: ClusterPlan, kind: str) -> dict[str, ManifestPlan]:
    return {entry.name: entry for entry in plan.manifests if entry.kind == kind}


def _expression(plan: ManifestPlan) -> str:
    (selector,) = plan.spec["selectors"]
    return str(selector["cel"]["expression"])


def test_a_class_says_driver_kind_and_every_name_of_the_product() -> None:
    (found,) = _of(_plan(_pool("a", "p4d.24xlarge")), "DeviceClass").values()
    assert (found.name, found.api_version, found.namespace) == ("gpucloud-a100-sxm-40gb", "resource.k8s.io/v1", None)
    assert _expression(found) == (
        "device.driver == 'gpu.nvidia.com' && device.attributes['gpu.nvidia.com'].type == 'gpu' && "
        "device.attributes['gpu.nvidia.com'].productName in "
        "['NVIDIA A100-SXM4-40GB', 'A100-SXM4-40GB', 'NVIDIA A100-PG509-200']"
    )


def test_equal_gpus_of_two_pools_have_one_class_and_a_template_for_each_size_of_node() -> None:
    plan = _plan(_pool("a", "p5.48xlarge"), _pool("b", "p5.4xlarge"), claims={"namespaces": ["team-b", "team-a"]})
    assert list(_of(plan, "DeviceClass")) == ["gpucloud-h100-sxm-80gb"]
    found = [(entry.namespace, entry.name) for entry in plan.manifests if entry.kind == "ResourceClaimTemplate"]
    names = ["gpucloud-h100-sxm-80gb", "gpucloud-h100-sxm-80gb-x8"]
    assert sorted(found) == list(itertools.product(["team-a", "team-b"], names))
    (request,) = _of(plan, "ResourceClaimTemplate")[names[1]].spec["spec"]["devices"]["requests"]
    assert request["exactly"] == {"deviceClassName": names[0], "allocationMode": "ExactCount", "count": 8}


def test_instances_and_whole_gpus_are_two_classes() -> None:
    plan = _plan(_pool("a", "p5.48xlarge"), _pool("b", "p5.48xlarge", **_MIG), claims={"namespaces": ["t"]})
    classes = _of(plan, "DeviceClass")
    assert list(classes) == ["gpucloud-h100-sxm-80gb", "gpucloud-h100-sxm-80gb-1g.10gb"]
    assert "type == 'mig'" in _expression(classes["gpucloud-h100-sxm-80gb-1g.10gb"])
    assert "profile in ['1g.10gb']" in _expression(classes["gpucloud-h100-sxm-80gb-1g.10gb"])
    # 56 instances are more than a claim holds, and nobody asks for all of a node's.
    assert set(_of(plan, "ResourceClaimTemplate")) == {*classes, "gpucloud-h100-sxm-80gb-x8"}


def test_a_part_of_a_gpu_has_a_class_and_a_name_of_its_own() -> None:
    classes = _of(_plan(_pool("whole", "g6.xlarge"), _pool("half", "g6f.4xlarge")), "DeviceClass")
    assert list(classes) == ["gpucloud-l4-24gb", "gpucloud-l4-24gb-1of2"]
    assert _expression(classes["gpucloud-l4-24gb"]).endswith("productName in ['NVIDIA L4']")
    assert _expression(classes["gpucloud-l4-24gb-1of2"]).endswith("productName in ['NVIDIA L4-12Q']")


@pytest.mark.parametrize(("version", "bridges"), [("1.34", False), ("1.35", False), ("1.36", True), ("1.37", True)])
def test_the_bridge_for_instances_is_where_kubernetes_has_it(version: str, bridges: bool) -> None:
    pools = (_pool("a", "p5.48xlarge", **_MIG), _pool("b", "p4de.24xlarge", **_MIG))
    classes = _of(_plan(*pools, version=version), "DeviceClass")
    named = [entry.spec["extendedResourceName"] for entry in classes.values() if "extendedResourceName" in entry.spec]
    # Two GPUs have this profile: of two classes with one resource Kubernetes would take the newer.
    assert named == (["nvidia.com/mig-1g.10gb"] if bridges else [])
    assert ("gpucloud-mig-1g.10gb" in classes) is bridges


def test_whole_gpus_are_bridged_by_the_drivers_class_alone() -> None:
    classes = _of(_plan(_pool("a", "p5.48xlarge"), _pool("b", "p4d.24xlarge"), version="1.36"), "DeviceClass")
    assert len(classes) == 2
    assert all("extendedResourceName" not in entry.spec for entry in classes.values())


def test_no_cluster_that_counts_gpus_has_a_class() -> None:
    plan = plan_document(environment(cluster(pool()))).clusters[0]
    assert _of(plan, "DeviceClass") == {}
    assert claim_manifests(None, plan.node_pools, "1.36") == ()


def test_a_component_with_pools_that_count_refuses_templates() -> None:
    """The rules see whole documents; a component is given pools that somebody has planned."""
    stack = GpuStackSpec(allocation="dra", claims={"namespaces": ("team-a",)})
    counted = plan_document(environment(cluster(pool()))).clusters[0].node_pools
    with pytest.raises(InvalidInputError, match="no device would ever meet a claim"):
        claim_manifests(stack, counted, None)


def test_they_come_after_the_driver_and_namespaces_before() -> None:
    plan = _plan(_pool("a", "p5.48xlarge"), claims={"namespaces": ["team-a"]})
    after = {entry.kind: entry.after_releases for entry in plan.manifests}
    assert (after["DeviceClass"], after["ResourceClaimTemplate"], after["Namespace"]) == (True, True, False)


def test_namespaces_of_somebody_else_are_not_made() -> None:
    plan = _plan(_pool("a", "p5.48xlarge"), claims={"namespaces": ["team-a"], "make_namespaces": False})
    assert _of(plan, "Namespace") == {}
    assert len(_of(plan, "ResourceClaimTemplate")) == 2


def test_every_kind_there_can_be_has_a_name_of_its_own() -> None:
    """What of all facts could stand in one cluster: names that Kubernetes takes, and no two alike."""
    kinds = [
        DeviceKind(entry.name, part, profile, (), ())
        for entry in accelerators()
        for part in ("1", "1/2", "1/8")
        for profile in (None, *(mig_profiles(entry.name) if part == "1" else ()))
    ]
    names = [kind.class_name for kind in kinds] + [kind.template_name(16) for kind in kinds]
    names += {f"gpucloud-mig-{kind.profile.resource_name}" for kind in kinds if kind.profile}
    assert len(names) == len(set(names))
    assert len(kinds) > 250
    wrong = [kind for kind in kinds if not _SUBDOMAIN.fullmatch(kind.class_name) or len(kind.class_name) > 63]
    assert wrong == []


def test_the_same_pools_in_another_order_make_the_same_objects() -> None:
    pools = (_pool("a", "p5.48xlarge"), _pool("b", "p4d.24xlarge"), _pool("c", "p5.48xlarge", **_MIG))
    claims = {"namespaces": ["team-a", "team-b"]}
    assert _plan(*pools, claims=claims).manifests == _plan(*reversed(pools), claims=claims).manifests


# --- rules that need the machine types ---


def _refused(*pools: dict[str, Any], **fields: Any) -> list[tuple[str, str]]:
    try:
        _plan(*pools, claims={"namespaces": ["team-a"]}, **fields)
    except InvalidInputError as error:
        return [(problem.path, problem.problem) for problem in error.problems]
    return []


def test_claims_need_a_pool_of_nvidias() -> None:
    neuron = _pool("trn", "trn2.48xlarge", "us-east-2b")
    home = {"region": "us-east-2"}
    assert _refused(neuron, _pool("h100", "p5.48xlarge", "us-east-2b"), **home) == []
    assert _refused(neuron, **home) == [
        ("clusters[train].gpu_stack.claims", "no pool has NVIDIA GPUs, and nothing else can be claimed")
    ]


def test_claims_need_the_name_that_the_driver_has() -> None:
    known = _pool("whole", "g4-standard-48", "us-central1-b", driver_owner="operator", image={"family": "ubuntu"})
    half = {**known, "name": "half", "machine_type": "g4-standard-24"}
    home = {"cloud": "gcp", "region": "us-central1"}
    assert _refused(known, **home) == []
    ((path, problem),) = _refused(known, half, **home)
    assert path == "clusters[train].gpu_stack.claims"
    assert "what the driver calls the GPUs of pool half" in problem
    # Without templates such a pool has its GPUs; it just has no class.
    plan = _plan(known, half, **home)
    assert list(_of(plan, "DeviceClass")) == ["gpucloud-rtx-pro-6000-server-96gb"]


def test_an_old_kubernetes_has_none() -> None:
    stack = GpuStackSpec(allocation="dra", claims={"namespaces": ("team-a",)})
    old = cluster(pool(size={"min": 1, "desired": 1}), gpu_stack=stack, kubernetes_version="1.33")
    assert [problem.path for problem in problems_of(environment(old))] == ["clusters[train].kubernetes_version"]
