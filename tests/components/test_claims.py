"""What a stack declares so that pods can claim GPUs: in which order, whose namespaces, and what stays."""

import pytest

from gpucloud import GpuEnvironment, GpuStack, GpuStackSpec
from gpucloud.plan import plan_document
from tests.components.recorder import record
from tests.components.test_goldens import declared

TEMPLATE, CLASS = "v1:ResourceClaimTemplate", "v1:DeviceClass"
POOL = {
    "name": "h100",
    "machine_type": "p5.48xlarge",
    "zones": ["us-east-1a"],
    "size": {"min": 1, "desired": 1, "max": 2},
}


def _plan(**claims):
    stack = {"allocation": "dra", "claims": {"namespaces": ["team-b", "team-a"], **claims}}
    cluster = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [POOL], "gpu_stack": stack}
    return plan_document({"name": "prod", "clusters": [cluster]})


@pytest.fixture(scope="module")
def found():
    return record(lambda: GpuEnvironment("prod", _plan()) and None)


def test_they_are_made_after_every_release_and_so_go_before_them(found):
    releases = {entry.key for entry in found.of_type("helm.sh/v3:Release")}
    assert "kubernetes:helm.sh/v3:Release::prod-train-dra-driver-nvidia-gpu" in releases
    made = [*found.of_type(CLASS), *found.of_type(TEMPLATE)]
    assert len(made) == 5
    assert all(releases <= set(entry.dependencies) for entry in made)


def test_a_template_is_in_every_namespace_under_the_same_name(found):
    names = [
        (entry.inputs["metadata"]["namespace"], entry.inputs["metadata"]["name"]) for entry in found.of_type(TEMPLATE)
    ]
    assert sorted(names) == [
        (namespace, name)
        for namespace in ("team-a", "team-b")
        for name in ("gpucloud-h100-sxm-80gb", "gpucloud-h100-sxm-80gb-x8")
    ]
    template = found.one(TEMPLATE, "prod-train-resourceclaimtemplate-gpucloud-h100-sxm-80gb-team-a")
    assert "kubernetes:core/v1:Namespace::prod-train-team-a" in template.dependencies


def test_teams_namespaces_are_restricted_and_stay(found):
    levels = {
        entry.inputs["metadata"]["name"]: (
            entry.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"],
            entry.retain_on_delete,
        )
        for entry in found.of_type("core/v1:Namespace")
    }
    operators = ("privileged", False)
    assert levels == {
        "dra-driver-nvidia-gpu": operators,
        "gpu-operator": operators,
        "team-a": ("restricted", True),
        "team-b": ("restricted", True),
    }


def test_namespaces_of_somebody_else_are_not_declared():
    found = record(lambda: GpuEnvironment("prod", _plan(make_namespaces=False)) and None)
    names = {entry.inputs["metadata"]["name"] for entry in found.of_type("core/v1:Namespace")}
    assert names == {"dra-driver-nvidia-gpu", "gpu-operator"}
    assert len(found.of_type(TEMPLATE)) == 4


def test_namespaces_with_a_quota_are_teams_too():
    held = {"by": "quota", "count": 4, "namespaces": ["team-a"]}
    cluster = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [{**POOL, "held_back": held}]}
    found = record(lambda: GpuEnvironment("prod", plan_document({"name": "prod", "clusters": [cluster]})) and None)
    namespace = found.one("core/v1:Namespace", "prod-train-team-a")
    assert namespace.inputs["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "restricted"}
    assert namespace.retain_on_delete
    quota = found.one("core/v1:ResourceQuota").inputs
    assert quota["metadata"]["namespace"] == "team-a"
    assert quota["spec"] == {"hard": {"requests.nvidia.com/gpu": "12"}}


def test_a_team_with_its_own_cluster_has_them_too():
    """The component knows no version of Kubernetes: no class for the bridge, which an old one would drop."""
    pool = {**POOL, "sharing": {"type": "mig", "profile": "1g.10gb"}}
    stack = {"allocation": "dra"}
    cluster = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [pool], "gpu_stack": stack}
    pools = plan_document({"name": "prod", "clusters": [cluster]}).clusters[0].node_pools
    found = record(lambda: GpuStack("it", GpuStackSpec(**stack), pools) and None)
    assert [entry.name for entry in found.of_type(CLASS)] == ["it-deviceclass-gpucloud-h100-sxm-80gb-1g.10gb"]


def test_the_scenario_has_a_bridge_for_instances_alone():
    classes = {
        entry.inputs["metadata"]["name"]: entry.inputs["spec"] for entry in declared("claimed-gpus").of_type(CLASS)
    }
    named = {name: spec["extendedResourceName"] for name, spec in classes.items() if "extendedResourceName" in spec}
    assert named == {"gpucloud-mig-3g.20gb": "nvidia.com/mig-3g.20gb"}
