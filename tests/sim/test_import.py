"""Resources that are there already: taken over by import, read by `get`, through the real engine."""

import json

import pytest

from gpucloud.sim import session
from tests.engine_environment import PulumiProject
from tests.sim.test_engine import Stack

pytestmark = pytest.mark.engine

OWNER = """
    import pulumi
    import pulumi_aws as aws

    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"team": "network"})
    subnet = aws.ec2.Subnet("a", vpc_id=vpc.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
    role = aws.iam.Role("nodes", assume_role_policy="{}")
    pulumi.export("vpc", vpc.id)
    pulumi.export("subnet", subnet.id)
    pulumi.export("role", role.name)
"""
# Takes the subnet over with an option, reads the VPC, and adds something of its own to both.
USER = """
    import pulumi
    import pulumi_aws as aws

    ids = pulumi.Config().require_object("ids")
    vpc = aws.ec2.Vpc.get("vpc", ids["vpc"])
    subnet = aws.ec2.Subnet(
        "mine",
        vpc_id=ids["vpc"],
        cidr_block="10.0.0.0/24",
        availability_zone="us-east-1a",
        map_public_ip_on_launch=pulumi.Config().get_bool("public"),
        opts=pulumi.ResourceOptions(import_=ids["subnet"]),
    )
    own = aws.ec2.Subnet("own", vpc_id=vpc.id, cidr_block="10.0.1.0/24", availability_zone="us-east-1b")
    pulumi.export("block", vpc.cidr_block)
    pulumi.export("tags", vpc.tags)
    pulumi.export("subnet", subnet.id)
"""


@pytest.fixture
def stack(tmp_path):
    made = Stack(tmp_path)
    made.project.write("__main__.py", OWNER)
    yield made
    session.stop(made.root)


def test_what_is_there_is_imported_and_read_and_nothing_else_is_taken(stack, tmp_path):
    stack.run("up")
    ids = stack.project.outputs()
    (tmp_path / "second").mkdir()
    user = PulumiProject(tmp_path / "second", name="user")
    user.environment["PULUMI_DEBUG_PROVIDERS"] = stack.project.environment["PULUMI_DEBUG_PROVIDERS"]
    user.write("__main__.py", USER)
    user.run("stack", "init", "dev")
    user.run("config", "set", "aws:region", "us-east-1")

    user.run("config", "set", "ids", json.dumps({**ids, "subnet": "subnet-00000000000000000"}))
    assert "subnet-00000000000000000" in user.run("up", fails=True)
    user.run("config", "set", "ids", json.dumps(ids))
    user.run("config", "set", "public", "true")
    assert "mine update [diff: +mapPublicIpOnLaunch]" in user.run("preview")
    user.run("config", "rm", "public")

    shown = user.run("up")
    assert "= 1 imported" in shown
    assert "updated" not in shown
    assert user.outputs() == {"block": "10.0.0.0/16", "tags": {"team": "network"}, "subnet": ids["subnet"]}
    user.run("up", "--expect-no-changes")
    assert stack.status().resources["aws:ec2/subnet:Subnet"] == 2

    command = ("import", "aws:iam/role:Role", "found", ids["role"], "--protect=false", "--yes")
    assert "`pulumi import` needs --generate-code=false" in user.run(*command, fails=True)
    user.run("state", "delete", "urn:pulumi:dev::user::aws:iam/role:Role::found", "--yes")
    user.run(*command, "--generate-code=false")
    assert "aws:iam/role:Role" in user.resource_types()

    # Only what was imported is its own: the VPC that it read stays.
    user.run("destroy")
    assert stack.status().resources == {"aws:ec2/vpc:Vpc": 1}
