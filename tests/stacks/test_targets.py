"""A stack meets only what it is made for, and says in one line why it does not run; bad documents are refused whole."""

import pytest

from tests.stacks.house import diagnostics

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-targets")]


def problem_lines(shown):
    """Return the lines that say what is wrong, without the names of resources above them."""
    assert "Traceback" not in shown
    lines = [
        line.strip().removeprefix("error: ") for line in diagnostics(shown).partition("Resources:")[0].splitlines()
    ]
    return [line for line in lines if line and not line.startswith("pulumi:pulumi:Stack")]


def assert_nothing_was_made(house):
    assert house.status().resources == {}
    assert [entry["type"] for entry in house.exported() if entry["type"] != "pulumi:pulumi:Stack"] == []


def detached(house):
    """Return the attached environment without what attaches it: the same state, and a real account would answer."""
    kept = house.attached()
    return {name: value for name, value in kept.items() if name not in {"GPUCLOUD_SIM", "PULUMI_DEBUG_PROVIDERS"}}


def test_a_local_stack_never_reaches_a_real_account(house):
    house.select("dev")
    for missing in ({"GPUCLOUD_SIM"}, {"GPUCLOUD_SIM", "PULUMI_DEBUG_PROVIDERS"}):
        environment = {name: value for name, value in house.attached().items() if name not in missing}
        (line,) = problem_lines(house.pulumi("up", "--skip-preview", environment=environment, fails=True))
        assert line == (
            "stack dev is for the local cloud, and a real account would answer; "
            "run it as `gpucloud sim run -- pulumi up --stack dev`"
        )
    assert_nothing_was_made(house)


def test_a_stack_of_a_real_account_never_meets_the_local_cloud(house):
    house.select("prod")
    (line,) = problem_lines(house.pulumi("up", "--skip-preview", fails=True))
    assert line == (
        "stack prod is for a real account, and the local cloud would answer; "
        "run it in a shell without GPUCLOUD_SIM and PULUMI_DEBUG_PROVIDERS"
    )
    assert_nothing_was_made(house)


@pytest.mark.parametrize(("value", "said"), [(None, "is not set"), ("aws", "is 'aws'")])
def test_a_stack_without_a_target_says_how_to_set_one(house, value, said):
    house.select("dev")
    if value is None:
        house.pulumi("config", "rm", "gpucloud:target")
    else:
        house.set("gpucloud:target", value)
    (line,) = problem_lines(house.pulumi("preview", fails=True))
    assert line.startswith(f"gpucloud:target: {said}")
    assert "pulumi config set gpucloud:target local --stack dev" in line
    assert_nothing_was_made(house)


def test_a_bad_environment_shows_all_its_problems_at_once(house):
    def spoil(document):
        pool = document["clusters"][0]["node_pools"][0]
        pool |= {"machine_type": "g4dn.xlagre", "zones": ["us-west-2a", "us-east-1a"], "fabrik": "efa"}
        pool["size"] = {"min": 3, "desired": 1, "max": 2}

    house.select("dev")
    house.describe(spoil)
    lines = problem_lines(house.pulumi("preview", fails=True))
    for path, hint in (
        ("machine_type", "g4dn.xlarge"),
        ("zones[1]", "us-east-1a"),
        ("fabrik", "fabric"),
        ("size", "min 3"),
    ):
        (found,) = [line for line in lines if f"node_pools[t4].{path}:" in line]
        assert hint in found
    assert_nothing_was_made(house)


@pytest.mark.parametrize("value", ["missing.yaml", "no.such.module:thing"])
def test_an_environment_that_is_not_there_is_named(house, value):
    house.select("dev")
    house.set("gpucloud:environment", value)
    lines = problem_lines(house.pulumi("preview", fails=True))
    assert any(value.partition(":")[0] in line for line in lines)
    assert len(lines) == 1
