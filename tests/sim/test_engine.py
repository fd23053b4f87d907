"""The real engine against the local cloud."""

import os
import signal
import threading
import time

import pytest
from pulumi import automation

from gpucloud.sim import control, session
from gpucloud.sim.status import read_status
from tests.engine_environment import pulumi_directory

# The SDK warns of its own deprecated classes when one of its services is imported.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:aws.*has been deprecated:DeprecationWarning")]


def declare(settings):
    import pulumi
    import pulumi_aws as aws

    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(z, vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=f"us-east-1{z}")
        for i, z in enumerate("ab")
    ]
    role = aws.iam.Role("nodes", assume_role_policy="{}")
    cluster = aws.eks.Cluster("train", role_arn=role.arn, vpc_config={"subnet_ids": [subnet.id for subnet in subnets]})
    group = aws.eks.NodeGroup(
        "pool",
        cluster_name=cluster.name,
        node_role_arn=role.arn,
        subnet_ids=[subnets[0].id],
        instance_types=[settings.get("machine_type", "p5.48xlarge")],
        scaling_config={"min_size": 0, "desired_size": settings.get("nodes", 1), "max_size": 8},
    )
    pulumi.export("group", group.id)


RESOURCES = 6  # with the cluster and the group, without the stack itself


@pytest.fixture
def stack(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join((str(pulumi_directory()), os.environ["PATH"])))
    root = tmp_path / ".local"
    session.start(root)
    environment = session.env(root)
    settings: dict = {}
    options = automation.LocalWorkspaceOptions(env_vars=environment)
    made = automation.create_or_select_stack("dev", "probe", lambda: declare(settings), opts=options)
    made.set_config("aws:region", automation.ConfigValue("us-east-1"))
    yield made, settings, root
    session.stop(root)


def test_up_no_op_change_replace_refresh_destroy(stack):
    made, settings, root = stack
    assert made.preview().change_summary == {"create": RESOURCES + 1}
    first = made.up().outputs["group"].value
    made.up(expect_no_changes=True)
    settings["nodes"] = 2
    assert made.up().summary.resource_changes == {"same": RESOURCES, "update": 1}
    settings["machine_type"] = "p5en.48xlarge"
    result = made.up()
    assert result.summary.resource_changes == {"same": RESOURCES, "replace": 1}
    assert result.outputs["group"].value != first
    made.refresh(expect_no_changes=True)
    made.up(expect_no_changes=True)
    made.destroy()
    assert read_status(root).resources == {}


def test_a_stock_out_is_told_with_machine_type_and_zones_and_mended_by_the_next_up(stack):
    made, settings, root = stack
    settings["nodes"] = 2
    control.set_capacity(root, "p5.48xlarge", "us-east-1a", 0)
    with pytest.raises(automation.CommandError) as failure:
        made.up()
    text = str(failure.value)
    assert "sufficient p5.48xlarge capacity in the Availability Zone you requested (us-east-1a)" in text
    assert "choosing us-east-1b" in text
    assert len(read_status(root).failed) == 1
    control.clear_faults(root)
    assert made.up().summary.resource_changes == {"same": RESOURCES, "replace": 1}
    made.destroy()
    assert read_status(root).resources == {}


def test_throttling_is_survived(stack):
    made, _, root = stack
    control.throttle(root, "Create*", 20)
    assert made.up().summary.resource_changes == {"create": RESOURCES + 1}


def test_a_server_killed_in_the_middle_is_finished_by_the_next_up(stack):
    made, _, root = stack
    control.delay(root, "CreateNodegroup", 60)
    outcome = []

    def run():
        try:
            made.up()
        except automation.CommandError as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 60
    while not read_status(root).creating and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [row["type"] for row in read_status(root).creating] == ["aws:eks/nodeGroup:NodeGroup"]
    os.kill(session.find(root).pid, signal.SIGKILL)
    thread.join()
    assert outcome

    control.clear_faults(root)
    session.start(root)
    made.workspace.env_vars["PULUMI_DEBUG_PROVIDERS"] = session.env(root)["PULUMI_DEBUG_PROVIDERS"]
    made.up()
    assert read_status(root).creating == []
    assert sum(read_status(root).resources.values()) == RESOURCES
    made.up(expect_no_changes=True)
    made.destroy()
    assert read_status(root).resources == {}
