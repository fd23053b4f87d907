"""The gate as a component: what it declares, what it waits for, what it says when it closes."""

import pulumi
import pulumi_kubernetes as k8s
import pytest

from gpucloud import EnvironmentSpec, GateSpec, GpuEnvironment, GpuStack, GpuStackSpec, StackGate
from gpucloud.components.stack_gate import explanation
from gpucloud.plan.gate import plan_gate
from gpucloud.spec.loading import read_document
from tests.components.recorder import record
from tests.golden_files import SCENARIOS
from tests.plan.pools import pool_plan

DOCUMENT = SCENARIOS / "gate-of-three-ways-to-share" / "spec.yaml"
JOB, TEMPLATE = "kubernetes:batch/v1:Job", "kubernetes:resource.k8s.io/v1:ResourceClaimTemplate"
ONE = {"desired": 1, "max": 1}


def _environment() -> EnvironmentSpec:
    return EnvironmentSpec.model_validate(read_document(str(DOCUMENT)))


def test_it_comes_after_everything_that_the_stack_declares() -> None:
    found = record(lambda: GpuEnvironment("gated", _environment()) and None)
    stack = found.children_of(found.resources["gpucloud:index:GpuStack::gated-rocm"])
    job = found.resources[f"{JOB}::gated-rocm-mi300x"]
    assert {entry.key for entry in stack if entry.custom} <= set(job.dependencies)
    assert any("AgentPool" in key for key in job.dependencies)
    assert found.resources[f"{JOB}::gated-claims-h100"].dependencies.count(f"{TEMPLATE}::gated-claims-h100") == 1


def test_an_environment_without_it_has_none() -> None:
    spec = EnvironmentSpec.model_validate(read_document(str(SCENARIOS / "small-spot-pool" / "spec.yaml")))
    found = record(lambda: GpuEnvironment("plain", spec) and None)
    assert not [key for key in found.resources if key.startswith(("gpucloud:index:StackGate", JOB))]


def test_alone_it_takes_pools_and_what_comes_after_waits_for_its_jobs() -> None:
    def program() -> None:
        gate = StackGate("it", [pool_plan(size=ONE)], GateSpec(deadline_seconds=60))
        after = pulumi.ResourceOptions(depends_on=list(gate.jobs.values()))
        k8s.core.v1.ConfigMap("after", k8s.core.v1.ConfigMapInitArgs(), opts=after)

    found = record(program)
    assert found.resources["kubernetes:core/v1:ConfigMap::after"].dependencies == (f"{JOB}::it-gpu",)
    assert found.outputs["gpucloud:index:StackGate::it"] == {"checked": ["gpu"], "passed": True, "skipped": {}}


def test_a_stack_by_itself_has_the_gate_that_its_spec_asks_for() -> None:
    pools = [pool_plan(size=ONE)]
    found = record(lambda: GpuStack("it", GpuStackSpec(gate=True, pull_secret="nvcr"), pools) and None)
    job = found.resources[f"{JOB}::it-gpu"]
    assert "kubernetes:helm.sh/v3:Release::it-gpu-operator" in job.dependencies
    assert job.inputs["spec"]["template"]["spec"]["imagePullSecrets"] == [{"name": "nvcr"}]
    with pytest.raises(pulumi.RunError, match="looks at no pool"):
        record(lambda: GpuStack("it", GpuStackSpec(gate=True), [pool_plan()]) and None)
    assert JOB not in str(record(lambda: GpuStack("it", GpuStackSpec(), pools) and None).resources.keys())


def test_what_it_skips_is_in_its_outputs() -> None:
    pools = [pool_plan(size=ONE), pool_plan(name="later")]
    found = record(lambda: StackGate("it", pools, GateSpec(allow_skipped=True)) and None)
    assert found.outputs["gpucloud:index:StackGate::it"]["skipped"] == {"later": "the pool starts at zero nodes"}


def test_it_refuses_pools_that_it_cannot_see_before_it_declares_anything() -> None:
    with pytest.raises(pulumi.RunError, match=r"it:\ngate: cannot look at pool later \(the pool starts at zero nodes"):
        record(lambda: StackGate("it", [pool_plan(size=ONE), pool_plan(name="later")]) and None)


def test_jobs_are_made_anew_after_a_failure_and_are_explained() -> None:
    found = record(lambda: StackGate("it", [pool_plan(size=ONE)]) and None)
    job = found.resources[f"{JOB}::it-gpu"]
    assert job.error_hooks == ("it-gate",)
    assert job.inputs["metadata"]["annotations"] == {"pulumi.com/replaceUnready": "true"}
    assert job.inputs["metadata"]["namespace"] == "gpucloud-gate"


def test_it_says_in_one_line_which_pool_and_what_to_do() -> None:
    plan = plan_gate(GateSpec(deadline_seconds=90), [pool_plan(size=ONE, name="h100")])
    (check,) = plan.checks
    said = "[Pod gate-x]: container failed[Error] gate: pool h100: 7 devices, planned 8; look at dmesg\n* [Backoff"
    assert explanation(check, plan, ["other", said]) == (
        "the gate is closed: pool h100: 7 devices, planned 8; look at dmesg"
    )
    late = explanation(check, plan, ["Job was active longer than specified deadline"])
    assert late.startswith("the gate is closed: pool h100: no node gave a pod all that it asks for within 90 s; look")
    assert f"job-name={check.name}" in late
    other = explanation(check, plan, ["admission webhook denied"])
    assert other.startswith("the gate is closed: pool h100: its Job did not complete")
    assert "\n" not in late + other
