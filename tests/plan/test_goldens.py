"""The whole plan of every scenario of tests/golden."""

import pytest

from gpucloud.plan import plan_document, plan_to_json
from gpucloud.spec.loading import read_document
from tests.golden_files import SCENARIOS, check_golden, scenarios


@pytest.mark.parametrize("scenario", scenarios())
def test_the_plan_of_the_scenario_is_its_golden(scenario):
    plan = plan_document(read_document(str(SCENARIOS / scenario / "spec.yaml")))
    check_golden(SCENARIOS / scenario / "plan.json", plan_to_json(plan))


def test_there_are_scenarios_and_each_says_why_it_is_here():
    assert len(scenarios()) >= 8
    for scenario in scenarios():
        assert (SCENARIOS / scenario / "spec.yaml").read_text().startswith("# "), scenario
