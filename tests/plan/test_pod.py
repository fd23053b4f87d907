"""The pod that is printed for a pool: it asks as the pool gives, and for nothing that no node has."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document
from gpucloud.plan.pod import pod_objects

IMAGE = "registry.example.com/work:1"
_CLAIMS = {"allocation": "dra", "claims": {"namespaces": ["team-b", "team-a"]}}
_EAST = {"cloud": "aws", "region": "us-east-1"}


def _objects(machine: str, count: int = 1, stack: Any = None, home: Any = None, **fields: Any) -> list[dict[str, Any]]:
    zones = {"aws": ["us-east-1a"], "azure": ["1"]}[(home or _EAST)["cloud"]]
    size = {"min": 1, "desired": 1, "max": 2}
    pool = {"name": "gpu", "machine_type": machine, "zones": zones, "size": size, **fields}
    cluster = {"name": "train", **(home or _EAST), "gpu_stack": stack or {}, "node_pools": [pool]}
    plan = plan_document({"name": "prod", "clusters": [cluster]}).clusters[0]
    return list(pod_objects(plan, plan.node_pools[0], count, IMAGE, "--count"))


def _resources(pod: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod["spec"]["containers"]
    return dict(container["resources"])


def test_counted_gpus_are_limits_on_the_pools_nodes() -> None:
    (pod,) = _objects("p5.48xlarge", 2, fabric="efa")
    assert _resources(pod) == {"limits": {"nvidia.com/gpu": "2"}}
    assert pod["spec"]["nodeSelector"] == {"gpucloud.io/pool": "gpu"}
    assert "volumes" not in pod["spec"]
    assert "namespace" not in pod["metadata"]


def test_a_whole_node_has_its_fabric_and_shared_memory() -> None:
    (pod,) = _objects("p5.48xlarge", 8, fabric="efa")
    limits = _resources(pod)["limits"]
    assert (limits["nvidia.com/gpu"], limits["vpc.amazonaws.com/efa"]) == ("8", "32")
    # Huge pages without memory are refused by the API server.
    assert {"hugepages-2Mi", "memory"} <= set(limits)
    assert pod["spec"]["volumes"] == [{"name": "shared-memory", "emptyDir": {"medium": "Memory"}}]


def test_every_taint_of_the_pool_and_its_capacity_is_tolerated() -> None:
    taint = {"key": "team", "value": "a", "effect": "NoExecute"}
    (pod,) = _objects("g6.xlarge", taints=[taint])
    assert {entry["key"] for entry in pod["spec"]["tolerations"]} == {"nvidia.com/gpu", "team"}
    (free,) = _objects("g6.xlarge", gpu_taint=False)
    assert "tolerations" not in free["spec"]


def test_other_vendors_devices_have_their_own_name() -> None:
    home = {"cloud": "azure", "region": "westus"}
    stack = {"amd_driver_image": "registry.example.com/amd/driver"}
    fields = {"driver_owner": "operator", "zones": ["regional"]}
    (pod,) = _objects("Standard_ND96isr_MI300X_v5", 8, stack, home, **fields)
    assert _resources(pod) == {"limits": {"amd.com/gpu": "8"}}


def test_instances_are_counted_as_the_plugin_counts_them() -> None:
    (pod,) = _objects("p4d.24xlarge", 2, sharing={"type": "mig", "profile": "1g.5gb"})
    assert _resources(pod) == {"limits": {"nvidia.com/gpu": "2"}}


def test_the_profile_of_the_node_is_the_pods() -> None:
    (pod,) = _objects("g6.xlarge", seccomp_profile=True)
    profile = {"type": "Localhost", "localhostProfile": "gpucloud.json"}
    assert pod["spec"]["securityContext"]["seccompProfile"] == profile


def test_a_claim_names_the_stacks_template_in_its_namespace() -> None:
    (pod,) = _objects("p5.48xlarge", 8, _CLAIMS, fabric="efa")
    assert pod["metadata"]["namespace"] == "team-a"
    template = "gpucloud-h100-sxm-80gb-x8"
    assert pod["spec"]["resourceClaims"] == [{"name": "gpus", "resourceClaimTemplateName": template}]
    resources = _resources(pod)
    assert resources["claims"] == [{"name": "gpus"}]
    assert "nvidia.com/gpu" not in resources["limits"]
    assert resources["limits"]["vpc.amazonaws.com/efa"] == "32"


@pytest.mark.parametrize(("stack", "namespace"), [(_CLAIMS, "team-a"), ({"allocation": "dra"}, None)])
def test_a_template_that_nobody_makes_stands_before_the_pod(stack: Any, namespace: str | None) -> None:
    template, pod = _objects("p5.48xlarge", 3, stack)
    (request,) = template["spec"]["spec"]["devices"]["requests"]
    assert request["exactly"]["count"] == 3
    assert pod["spec"]["resourceClaims"][0]["resourceClaimTemplateName"] == template["metadata"]["name"]
    assert template["metadata"].get("namespace") == pod["metadata"].get("namespace") == namespace


def test_a_whole_node_of_a_rack_has_a_compute_domain() -> None:
    rack = {"cloud": "azure", "region": "southcentralus"}
    domain, pod = _objects("Standard_ND128isr_NDR_GB200_v6", 4, _CLAIMS, rack)
    assert (domain["apiVersion"], domain["kind"]) == ("resource.nvidia.com/v1beta1", "ComputeDomain")
    channel = domain["spec"]["channel"]["resourceClaimTemplate"]["name"]
    assert [entry["resourceClaimTemplateName"] for entry in pod["spec"]["resourceClaims"]] == [
        "gpucloud-gb200-186gb-x4", channel,
    ]  # fmt: skip
    assert [entry["name"] for entry in _resources(pod)["claims"]] == ["gpus", "imex-channel"]
    (alone,) = _objects("Standard_ND128isr_NDR_GB200_v6", 1, _CLAIMS, rack)
    assert alone["kind"] == "Pod"


@pytest.mark.parametrize(
    ("machine", "count", "fields", "most"),
    [
        ("p5.48xlarge", 9, {}, 8),
        ("p5.48xlarge", 9, {"stack": _CLAIMS}, 8),
        ("p4d.24xlarge", 57, {"sharing": {"type": "mig", "profile": "1g.5gb"}}, 56),
        # A claim holds 32 devices.
        ("p4d.24xlarge", 33, {"sharing": {"type": "mig", "profile": "1g.5gb"}, "stack": _CLAIMS}, 32),
        # The plugin refuses a second turn (failRequestsGreaterThanOne).
        ("g6.xlarge", 2, {"sharing": {"type": "time-slicing", "replicas": 4}}, 1),
        ("g6.xlarge", 2, {"sharing": {"type": "mps", "replicas": 4}}, 1),
    ],
)
def test_more_than_a_node_gives_is_refused(machine: str, count: int, fields: Any, most: int) -> None:
    assert _objects(machine, most, **fields)
    with pytest.raises(InvalidInputError) as error:
        _objects(machine, count, **fields)
    (problem,) = error.value.problems
    assert (problem.path, problem.fix) == ("--count", f"ask for {most} or fewer")
