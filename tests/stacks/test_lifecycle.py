"""The stacks of this repository from their first to their last resource."""

import re
import shlex

import pytest

from gpucloud.sim import control
from tests.stacks.house import GPUCLOUD

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-lifecycle")]


def changes(shown):
    """Return how many resources were created, updated, replaced, deleted and left."""
    summary = shown.rpartition("Resources:")[2]
    counts = re.findall(r"(\d+) (created|updated|replaced|deleted|unchanged)\b", summary)
    return {what: int(count) for count, what in counts}


def pool_of(document):
    return document["clusters"][0]["node_pools"][0]


def groups(house):
    """Return the id of each node group of the pool, by its logical name."""
    return {
        entry["urn"].rpartition("::")[2]: entry["id"]
        for entry in house.exported()
        if entry["type"] == "aws:eks/nodeGroup:NodeGroup" and "-t4-" in entry["urn"]
    }


def test_dev_is_previewed_built_kept_changed_replaced_and_removed(house):
    house.select("dev")
    assert re.search(r"\+ \d+ to create", house.pulumi("preview"))
    assert house.status().resources == {}

    made = changes(house.pulumi("up", "--skip-preview"))
    assert made.keys() == {"created"}
    house.assert_nothing_lost_or_doubled()
    assert changes(house.pulumi("up", "--expect-no-changes")).keys() == {"unchanged"}
    house.pulumi("refresh", "--expect-no-changes")
    first = groups(house)
    assert len(first) == 4

    # A pool that may grow further, with one more label: in place.
    house.describe(lambda document: pool_of(document)["size"].update(max=6))
    house.describe(lambda document: pool_of(document)["labels"].update(tier="gold"))
    shown = changes(house.pulumi("up", "--skip-preview"))
    assert shown == {"created": 4, "updated": 4, "unchanged": made["created"] - 4}
    assert groups(house) == first

    # The kubelet's configuration: a new version of each template, and the groups roll to it in place.
    house.describe(lambda document: pool_of(document).update(kubelet={"maxPods": 50}))
    shown = changes(house.pulumi("up", "--skip-preview"))
    assert shown["updated"] == 8
    assert shown.keys() == {"updated", "unchanged"}
    assert groups(house) == first
    versions = {
        entry["outputs"]["launchTemplate"]["version"]
        for entry in house.exported()
        if entry["urn"].rpartition("::")[2] in first and entry["type"] == "aws:eks/nodeGroup:NodeGroup"
    }
    assert versions == {"2"}

    # What an autoscaler did is left alone: the desired size in the document is for the first creation.
    house.describe(lambda document: pool_of(document)["size"].update(desired=2))
    assert changes(house.pulumi("up", "--skip-preview")).keys() <= {"unchanged", "updated"}
    assert groups(house) == first

    # Another machine: each group is replaced, the new one before the old one goes.
    house.describe(lambda document: pool_of(document).update(machine_type="g5.xlarge"))
    shown = changes(house.pulumi("up", "--skip-preview"))
    assert shown["replaced"] >= 4
    second = groups(house)
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())
    created, deleted = house.events("created"), house.events("deleted")
    for urn in {urn for urn in created if "NodeGroup::dev-gpu-t4" in urn}:
        assert (created.count(urn), deleted.count(urn)) == (2, 1)
    house.assert_nothing_lost_or_doubled()
    house.pulumi("up", "--expect-no-changes")

    house.pulumi("destroy", "--skip-preview")
    assert house.status().resources == {}
    deleted = house.events("deleted")
    system = next(place for place, urn in enumerate(deleted) if urn.endswith("NodeGroup::dev-gpu-system"))
    assert all(place < system for place, urn in enumerate(deleted) if "NodeGroup::dev-gpu-t4" in urn)
    assert all(place < system for place, urn in enumerate(deleted) if ":Release::" in urn)


@pytest.mark.parametrize(("stack", "nodes"), [("staging", 2), ("prod", 6)])
def test_the_stacks_of_a_real_account_build_the_same_way_in_the_local_cloud(house, stack, nodes):
    house.select(stack)
    house.set("gpucloud:target", "local")
    if stack == "prod":
        house.run(GPUCLOUD, "sim", "fault", "reservation", "cr-0123456789abcdef0", "p5.48xlarge", "us-east-1a", "4")
    house.pulumi("up", "--skip-preview")
    house.assert_nothing_lost_or_doubled()
    outputs = house.pulumi("stack", "output", "--json")
    assert sum(int(found) for found in re.findall(r'"nodes": (\d+)', outputs)) == nodes
    house.pulumi("up", "--expect-no-changes")
    house.pulumi("destroy", "--skip-preview")
    assert house.status().resources == {}


def test_prod_without_its_reservation_fails_by_name(house):
    house.select("prod")
    house.set("gpucloud:target", "local")
    shown = house.pulumi("up", "--skip-preview", fails=True)
    assert "cr-0123456789abcdef0" in shown
    assert "Traceback" not in shown
    house.assert_nothing_lost_or_doubled()
    control.add_reservation(house.local, "cr-0123456789abcdef0", "p5.48xlarge", "us-east-1a", 4)
    house.pulumi("up", "--skip-preview")
    house.assert_nothing_lost_or_doubled()


def test_a_plain_up_works_in_a_shell_that_evaluated_the_environment(house):
    gpucloud = shlex.quote(GPUCLOUD)
    script = f"""
        set -eu
        {gpucloud} sim start
        eval "$({gpucloud} sim env)"
        pulumi stack select dev --create
        pulumi up --yes --skip-preview
        pulumi up --yes --expect-no-changes
        {gpucloud} sim status
        {gpucloud} sim stop
    """
    shown = house.run("bash", "-c", script)
    assert "This is a simulation" in shown
    assert "aws:eks/nodeGroup:NodeGroup" in shown
    assert house.status().running is False
