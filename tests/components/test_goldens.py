"""Everything that each scenario of tests/golden declares."""

import functools

import pytest

from gpucloud import GpuEnvironment
from gpucloud.plan import plan_document
from gpucloud.spec.loading import read_document
from tests.components.gcp_outputs import reservation
from tests.components.recorder import record
from tests.golden_files import SCENARIOS, check_golden, scenarios

# The reservation that gcp-a3-mega-tcpxo names.
ANSWERS = reservation("a3-megagpu-8g", "nvidia-h100-mega-80gb", 8)


@functools.cache
def declared(scenario, *, preview=False):
    plan = plan_document(read_document(str(SCENARIOS / scenario / "spec.yaml")))
    return record(lambda: GpuEnvironment(plan.name, plan) and None, preview=preview, answers=ANSWERS)


@pytest.mark.parametrize("scenario", scenarios())
def test_the_resources_of_the_scenario_are_its_golden(scenario):
    check_golden(SCENARIOS / scenario / "resources.json", declared(scenario).to_json())


@pytest.mark.parametrize("scenario", scenarios())
def test_a_preview_declares_the_same_resources_as_the_update(scenario):
    assert sorted(declared(scenario, preview=True).resources) == sorted(declared(scenario).resources)
