"""The policy against pods that take GPUs past the scheduler: where it is, and what it leaves alone."""

from typing import Any

import pytest

from gpucloud.plan import plan_environment
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.spec import GpuStackSpec
from tests.plan.pools import cluster_on, environment, pool_on

POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"


def _guard(cloud: Any = "aws", version: str = "1.34", **stack: Any) -> dict[str, ManifestPlan]:
    planned = cluster_on(cloud, kubernetes_version=version, gpu_stack=GpuStackSpec(**stack))
    plan = plan_environment(environment(planned))
    return {entry.kind: entry for entry in plan.clusters[0].manifests if entry.kind in {POLICY, BINDING}}


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_clusters_with_nvidia_pools_have_it(cloud: str) -> None:
    found = _guard(cloud)
    assert set(found) == {POLICY, BINDING}
    assert found[BINDING].spec == {"policyName": found[POLICY].name, "validationActions": ["Deny"]}


def test_operators_are_left_alone() -> None:
    (expression,) = _guard()[POLICY].spec["matchConstraints"]["namespaceSelector"]["matchExpressions"]
    assert {"kube-system", "gpu-operator"} <= set(expression["values"])
    assert expression["operator"] == "NotIn"


def test_it_can_warn_or_be_off() -> None:
    assert _guard(device_guard="warn")[BINDING].spec["validationActions"] == ["Warn"]
    assert _guard(device_guard="off") == {}


def test_a_kubernetes_without_such_policies_has_none() -> None:
    assert _guard("gcp", "1.29") == {}
    assert _guard("gcp", "1.30")


def test_pools_without_nvidia_gpus_need_none() -> None:
    nodes = pool_on("aws", machine_type="trn2.48xlarge", zones=("us-east-2a",))
    planned = cluster_on("aws", nodes, region="us-east-2")
    assert [entry.kind for entry in plan_environment(environment(planned)).clusters[0].manifests] == []
