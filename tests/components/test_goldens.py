"""Everything that each scenario of tests/golden declares."""

import functools

import pytest

from gpucloud import GpuEnvironment
from gpucloud.plan import plan_document
from gpucloud.spec.loading import read_document
from tests.components.recorder import record
from tests.golden_files import SCENARIOS, check_golden, scenarios


@functools.cache
def declared(scenario, *, preview=False):
    plan = plan_document(read_document(str(SCENARIOS / scenario / "spec.yaml")))
    return record(lambda: GpuEnvironment(plan.name, plan) and None, preview=preview)


@pytest.mark.parametrize("scenario", scenarios())
def test_the_resources_of_the_scenario_are_its_golden(scenario):
    check_golden(SCENARIOS / scenario / "resources.json", declared(scenario).to_json())


@pytest.mark.parametrize("scenario", scenarios())
def test_a_preview_declares_the_same_resources_as_the_update(scenario):
    assert sorted(declared(scenario, preview=True).resources) == sorted(declared(scenario).resources)
