"""The real engine against the local cloud."""

import os
import re
import signal
import time

import pytest

from gpucloud.sim import control, session
from gpucloud.sim.status import read_status
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import pulumi
    import pulumi_aws as aws

    config = pulumi.Config()
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
        instance_types=[config.get("type") or "p5.48xlarge"],
        scaling_config={"min_size": 0, "desired_size": config.get_int("nodes") or 1, "max_size": 8},
    )
    pulumi.export("group", group.id)
"""
RESOURCES = 6  # without the stack itself


class Stack:
    """A project and the local cloud that it is sent to."""

    def __init__(self, tmp_path):
        self.root = tmp_path / ".local"
        self.project = PulumiProject(tmp_path)
        self.project.write("__main__.py", PROGRAM)
        self.attach()
        self.project.run("stack", "init", "dev")
        self.set("aws:region", "us-east-1")

    def attach(self):
        self.project.attach(self.root)

    def set(self, key, value):
        self.project.run("config", "set", key, str(value))

    def run(self, *arguments, **options):
        return self.project.run(*arguments, **options)

    def status(self):
        return read_status(self.root)


@pytest.fixture
def stack(tmp_path):
    made = Stack(tmp_path)
    yield made
    session.stop(made.root)


def test_up_no_op_change_replace_refresh_destroy(stack):
    assert f"{RESOURCES + 1} to create" in stack.run("preview")
    assert stack.status().resources == {}
    stack.run("up")
    first = stack.project.outputs()["group"]
    stack.run("up", "--expect-no-changes")
    stack.set("nodes", 2)
    assert re.search(r"~ 1 updated\s+6 unchanged", stack.run("up"))
    stack.set("type", "p5en.48xlarge")
    assert "+-1 replaced" in stack.run("up")
    assert stack.project.outputs()["group"] != first
    stack.run("refresh", "--expect-no-changes")
    stack.run("up", "--expect-no-changes")
    stack.run("destroy")
    assert stack.status().resources == {}


def test_a_stock_out_names_machine_type_and_zones_and_the_next_up_mends_it(stack):
    control.set_capacity(stack.root, "p5.48xlarge", "us-east-1a", 0)
    shown = stack.run("up", fails=True)
    assert "sufficient p5.48xlarge capacity in the Availability Zone you requested (us-east-1a)" in shown
    assert "choosing us-east-1b" in shown
    assert len(stack.status().failed) == 1
    control.clear_faults(stack.root)
    assert "+-1 replaced" in stack.run("up")
    stack.run("up", "--expect-no-changes")
    stack.run("destroy")
    assert stack.status().resources == {}


def test_a_failed_group_is_removed_by_destroy(stack):
    control.set_capacity(stack.root, "p5.48xlarge", "us-east-1a", 0)
    stack.run("up", fails=True)
    stack.run("destroy")
    assert stack.status().resources == {}


def test_some_throttling_is_survived(stack):
    control.throttle(stack.root, "Create*", 20)
    assert f"{RESOURCES + 1} created" in stack.run("up")


def test_what_the_api_refuses_is_refused_in_the_preview(stack):
    stack.set("type", "p5.49xlarge")
    assert "The following supplied instance types do not exist: [p5.49xlarge]" in stack.run("preview", fails=True)


def wait_for_half_done(stack):
    deadline = time.monotonic() + 120
    while not stack.status().creating and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [row["type"] for row in stack.status().creating] == ["aws:eks/nodeGroup:NodeGroup"]


def finish(stack):
    control.clear_faults(stack.root)
    stack.attach()
    stack.run("up")
    assert stack.status().creating == []
    assert sum(stack.status().resources.values()) == RESOURCES
    stack.run("up", "--expect-no-changes")
    stack.run("destroy")
    assert stack.status().resources == {}


def test_a_server_killed_in_the_middle_is_finished_by_the_next_up(stack):
    control.delay(stack.root, "CreateNodegroup", 120)
    with stack.project.start("up", "--yes", "--skip-preview") as running:
        wait_for_half_done(stack)
        os.kill(session.find(stack.root).pid, signal.SIGKILL)
        running.communicate(timeout=120)
    assert running.returncode != 0
    finish(stack)


def test_an_engine_killed_in_the_middle_is_finished_by_the_next_up(stack):
    control.delay(stack.root, "CreateNodegroup", 120)
    with stack.project.start("up", "--yes", "--skip-preview") as running:
        wait_for_half_done(stack)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=120)
    for path in stack.project.locks():
        path.unlink()
    finish(stack)
